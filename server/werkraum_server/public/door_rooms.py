"""Which rooms stand behind the door for one registration, and when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation.models import Texts
from werkraum_registration.chosen_sessions import seated_in
from werkraum_registration.models import Registration
from werkraum_rooms import queries
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.rules import Opening, Phase, Times, opening_of, phase
from werkraum_rooms.servers.providers import Capability
from werkraum_rooms.servers.room_servers import server_of
from werkraum_server.room_page import Note


@dataclass(frozen=True)
class Entrance:
    """A way into one room, for attendees.

    `placed` is None where the main room of an event still has to be made.
    """

    times: Times
    opening: Opening
    placed: PlacedRoom | None = None

    @property
    def is_main(self) -> bool:
        return self.placed is None or not (self.placed.session or self.placed.table)

    @property
    def is_table(self) -> bool:
        return self.placed is not None and self.placed.table is not None

    @property
    def room(self) -> str:
        """What a form says to mean this room; the main one need not be named."""
        return "" if self.is_main or not self.placed else str(self.placed.room.id)

    @property
    def title(self) -> Texts:
        return self.placed.title if self.placed else {}

    def notes(self, without_host: Collection[UUID] = ()) -> list[Note]:
        """Say what to expect in there; `without_host` are rooms nobody leads yet."""
        if self.placed is None:
            return []
        room = self.placed.room
        found = (
            (Note.NO_HOST, room.id in without_host),
            (Note.LOBBY, room.lobby and self.has(Capability.LOBBY)),
            (Note.RECORDED, room.recorded),
        )
        return [note for note, holds in found if holds]

    def has(self, capability: Capability) -> bool:
        """Whether the server where the room is, or will be, can do that."""
        server = server_of(self.placed.room if self.placed else None)
        return server is not None and capability in server.capabilities

    def answers_to(self, room: UUID | None) -> bool:
        """Whether a form that names this room, or none, means this one."""
        if room is None:
            return self.is_main
        return self.placed is not None and self.placed.room.id == room

    def phase(self, now: datetime) -> Phase:
        return phase(self.opening, now=now)

    def is_on(self, now: datetime) -> bool:
        """Whether what happens there happens now, not sooner or later."""
        return self.times.starts_at <= now < self.times.ends_at


async def entrances_for(
    registration: Registration, *, now: datetime
) -> tuple[Entrance, ...]:
    """List the rooms that are for somebody, what goes on now first.

    One query, and up to five more where an event has rooms for its sessions or
    tables; never one for each room.
    """
    event = registration.event
    placed = await queries.rooms_of(event)
    booked, table = frozenset[UUID](), None
    if any(it.session and it.session.bookable for it in placed):
        booked = await seated_in(registration.id)
    if any(it.table for it in placed):
        table = await queries.table_of(registration.id)
    found = [_entrance(it) for it in placed if _is_for(it, booked, table)]
    if not any(it.is_main for it in found):
        times = Times(event.starts_at, event.ends_at)
        found.append(Entrance(times, opening_of(times, None, Role.ATTENDEE)))
    return in_order(found, now=now)


def in_order(found: Iterable[Entrance], *, now: datetime) -> tuple[Entrance, ...]:
    """Put first what goes on in a smaller room right now, then the main room.

    What is only about to begin or just over follows, then what opens later.
    """

    def place(it: Entrance) -> tuple[int, datetime]:
        at = it.phase(now)
        if at is not Phase.OPEN:
            return (3 if at is Phase.EARLY else 4), it.opening.opens_at
        if it.is_main:
            return 1, it.opening.opens_at
        return (0 if it.is_on(now) else 2), it.opening.opens_at

    return tuple(sorted(found, key=place))


def _is_for(placed: PlacedRoom, booked: frozenset[UUID], table: UUID | None) -> bool:
    """Whether somebody online may enter: all of it, what they booked, their table."""
    if placed.session:
        return not placed.session.bookable or placed.session.id in booked
    if placed.table:
        return placed.table.id == table
    return True


def _entrance(placed: PlacedRoom) -> Entrance:
    opening = placed.opening(Role.ATTENDEE)
    if placed.table:
        # Before and after it everybody is in the main room.
        times = placed.times
        opening = Opening(times.starts_at, min(times.ends_at, opening.closes_at))
    return Entrance(placed.times, opening, placed)
