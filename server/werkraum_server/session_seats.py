"""A programme item together with its seats: two parts, one unit of work."""

from datetime import datetime
from uuid import UUID

from werkraum_events import queries, sessions
from werkraum_events.models import Session
from werkraum_events.rules import session_moves
from werkraum_events.wishes import SessionWish
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox.jobs import enqueue_each
from werkraum_registration.models import Registration
from werkraum_registration.seat_limits import limits_of
from werkraum_registration.seat_pools import set_session_seats
from werkraum_server.letters.recipients import is_ahead
from werkraum_server.letters.session_changes import bookings_to_tell, plan_to_tell


@unit_of_work
async def add_session(
    organiser_id: UUID,
    event_id: UUID,
    wish: SessionWish,
    seats: int | None,
    *,
    actor: str,
    now: datetime,
) -> Session:
    """Put an item on the programme, with its seats if people choose it.

    Raises as `sessions.add` does. `seats` is None where there is no limit.
    """
    session = await sessions.add(organiser_id, event_id, wish, actor=actor, now=now)
    await _set_seats(session, seats, actor=actor, now=now)
    return session


@unit_of_work
async def edit_session(
    organiser_id: UUID,
    event_id: UUID,
    session_id: UUID,
    wish: SessionWish,
    seats: int | None,
    *,
    actor: str,
    now: datetime,
) -> Session:
    """Change an item and its seats; whoever has chosen it is told of another time.

    Raises as `sessions.edit` does, and `SessionSeatsTaken` for fewer seats than are
    taken. People lose an item they have chosen that cannot be chosen any more, and
    are told.
    """
    event = await queries.enter_event(organiser_id, event_id)
    before = await queries.session_of(event.id, session_id)
    session = await sessions.edit(
        organiser_id, event_id, session_id, wish, actor=actor, now=now
    )
    if before.bookable and not session.bookable:
        await _tell_choosers("letter:session_for_all", session_id, organiser_id)
    await _set_seats(session, seats, actor=actor, now=now)
    if session_moves(before, wish) and is_ahead(event, now):
        await plan_to_tell(session, organiser_id, now=now)
    return session


@unit_of_work
async def remove_session(
    organiser_id: UUID, event_id: UUID, session_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take an item off the programme, and tell whoever has chosen it.

    What is gone already stays gone.
    """
    event = await queries.enter_event(organiser_id, event_id)
    limits = (await limits_of(event.id)).sessions
    if session_id in limits:
        await _tell_choosers("letter:session_gone", session_id, organiser_id)
        limits.pop(session_id)
        await set_session_seats(event.id, limits, actor=actor, now=now)
    await sessions.remove(organiser_id, event_id, session_id, actor=actor, now=now)


@unit_of_work
async def copy_session_seats(
    model_id: UUID, copy_id: UUID, *, actor: str, now: datetime
) -> None:
    """Give the items of a copy the seats of those they were made of."""
    limits = (await limits_of(model_id)).sessions
    # Both lists are in the order of the programme, and equally long.
    models = await queries.sessions_of(model_id)
    copies = await queries.sessions_of(copy_id)
    seats = {
        copy.id: limits[model.id]
        for model, copy in zip(models, copies, strict=True)
        if model.id in limits
    }
    if seats:
        await set_session_seats(copy_id, seats, actor=actor, now=now)


async def _tell_choosers(letter: str, session_id: UUID, organiser_id: UUID) -> None:
    """Write to whoever has chosen an item, before that is forgotten with its seats."""
    letters = [
        (letter, {"registration_id": str(it.id), "session_id": str(session_id)})
        for it in await choosers_of(session_id)
    ]
    await enqueue_each(letters, organiser_id=organiser_id)


async def _set_seats(
    session: Session, seats: int | None, *, actor: str, now: datetime
) -> None:
    before = (await limits_of(session.event_id)).sessions
    after = {**before, session.id: seats}
    if not session.bookable:
        after.pop(session.id)
    if after != before:
        await set_session_seats(session.event_id, after, actor=actor, now=now)


async def people_in(session_id: UUID) -> int:
    """Count the people who have chosen an item, with a seat or waiting for one."""
    found = await rows(
        "SELECT coalesce(sum(r.seats), 0) AS n FROM booking b"
        " JOIN seat_pool p ON p.id = b.pool_id"
        " JOIN registration r ON r.id = b.registration_id"
        " WHERE p.session_id = :session"
        " AND r.state NOT IN ('cancelled', 'rejected', 'expired')",
        session=session_id,
    )
    return int(found[0]["n"])


async def choosers_of(session_id: UUID) -> list[Registration]:
    """List the registrations that have chosen an item and can be written to."""
    found = bookings_to_tell(session_id).select_related("registration")
    return [it.registration for it in await found]
