"""Questions about rooms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Session
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.models import BreakoutPlan, BreakoutTable, Room, TablePlace
from werkraum_rooms.participants import Role
from werkraum_rooms.rules import Opening, Times, opening_of

# A room as `r` with its event `e`, and when it is needed: the same as
# `PlacedRoom.times`, for those who ask for many or must not ask twice.
WITH_TIMES = (
    "room r JOIN event e ON e.id = r.event_id"
    " LEFT JOIN session s ON s.id = r.session_id"
    " LEFT JOIN breakout_plan p ON r.table_id IS NOT NULL AND p.event_id = r.event_id"
    " AND p.starts_at IS NOT NULL AND p.ends_at IS NOT NULL"
)
STARTS_AT = "coalesce(r.starts_at, s.starts_at, p.starts_at, e.starts_at)"
ENDS_AT = "coalesce(r.ends_at, s.ends_at, p.ends_at, e.ends_at)"


@dataclass(frozen=True)
class PlacedRoom:
    """A room with what it belongs to: its event, and a session or table of it."""

    room: Room
    event: Event
    session: Session | None = None
    table: BreakoutTable | None = None
    plan: BreakoutPlan | None = None
    # Where none of them says what the room is called.
    called: Texts | None = None

    @property
    def title(self) -> Texts:
        """What the room is called, in every language it was written in."""
        return self.called or (self.table or self.session or self.event).title

    @property
    def times(self) -> Times:
        """When it is needed: its own times, those of its session, table or event."""
        if self.room.starts_at and self.room.ends_at:
            return Times(self.room.starts_at, self.room.ends_at)
        if self.session:
            return Times(self.session.starts_at, self.session.ends_at)
        if self.table and self.plan and self.plan.starts_at and self.plan.ends_at:
            return Times(self.plan.starts_at, self.plan.ends_at)
        return Times(self.event.starts_at, self.event.ends_at)

    def opening(self, role: Role) -> Opening:
        return opening_of(self.times, self.room, role)


async def room_of(event_id: UUID) -> Room | None:
    """Find the room in which all of an event come together."""
    return await Room.get_or_none(belongs_to=f"event:{event_id}")


async def opening_for(event: Event, role: Role) -> Opening:
    """Say when the event's door is open for somebody in this role; one query."""
    return opening_of(event, await room_of(event.id), role)


async def rooms_of(event: Event) -> list[PlacedRoom]:
    """List the rooms of an event: of all, of sessions, of tables.

    One query; another where sessions have rooms, two more where tables have.

    The main room first, then by time and by the order of the tables. Talks of two
    are nobody else's business.
    """
    found = await Room.filter(event_id=event.id).exclude(belongs_to__startswith="talk:")
    sessions, tables, plan = {}, {}, None
    if any(room.session_id for room in found):
        sessions = {it.id: it for it in await Session.filter(event_id=event.id)}
    if any(room.table_id for room in found):
        tables = {it.id: it for it in await BreakoutTable.filter(event_id=event.id)}
        plan = await BreakoutPlan.get_or_none(event_id=event.id)
    placed = [
        PlacedRoom(
            room,
            event,
            sessions.get(room.session_id) if room.session_id else None,
            tables.get(room.table_id) if room.table_id else None,
            plan,
        )
        for room in found
    ]
    return sorted(placed, key=_order)


async def table_of(registration_id: UUID) -> UUID | None:
    """Say at which table somebody sits."""
    place = await TablePlace.get_or_none(registration_id=registration_id)
    return place.table_id if place else None


async def placed_room(room_id: UUID) -> PlacedRoom | None:
    """Find one room with all it belongs to."""
    room = await Room.get_or_none(id=room_id).prefetch_related(
        "event__organiser", "session", "table"
    )
    if room is None:
        return None
    plan = (
        await BreakoutPlan.get_or_none(event_id=room.event_id)
        if room.table_id
        else None
    )
    return PlacedRoom(room, room.event, room.session, room.table, plan)


async def room_at(event: Event, room_id: UUID) -> PlacedRoom:
    """Find a room of an event, or raise `NotFound`; a talk of two is nobody's."""
    placed = await placed_room(room_id)
    if placed is None or placed.event.id != event.id:
        raise NotFound
    if placed.room.belongs_to.startswith("talk:"):
        raise NotFound
    return placed


def _order(placed: PlacedRoom) -> tuple[int, datetime, int]:
    kind = 2 if placed.table else 1 if placed.session else 0
    return kind, placed.times.starts_at, placed.table.position if placed.table else 0
