"""Seats kept for addresses nobody has confirmed: they lapse."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_registration.locked_pools import lock_pools
from werkraum_registration.models import Registration, State
from werkraum_registration.promotion import promote
from werkraum_registration.queries import event_with_id
from werkraum_registration.registrations import end
from werkraum_registration.rules import HOLD, HOLD_WHILE_WANTED
from werkraum_registration.seating import let_go, save_standing

# Somebody waits for the pool, or could not be given a seat to hold.
WANTED = (
    "(EXISTS (SELECT 1 FROM wish w WHERE w.pool_id = {pool}"
    " AND w.offered_until IS NULL)"
    " OR EXISTS (SELECT 1 FROM registration u WHERE u.pool_id = {pool}"
    " AND u.state = 'unconfirmed' AND NOT u.holds_seat))"
)


async def expire_due(now: datetime) -> int:
    """Let go what was not confirmed in time; says how many people it touched.

    After a day the registration expires. After an hour its seat goes to others if
    they want it; the person may still confirm, and then gets what is there.
    One unit of work for each event, so that a storm at one delays no other.
    """
    touched = 0
    for event_id in await _events_with_due(now):
        touched += await _let_go(event_id, now=now)
    return touched


async def _events_with_due(now: datetime) -> list[UUID]:
    found = await rows(
        "SELECT DISTINCT event_id FROM registration r WHERE r.state = 'unconfirmed'"
        " AND (r.created_at <= :expired OR (r.created_at <= :lapsed AND r.holds_seat"
        f" AND {WANTED.format(pool='r.pool_id')}))",
        expired=now - HOLD,
        lapsed=now - HOLD_WHILE_WANTED,
    )
    return [UUID(str(row["event_id"])) for row in found]


@unit_of_work
async def _let_go(event_id: UUID, *, now: datetime) -> int:
    pools = await lock_pools(event_id)
    event = await event_with_id(event_id)
    lapsed = [
        registration
        for pool in pools.modes.values()
        for registration in await _lapsed(pool.id, now=now)
    ]
    due = Registration.filter(event_id=event_id, state=State.UNCONFIRMED)
    expired = await due.filter(created_at__lte=now - HOLD).order_by("id")
    for registration in expired:
        registration.event = event
        await end(pools, registration, State.EXPIRED, actor=audit.SYSTEM, now=now)
    for registration in lapsed:
        let_go(pools, registration)
        await save_standing(registration)
    await promote(event, pools, now=now)
    return len(expired) + len(lapsed)


async def _lapsed(pool_id: UUID, *, now: datetime) -> list[Registration]:
    """List who keeps a seat of this pool that others want by now."""
    wanted = await rows(f"SELECT {WANTED.format(pool=':pool')} AS so", pool=pool_id)
    if not wanted[0]["so"]:
        return []
    held = Registration.filter(
        pool_id=pool_id, state=State.UNCONFIRMED, holds_seat=True
    )
    held = held.filter(
        created_at__lte=now - HOLD_WHILE_WANTED, created_at__gt=now - HOLD
    )
    return await held.order_by("id")
