"""What hosts do with a room: set it up, choose its server, end it, open it again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Session
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_rooms import moving, rooms
from werkraum_rooms.meetings import take_turns
from werkraum_rooms.models import Entrant, Room, RoomMeeting
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom, room_at
from werkraum_rooms.rules import NoRoom, Phase, TooLate, must_be_open, phase
from werkraum_rooms.servers.room_servers import server_of

# The room server keeps a refusal for a while, so the door opens no later than that;
# nobody tries out sound for longer than two hours.
LEAD_MINUTES = 15, 120
GRACE_MINUTES = 15, 240
MOST_PEOPLE = 2, 1_000


class RoomWasUsed(Refused):
    """Somebody has been in the room: who was there would be lost with it."""

    status = 409
    code = "room_was_used"

    def message(self) -> str:
        return gettext("Somebody has been in this room, so it stays.")


@dataclass(frozen=True)
class RoomOptions:
    """How a room is set up; `most_people` None is as many as the server takes."""

    lead_minutes: int
    grace_minutes: int
    lobby: bool
    recorded: bool
    may_chat: bool
    may_share: bool
    may_poll: bool
    most_people: int | None


@unit_of_work
async def set_up(
    event: Event, room_id: UUID, wish: RoomOptions, *, actor: str, now: datetime
) -> Room:
    """Set a room up; what is set up so already is left alone."""
    room = (await _enter(event, room_id)).room
    changes: dict[str, object] = {}
    for name, value in vars(wish).items():
        if (before := getattr(room, name)) != value:
            changes[name] = [before, value]
            setattr(room, name, value)
    if changes:
        await room.save(update_fields=list(changes))
        await _note(event, "room.set_up", room, changes, actor=actor, now=now)
    return room


@unit_of_work
async def choose_server(
    event: Event, room_id: UUID, key: str, *, actor: str, now: datetime
) -> bool:
    """Have the room at this server; False where it is already there.

    Raises `NotFound` for a server that is not there.
    """
    placed = await _enter(event, room_id)
    before = server_of(placed.room)
    moved = await moving.move_to_server(room_id, key, now=now)
    if moved:
        changes: dict[str, object] = {"server": [before.key if before else "", key]}
        await _note(event, "room.move", placed.room, changes, actor=actor, now=now)
    return moved


@unit_of_work
async def end_now(event: Event, room_id: UUID, *, actor: str, now: datetime) -> None:
    """Close a room for all who are in it, and for who comes; once is enough.

    Before it is open for all it ends the rehearsal that is on, and shuts nothing.
    Raises `TooEarly` and `TooLate` while nobody can be in it.
    """
    placed = await _enter(event, room_id)
    room, opening = placed.room, placed.opening(Role.HOST)
    if room.ended_at and room.ended_at == opening.closes_at <= now:
        return
    must_be_open(opening, now=now)
    if phase(placed.opening(Role.ATTENDEE), now=now) is Phase.EARLY:
        meeting = await RoomMeeting.get_or_none(open_for=room.id)
        await enqueue(
            "room:end_rehearsal",
            {"room_id": str(room.id), "meeting_id": str(meeting.id) if meeting else ""},
            organiser_id=event.organiser_id,
        )
        await _note(event, "room.end_rehearsal", room, {}, actor=actor, now=now)
        return
    room.ended_at = now
    await room.save(update_fields=["ended_at"])
    args = {"room_id": str(room.id)}
    await enqueue("room:end", args, organiser_id=event.organiser_id)
    await _note(event, "room.end", room, {}, actor=actor, now=now)


@unit_of_work
async def open_again(event: Event, room_id: UUID, *, actor: str, now: datetime) -> None:
    """Take an ending back while the room's own time is not over (else `TooLate`)."""
    placed = await _enter(event, room_id)
    room = placed.room
    if room.ended_at is None:
        return
    room.ended_at = None
    planned = placed.opening(Role.ATTENDEE)
    if phase(planned, now=now) is Phase.OVER:
        raise TooLate(planned.closes_at)
    await room.save(update_fields=["ended_at"])
    await _note(event, "room.open_again", room, {}, actor=actor, now=now)


@unit_of_work
async def give_session_a_room(
    event: Event, session: Session, *, actor: str, now: datetime
) -> Room:
    """Give a part of the programme a room of its own; the second time the same."""
    if not event.online:
        raise NoRoom
    room = await rooms.provide_for_session(session, now=now)
    await _note(event, "room.give", room, {}, actor=actor, now=now)
    return room


@unit_of_work
async def give_up(event: Event, room_id: UUID, *, actor: str, now: datetime) -> None:
    """Take the own room of a part of the programme away; gone stays gone.

    Raises `RoomWasUsed` once somebody has been in it, and `NotFound` for a room
    that is not a session's.
    """
    try:
        room = (await _enter(event, room_id)).room
    except NotFound:
        return
    if room.session_id is None:
        raise NotFound
    if await was_used(room.id):
        raise RoomWasUsed
    await room.delete()
    await _note(event, "room.give_up", room, {}, actor=actor, now=now)


async def was_used(room_id: UUID) -> bool:
    """Whether the door has let somebody in, or the room server told of a meeting."""
    entered = await Entrant.filter(room_id=room_id).exists()
    return entered or await RoomMeeting.filter(room_id=room_id).exists()


async def _enter(event: Event, room_id: UUID) -> PlacedRoom:
    """Lock a room of an event, then read it: deeds on one room take turns."""
    await take_turns(room_id)
    return await room_at(event, room_id)


async def _note(
    event: Event,
    action: str,
    room: Room,
    changes: dict[str, object],
    *,
    actor: str,
    now: datetime,
) -> None:
    await audit.record(
        event.organiser_id, action, room.id, actor=actor, now=now, changes=changes
    )
