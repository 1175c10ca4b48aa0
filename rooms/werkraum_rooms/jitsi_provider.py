"""A Jitsi Meet server as a provider: rooms are names, who gets in has a token."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms import jitsi
from werkraum_rooms.jitsi import JitsiServer, frame_origin
from werkraum_rooms.kept_health import KeptHealth
from werkraum_rooms.participants import Participant
from werkraum_rooms.provider_calls import ProviderCalls, must_be_fine
from werkraum_rooms.provider_errors import CapabilityUnsupported, ProviderError
from werkraum_rooms.providers import (
    Capability,
    Finding,
    Health,
    RoomSpec,
    WayIn,
)

# Seconds: a person stands before the door and waits for it.
PATIENCE = 1.5


class JitsiProvider:
    """One Jitsi server of the settings."""

    kind = "jitsi"

    def __init__(self, given: RoomServer) -> None:
        self.key = given.key
        self.name = given.name
        self.server = JitsiServer(
            url=given.url,
            app_id=given.app_id,
            secret=given.app_secret.encode() or None,
            private_key=given.private_key or None,
            domain=given.domain or None,
        )
        self.public = ProviderCalls(frame_origin(self.server))
        self._health = KeptHealth(self._look)

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {
                Capability.FRAME,
                Capability.LOBBY,
                Capability.LIMIT,
                Capability.RESERVATIONS,
                Capability.NEWS,
            }
        )

    @property
    def public_keys(self) -> Mapping[str, str]:
        file = jitsi.public_key_file(self.server)
        return {file[0]: file[1]} if file else {}

    async def ensure(self, room: RoomSpec, *, now: datetime) -> None:
        """Nothing to do: a room comes to be when the first person is let in."""

    async def way_in(self, room: RoomSpec, who: Participant, *, now: datetime) -> WayIn:
        token = jitsi.mint(
            self.server,
            room=room.slug,
            participant=who,
            opening=room.opening,
            now=now,
        )
        url = jitsi.link(
            self.server,
            room=room.slug,
            token=token,
            subject=room.title,
            language=room.language,
        )
        return WayIn(url, frame_origin(self.server))

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        raise CapabilityUnsupported

    async def end(self, slug: str) -> bool:
        raise CapabilityUnsupported

    async def remove(self, slug: str, address: str) -> bool:
        raise CapabilityUnsupported

    async def health(self) -> Health:
        """Fetch what every browser fetches first; the answer is kept for a while."""
        return await self._health.now()

    async def probe(self, room: RoomSpec, *, now: datetime) -> Sequence[Finding]:
        health = await self.health()
        return [Finding("page", health.well, health.code)]

    async def close(self) -> None:
        await self.public.close()

    async def _look(self) -> Health:
        try:
            answer = must_be_fine(
                await self.public.get("/external_api.js", patience=PATIENCE, tries=1)
            )
        except ProviderError as trouble:
            return Health(False, trouble.code, trouble.detail)
        # A login page or a parked domain answers 200, too.
        if b"JitsiMeetExternalAPI" not in answer.body:
            return Health(False, "unreadable", urlsplit(self.server.url).netloc)
        return Health(True)
