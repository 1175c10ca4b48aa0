"""An event together with its seats: two parts, one unit of work."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events import events
from werkraum_events.models import Event, Mode
from werkraum_events.wishes import EventWish
from werkraum_foundation.database import unit_of_work
from werkraum_registration.seat_pools import set_seats

Seats = Mapping[Mode, int | None]


@unit_of_work
async def create_event(
    organiser_id: UUID, wish: EventWish, seats: Seats, *, actor: str, now: datetime
) -> Event:
    """Write down a draft with its seats; raises as `events.create` does."""
    event = await events.create(organiser_id, wish, actor=actor, now=now)
    await set_seats(event.id, seats, now=now)
    return event


@unit_of_work
async def edit_event(
    organiser_id: UUID,
    event_id: UUID,
    wish: EventWish,
    seats: Seats,
    *,
    version: int | None,
    actor: str,
    now: datetime,
) -> Event:
    """Change an event and its seats; raises as `events.edit` and `set_seats` do."""
    event = await events.edit(
        organiser_id, event_id, wish, version=version, actor=actor, now=now
    )
    await set_seats(event.id, seats, now=now)
    return event


@unit_of_work
async def copy_event(
    organiser_id: UUID,
    model_id: UUID,
    wish: EventWish,
    seats: Seats,
    *,
    actor: str,
    now: datetime,
) -> Event:
    """Make a draft with the programme of another event; raises as `events.copy`."""
    event = await events.copy(organiser_id, model_id, wish, actor=actor, now=now)
    await set_seats(event.id, seats, now=now)
    return event
