"""What happens with a room: an event gets one, somebody enters it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import language, pick
from werkraum_foundation.tokens import keyed_hash
from werkraum_rooms import jitsi, queries
from werkraum_rooms.jitsi import JitsiServer
from werkraum_rooms.models import Room
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import GRACE, LEAD, MINUTE, NoRoom, opening_of


@dataclass(frozen=True)
class Visitor:
    """Who enters: the id of a registration or a member, never shown, and the name."""

    id: UUID
    name: str
    role: Role


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
    # Two may get here at once: one of them makes it, both read it.
    await changed(
        "INSERT INTO room (id, event_id, slug, lead_minutes, grace_minutes,"
        " created_at) VALUES (:id, :event, :slug, :lead, :grace, :now)"
        " ON CONFLICT (event_id) DO NOTHING",
        id=uuid7(),
        event=event_id,
        slug=new_slug(),
        lead=LEAD // MINUTE,
        grace=GRACE // MINUTE,
        now=now,
    )
    return await Room.get(event_id=event_id)


async def enter(
    server: JitsiServer, event: Event, visitor: Visitor, *, now: datetime
) -> str:
    """Make the link that leads this visitor into the event's room, right now.

    It holds a token: for the visitor's own page only, never for a log or a row.
    Raises `NoRoom`, `TooEarly` and `TooLate`.
    """
    # An event published a moment ago may still wait for its room.
    room = await provide(event.id, now=now)
    if room is None:
        raise NoRoom
    token = jitsi.mint(
        server,
        room=room.slug,
        participant=Participant(
            pseudonym(room.id, visitor.id), visitor.name, visitor.role
        ),
        opening=opening_of(event, room, visitor.role),
        now=now,
    )
    return jitsi.link(
        server,
        room=room.slug,
        token=token,
        subject=pick(event.title)[0],
        language=language(),
    )


def pseudonym(room_id: UUID, person_id: UUID) -> str:
    """Name a person inside one room: the same on each device, another elsewhere."""
    return keyed_hash("room-participant", f"{room_id}:{person_id}")[:32]
