"""What happens with a room: an event gets one, somebody enters it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Session, Status
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import language, pick
from werkraum_foundation.tokens import keyed_hash
from werkraum_rooms import queries
from werkraum_rooms.models import BreakoutTable, Room
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import GRACE, LEAD, MINUTE, NoRoom, must_be_open
from werkraum_rooms.servers.in_time import in_time
from werkraum_rooms.servers.provider_errors import ProviderUnavailable
from werkraum_rooms.servers.providers import Capability, RoomProvider, RoomSpec, WayIn


@dataclass(frozen=True)
class Visitor:
    """Who enters: the id of a registration or a member, never shown, and the name.

    `noted` is the person's wish that it is noted that they were there.
    """

    id: UUID
    name: str
    role: Role
    noted: bool = False


@unit_of_work
async def provide(event_id: UUID, *, now: datetime) -> Room | None:
    """Give an online event its one room; the second time it is the same.

    None where there is nothing to enter: a draft, an event that is off or not
    online. A room stays with its event for life; its times are the event's own.
    """
    event = await Event.get_or_none(id=event_id)
    if event is None or not event.online or event.status is not Status.PUBLISHED:
        return None
    if room := await queries.room_of(event_id):
        return room
    return await _made(f"event:{event_id}", event_id, now=now)


@unit_of_work
async def provide_for_session(session: Session, *, now: datetime) -> Room:
    """Give a part of the programme a room of its own."""
    return await _made(
        f"session:{session.id}", session.event_id, now=now, session=session.id
    )


@unit_of_work
async def provide_for_table(table: BreakoutTable, *, now: datetime) -> Room:
    """Give a table its room."""
    return await _made(f"table:{table.id}", table.event_id, now=now, table=table.id)


@unit_of_work
async def provide_for_talk(
    contact_id: UUID,
    event_id: UUID,
    *,
    slug: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Room:
    """Have the room of two who talk at a time of their own; it moves with them."""
    room = await _made(f"talk:{contact_id}", event_id, now=now, slug=slug)
    room.slug, room.starts_at, room.ends_at = slug, starts_at, ends_at
    await room.save(update_fields=["slug", "starts_at", "ends_at"])
    return room


async def main_room(event: Event, *, now: datetime) -> PlacedRoom:
    """Find the room in which all of an event come together.

    An event published a moment ago may still wait for it. Raises `NoRoom`.
    """
    room = await provide(event.id, now=now)
    if room is None:
        raise NoRoom
    return PlacedRoom(room, event)


async def enter(
    server: RoomProvider, placed: PlacedRoom, visitor: Visitor, *, now: datetime
) -> WayIn:
    """Make the way into a room for this visitor, right now, within two seconds.

    It holds a token: for the visitor's own page only, never for a log or a row.
    Raises `TooEarly` and `TooLate`, and `ProviderError` where there is no way without
    the server; else `WayIn.ill` says that it does not answer us. Who was put out of
    the room is for the caller to refuse: there are ways in without a server, too.
    """
    room, spec = placed.room, spec_of(placed, visitor.role)
    must_be_open(spec.opening, now=now)
    who = Participant(
        pseudonym(room.id, visitor.id),
        visitor.name,
        visitor.role,
        may=room.may,
        recorded=room.recorded,
    )
    if Capability.CREATE in server.capabilities:
        way = await in_time(_way_once_made(server, spec, who, now=now))
    else:
        way = await _way_at_once(server, spec, who, now=now)
    await _note(room.id, visitor, who.ref, now=now)
    return way


async def _way_once_made(
    server: RoomProvider, spec: RoomSpec, who: Participant, *, now: datetime
) -> WayIn:
    health = await server.health()
    if not health.well:
        raise ProviderUnavailable(health.detail, code=health.code)
    await server.ensure(spec, now=now)
    return await server.way_in(spec, who, now=now)


async def _way_at_once(
    server: RoomProvider, spec: RoomSpec, who: Participant, *, now: datetime
) -> WayIn:
    """Make the way without asking, and say what a look at the server has found."""
    way = await server.way_in(spec, who, now=now)
    try:
        health = await in_time(server.health())
    except ProviderUnavailable as trouble:
        return replace(way, ill=trouble.code)
    return way if health.well else replace(way, ill=health.code)


def spec_of(placed: PlacedRoom, role: Role) -> RoomSpec:
    """Describe a room for its provider, in the language of the page."""
    room = placed.room
    return RoomSpec(
        id=room.id,
        slug=room.slug,
        title=pick(placed.title)[0],
        language=language(),
        opening=placed.opening(role),
        lobby=room.lobby,
        recorded=room.recorded,
        may=room.may,
        most_people=room.most_people,
        link=placed.event.online_link,
    )


def pseudonym(room_id: UUID, person_id: UUID) -> str:
    """Name a person inside one room: the same on each device, another elsewhere."""
    return keyed_hash("room-participant", f"{room_id}:{person_id}")[:32]


@unit_of_work
async def _note(room_id: UUID, visitor: Visitor, ref: str, *, now: datetime) -> None:
    """Remember whom the door let in, and whether their being there may be noted."""
    await changed(
        "INSERT INTO entrant (id, room_id, person_id, host, ref, noted, entered_at)"
        " VALUES (:id, :room, :person, :host, :ref, :noted, :now)"
        " ON CONFLICT (room_id, person_id) DO UPDATE SET noted = :noted,"
        " entered_again_at = :now",
        id=uuid7(),
        room=room_id,
        person=visitor.id,
        host=visitor.role is Role.HOST,
        ref=ref,
        noted=visitor.noted,
        now=now,
    )


async def _made(
    belongs_to: str,
    event_id: UUID,
    *,
    now: datetime,
    session: UUID | None = None,
    table: UUID | None = None,
    slug: str = "",
) -> Room:
    """Make the one room of something, or find it."""
    # Two may get here at once: one of them makes it, both read it.
    await changed(
        "INSERT INTO room (id, belongs_to, event_id, session_id, table_id, slug,"
        " server, fallen_from, lead_minutes, grace_minutes, lobby, recorded,"
        " may_chat, may_share, may_poll, created_at) VALUES (:id, :belongs_to, :event,"
        " :session, :table, :slug, '', '', :lead, :grace, :no, :no, :yes, :yes, :no,"
        " :now) ON CONFLICT (belongs_to) DO NOTHING",
        id=uuid7(),
        belongs_to=belongs_to,
        event=event_id,
        session=session,
        table=table,
        slug=slug or new_slug(),
        lead=LEAD // MINUTE,
        grace=GRACE // MINUTE,
        no=False,
        yes=True,
        now=now,
    )
    return await Room.get(belongs_to=belongs_to)
