"""What every provider of video rooms can do, and what only some can.

Fact sheet of the rooms, 13.1: the same verbs for Jitsi, JaaS, BigBlueButton and a
plain link; errors are those of `provider_errors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from werkraum_rooms.participants import May, Participant
from werkraum_rooms.rules import Opening


class Capability(StrEnum):
    """What not every provider can do; the desk offers only what is there."""

    FRAME = "frame"
    LOBBY = "lobby"
    LIMIT = "limit"
    # Whether attendees may write in the chat; share their screen and start polls.
    CHAT = "chat"
    SHARE = "share"
    # A room is made over there before each way in, so nobody enters a server that
    # is down; elsewhere a link can be made all the same.
    CREATE = "create"
    COUNT = "count"
    END = "end"
    REMOVE = "remove"
    RESERVATIONS = "reservations"
    NEWS = "news"


@dataclass(frozen=True)
class RoomSpec:
    """A room as its provider needs to know it. `title` is in the reader's language."""

    id: UUID
    slug: str
    title: str
    language: str
    opening: Opening
    lobby: bool = False
    recorded: bool = False
    may: frozenset[May] = frozenset({May.CHAT, May.SHARE})
    most_people: int | None = None
    # The event's own link, where somebody has written one down.
    link: str = field(default="", repr=False)


@dataclass(frozen=True)
class WayIn:
    """A link into a room, with this person's right in it: for their page only.

    `frame` is the origin that may stand in a frame of ours; None opens in a tab.
    `ill` is what we found wrong with the server (`Health.code`): the link may work
    from the person's browser all the same.
    """

    url: str = field(repr=False)
    frame: str | None
    ill: str = ""


@dataclass(frozen=True)
class Health:
    """Whether people would get in right now, as far as can be seen from here.

    `code` says what is the matter where it is not well (see `provider_errors`).
    """

    well: bool
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `check` what, `why` a code where it is not well.

    `well` is None where it cannot be told from here; `values` fill the words.
    """

    check: str
    well: bool | None
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class RoomProvider(Protocol):
    """One room server of the installation."""

    @property
    def key(self) -> str:
        """What rooms keep to say where they are; fixed once rooms exist."""

    @property
    def kind(self) -> str:
        """`jitsi`, `jaas`, `bbb` or `link`."""

    @property
    def name(self) -> str:
        """What the desk calls it."""

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    @property
    def public_keys(self) -> Mapping[str, str]:
        """The files in which the server looks up what we sign with: PEM by name."""

    async def ensure(self, room: RoomSpec, *, now: datetime) -> None:
        """Have the room there; harmless as often as it is called.

        Nothing to do where a room is only a name (Jitsi).
        """

    async def way_in(self, room: RoomSpec, who: Participant, *, now: datetime) -> WayIn:
        """Make the link that leads this person into the room, from now on.

        Raises `TooEarly` and `TooLate` outside the opening, and `ProviderError`.
        """

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        """Say how many are in each of these rooms; 0 where nobody is."""

    async def end(self, slug: str) -> bool:
        """Close the room for all who are in it; False where nobody was."""

    async def remove(self, slug: str, address: str) -> bool:
        """Ask one device to leave (`RoomStay.address`); False if it has left."""

    async def health(self) -> Health:
        """Look whether it is up, within two seconds; never raises."""

    async def probe(self, room: RoomSpec, *, now: datetime) -> Sequence[Finding]:
        """Look at all that has to work for people to get in; never raises."""

    async def close(self) -> None:
        """Let go of connections."""
