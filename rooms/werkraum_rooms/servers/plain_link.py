"""The event's own link as a room: a meeting at a service that we only lead to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from werkraum_foundation.language import gettext
from werkraum_foundation.setting_rooms import OWN_LINK
from werkraum_rooms.participants import Participant
from werkraum_rooms.rules import must_be_open
from werkraum_rooms.servers.certificates import certificate_finding, name_finding
from werkraum_rooms.servers.provider_errors import (
    CapabilityUnsupported,
    ProviderRejected,
)
from werkraum_rooms.servers.providers import (
    Capability,
    Finding,
    Health,
    RoomSpec,
    WayIn,
)


class LinkProvider:
    """Leads to `RoomSpec.link`: no token, no role; our door is its only lock."""

    key = kind = OWN_LINK
    capabilities: frozenset[Capability] = frozenset()
    public_keys: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        return gettext("Link of the event")

    async def ensure(self, room: RoomSpec, *, now: datetime) -> None:
        """Nothing to do: whoever made the link made the room."""

    async def way_in(self, room: RoomSpec, who: Participant, *, now: datetime) -> WayIn:
        must_be_open(room.opening, now=now)
        if not room.link:
            raise ProviderRejected(code="no_link")
        return WayIn(room.link, None)

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        raise CapabilityUnsupported

    async def end(self, slug: str) -> bool:
        raise CapabilityUnsupported

    async def remove(self, slug: str, address: str) -> bool:
        raise CapabilityUnsupported

    async def health(self) -> Health:
        """Nothing can be told from here: the browser will see."""
        return Health(True)

    async def probe(self, room: RoomSpec, *, now: datetime) -> Sequence[Finding]:
        """Look whether the link leads to a server with a sound certificate."""
        if not room.link:
            return [Finding("link", False, "no_link")]
        name = await name_finding(room.link)
        if name.well is False:
            return [name]
        return [name, await certificate_finding(room.link, now=now)]

    async def close(self) -> None:
        """There is nothing to let go of."""


LINK = LinkProvider()
