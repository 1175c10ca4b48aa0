"""A Jitsi Meet server as a provider: rooms are names, who gets in has a token."""

import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms.jitsi import tokens as jitsi
from werkraum_rooms.jitsi.look import JitsiLook, look_at_page
from werkraum_rooms.jitsi.prosody_calls import ProsodyCalls
from werkraum_rooms.jitsi.tokens import JitsiServer, frame_origin
from werkraum_rooms.participants import Participant
from werkraum_rooms.servers.kept_health import KeptHealth
from werkraum_rooms.servers.provider_calls import ProviderCalls
from werkraum_rooms.servers.provider_errors import CapabilityUnsupported
from werkraum_rooms.servers.providers import (
    Capability,
    Finding,
    Health,
    RoomSpec,
    WayIn,
)

if TYPE_CHECKING:
    from werkraum_rooms.jitsi.rsa_key import RsaKey

# What hangs on its asking before a room opens, and on its telling who comes.
_ASKING = {
    Capability.LOBBY,
    Capability.LIMIT,
    Capability.RESERVATIONS,
    Capability.NEWS,
}
# Seconds: a person stands before the door and waits for it.
PATIENCE = 1.5


class JitsiProvider:
    """One Jitsi server of the settings."""

    kind = "jitsi"

    def __init__(
        self, given: RoomServer, *, trusted: ssl.SSLContext | None = None
    ) -> None:
        self.key = given.key
        self.name = given.name
        self.server = JitsiServer(
            url=given.url,
            app_id=given.app_id,
            secret=given.app_secret.encode() or None,
            private_key=given.private_key or None,
            domain=given.domain or None,
        )
        self._system_pem = given.system_key
        # It shows one of these tokens when it asks and tells us something.
        self._asks = bool(given.api_tokens)
        self._trusted = trusted
        self.public = ProviderCalls(frame_origin(self.server), verify=trusted or True)
        self.inside = self._inside(given)
        self._health = KeptHealth(self._look)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Say what it can do; the inner port adds the last three.

        A lobby and a limit are a part of our yes, so they are there where it asks us.
        A person can be asked to leave, and a room be ended under our own key, only
        where people sign in by another key of ours (fact sheet of the rooms, 5.2).
        """
        found = {Capability.FRAME, Capability.CHAT, Capability.SHARE}
        if self._asks:
            found |= _ASKING
        if self.inside:
            found.add(Capability.COUNT)
        if self.inside and (self.server.secret or self.system_key):
            found.add(Capability.END)
        if self.inside and self.system_key:
            found.add(Capability.REMOVE)
        return frozenset(found)

    @property
    def public_keys(self) -> Mapping[str, str]:
        file = jitsi.public_key_file(self.server)
        return {file[0]: file[1]} if file else {}

    @property
    def system_keys(self) -> Mapping[str, str]:
        """Where it looks up what ends rooms; never among the keys that let in."""
        key = self.system_key
        return {key.file_name: key.public_pem} if key else {}

    @cached_property
    def system_key(self) -> "RsaKey | None":
        """The second key; it counts only beside a private key (5.2)."""
        if not (self._system_pem and self.server.private_key):
            return None
        from werkraum_rooms.jitsi.rsa_key import RsaKey

        return RsaKey(self._system_pem)

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
            frame_origin(self.server),
            room=room.slug,
            token=token,
            subject=room.title,
            language=room.language,
        )
        return WayIn(url, frame_origin(self.server))

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        return await self._with(Capability.COUNT).count(slugs)

    async def end(self, slug: str) -> bool:
        return await self._with(Capability.END).end(slug)

    async def remove(self, slug: str, address: str) -> bool:
        return await self._with(Capability.REMOVE).remove(slug, address)

    async def health(self) -> Health:
        """Fetch what every browser fetches first; the answer is kept for a while."""
        return await self._health.now()

    async def probe(self, room: RoomSpec, *, now: datetime) -> Sequence[Finding]:
        """Go the way of a browser up to the login; no room comes to be."""
        return await self.look().all(now=now)

    def look(self) -> JitsiLook:
        return JitsiLook(self.server, trusted=self._trusted)

    async def close(self) -> None:
        await self.public.close()
        if self.inside:
            await self.inside.close()

    def _inside(self, given: RoomServer) -> ProsodyCalls | None:
        if not given.internal_url:
            return None
        return ProsodyCalls(self.server, given.internal_url, self.system_key)

    def _with(self, capability: Capability) -> ProsodyCalls:
        if self.inside is None or capability not in self.capabilities:
            raise CapabilityUnsupported
        return self.inside

    async def _look(self) -> Health:
        return await look_at_page(self.public, patience=PATIENCE)
