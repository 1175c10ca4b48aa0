"""Moving up: whoever waits longest gets the seat that has become free."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import rows
from werkraum_foundation.outbox import announce
from werkraum_registration import demand_counter, rules
from werkraum_registration.announcements import RegistrationConfirmed
from werkraum_registration.demand_counter import Pool


async def move_up(event: Event, pool: Pool, *, now: datetime) -> list[UUID]:
    """Seat the head of the queue while seats are free; the pool must be locked.

    Nobody moves up at an event that is off or over. Costs a statement for all of
    them, one for the counter, and two for each (audit, announcement).
    """
    free = rules.free_for_waiting(
        seats=pool.seats, taken=pool.taken, demand=pool.demand
    )
    if not free or not rules.may_promote(event, now=now):
        return []
    moved = await _seat(pool.id, free, now=now)
    await demand_counter.take_more(pool.id, len(moved))
    for registration_id in moved:
        await audit.record(
            event.organiser_id,
            "registration.move_up",
            registration_id,
            actor=audit.SYSTEM,
            now=now,
        )
        await announce(
            RegistrationConfirmed(event.organiser_id, event.id, registration_id)
        )
    return moved


async def _seat(pool_id: UUID, people: int, *, now: datetime) -> list[UUID]:
    seated = await rows(
        "UPDATE registration SET state = 'confirmed', holds_seat = TRUE,"
        " confirmed_at = :now WHERE id IN (SELECT id FROM registration"
        " WHERE pool_id = :pool AND state = 'waitlisted' ORDER BY number LIMIT :people)"
        " RETURNING id, number",
        now=now,
        pool=pool_id,
        people=people,
    )
    # RETURNING promises no order; the letters go out in the order of the queue.
    seated.sort(key=lambda row: int(row["number"]))
    return [UUID(str(row["id"])) for row in seated]
