"""8x8's JaaS as a provider: rooms are names, who gets in has a token."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms.jaas import tokens as jaas
from werkraum_rooms.jaas.tokens import JaasServer
from werkraum_rooms.jitsi.look import look_at_page
from werkraum_rooms.participants import Participant
from werkraum_rooms.servers.certificates import way_there
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

# Seconds: a person stands before the door and waits for it.
PATIENCE = 1.5
# For a look beforehand, when nobody waits.
LOOK_PATIENCE = 4.0


class JaasProvider:
    """Our tenant at 8x8, as the settings describe it."""

    kind = "jaas"

    def __init__(self, given: RoomServer) -> None:
        self.key = given.key
        self.name = given.name
        self.server = JaasServer(
            given.url, given.app_id, given.key_id, given.private_key
        )
        self.calls = ProviderCalls(given.url)
        self._told = bool(given.api_tokens)
        self._health = KeptHealth(self._look)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It can be asked for nothing; with webhooks it tells who comes and goes."""
        told = {Capability.NEWS} if self._told else set()
        always = {Capability.FRAME, Capability.CHAT, Capability.SHARE}
        return frozenset(always | told)

    @property
    def public_keys(self) -> Mapping[str, str]:
        """None to fetch: 8x8 was given the public half in its console."""
        return {}

    async def ensure(self, room: RoomSpec, *, now: datetime) -> None:
        """Nothing to do: a room comes to be when the first person is let in."""

    async def way_in(self, room: RoomSpec, who: Participant, *, now: datetime) -> WayIn:
        token = jaas.mint(
            self.server,
            room=room.slug,
            participant=who,
            opening=room.opening,
            now=now,
        )
        url = jaas.link(
            self.server,
            room=room.slug,
            token=token,
            subject=room.title,
            language=room.language,
        )
        return WayIn(url, self.server.url)

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
        """Go the way of a browser; whether it takes our token only that one learns."""
        there, goes_on = await way_there(self.server.url, now=now)
        if not goes_on:
            return there
        calls = ProviderCalls(self.server.url)
        try:
            page = await self._page(calls, patience=LOOK_PATIENCE)
        finally:
            await calls.close()
        return [
            *there,
            Finding("page", page.well, page.code),
            Finding("token", None, "hosted"),
        ]

    async def close(self) -> None:
        await self.calls.close()

    async def _look(self) -> Health:
        return await self._page(self.calls, patience=PATIENCE)

    async def _page(self, calls: ProviderCalls, *, patience: float) -> Health:
        return await look_at_page(
            calls, patience=patience, path=f"/{self.server.app_id}"
        )
