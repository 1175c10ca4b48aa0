"""Questions about rooms."""

from uuid import UUID

from werkraum_events.models import Event
from werkraum_rooms.models import Room
from werkraum_rooms.participants import Role
from werkraum_rooms.rules import Opening, opening_of


async def room_of(event_id: UUID) -> Room | None:
    return await Room.get_or_none(event_id=event_id)


async def opening_for(event: Event, role: Role) -> Opening:
    """Say when the event's door is open for somebody in this role; one query."""
    return opening_of(event, await room_of(event.id), role)
