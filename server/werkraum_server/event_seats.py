"""An event together with its seats: two parts, one unit of work."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events import events, queries
from werkraum_events.models import Event, Mode
from werkraum_events.moves import Move
from werkraum_events.wishes import EventWish, Terms
from werkraum_feedback.asking import copies as round_copies
from werkraum_foundation.database import unit_of_work
from werkraum_registration import consent_wishes, questions, reminder_plans
from werkraum_registration.seat_pools import set_seats
from werkraum_rooms.tables import tables
from werkraum_server.session_seats import copy_session_seats

Seats = Mapping[Mode, int | None]


@unit_of_work
async def create_event(
    organiser_id: UUID,
    wish: EventWish,
    seats: Seats,
    *,
    total: int | None = None,
    terms: Terms | None = None,
    actor: str,
    now: datetime,
) -> Event:
    """Write down a draft with its seats; raises as `events.create` does."""
    event = await events.create(organiser_id, wish, terms, actor=actor, now=now)
    await set_seats(event.id, seats, total=total, actor=actor, now=now)
    return await queries.event_of(organiser_id, event.id)


@unit_of_work
async def edit_event(
    organiser_id: UUID,
    event_id: UUID,
    wish: EventWish,
    seats: Seats,
    *,
    total: int | None = None,
    terms: Terms | None = None,
    take_back: bool = False,
    version: int | None,
    actor: str,
    now: datetime,
) -> Event:
    """Change an event and its seats; raises as `events.edit` and `set_seats` do.

    Without `terms` they stay as they are. With `take_back` those who came last
    lose their seats where there are fewer now, and head the waiting list.
    """
    before = await queries.event_of(organiser_id, event_id)
    event = await events.edit(
        organiser_id, event_id, wish, version=version, actor=actor, now=now
    )
    if terms is not None:
        await events.set_terms(
            organiser_id, event_id, terms, version=None, actor=actor, now=now
        )
    await set_seats(
        event.id, seats, total=total, take_back=take_back, actor=actor, now=now
    )
    await tables.move_with_event(event, Move.between(before, event))
    return await queries.event_of(organiser_id, event_id)


@unit_of_work
async def copy_event(
    organiser_id: UUID,
    model_id: UUID,
    wish: EventWish,
    seats: Seats,
    *,
    total: int | None = None,
    actor: str,
    now: datetime,
) -> Event:
    """Make a draft with the programme and the tables of another event.

    Raises as `events.copy` does.
    """
    model = await queries.event_of(organiser_id, model_id)
    event = await events.copy(organiser_id, model_id, wish, actor=actor, now=now)
    await set_seats(event.id, seats, total=total, actor=actor, now=now)
    await copy_session_seats(model_id, event.id, actor=actor, now=now)
    await questions.copy(model_id, event.id)
    await consent_wishes.copy(model_id, event.id)
    await reminder_plans.copy(model_id, event.id)
    move = Move.between(model, event)
    await tables.copy(model_id, event, move=move, actor=actor, now=now)
    await round_copies.copy_event(model_id, event.id, actor=actor, now=now)
    return await queries.event_of(organiser_id, event.id)
