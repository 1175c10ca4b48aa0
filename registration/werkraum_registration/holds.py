"""Seats kept for addresses nobody has confirmed: they lapse."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_registration import demand_counter
from werkraum_registration.demand_counter import Pool
from werkraum_registration.models import Registration, State
from werkraum_registration.registrations import end, place_of
from werkraum_registration.rules import HOLD, HOLD_WHILE_WANTED
from werkraum_registration.waiting_list import move_up

# Somebody waits for the pool, or could not be given a seat to hold.
WANTED = (
    "EXISTS (SELECT 1 FROM registration w WHERE w.pool_id = {pool} AND"
    " (w.state = 'waitlisted' OR (w.state = 'unconfirmed' AND NOT w.holds_seat)))"
)


async def expire_due(now: datetime) -> int:
    """Let go what was not confirmed in time; says how many people it touched.

    After a day the registration expires. After an hour its seat goes to others if
    they want it; the person may still confirm, and then gets what is there.
    One unit of work for each pool, so that a storm at one event delays no other.
    """
    touched = 0
    for pool_id in await _pools_with_due(now):
        touched += await _let_go(pool_id, now=now)
    return touched


async def _pools_with_due(now: datetime) -> list[UUID]:
    found = await rows(
        "SELECT DISTINCT pool_id FROM registration r WHERE r.state = 'unconfirmed'"
        " AND (r.created_at <= :expired OR (r.created_at <= :lapsed AND r.holds_seat"
        f" AND {WANTED.format(pool='r.pool_id')}))",
        expired=now - HOLD,
        lapsed=now - HOLD_WHILE_WANTED,
    )
    return [UUID(str(row["pool_id"])) for row in found]


@unit_of_work
async def _let_go(pool_id: UUID, *, now: datetime) -> int:
    await demand_counter.lock(pool_id)
    lapsed = await _lapsed(pool_id, now=now)
    due = Registration.filter(pool_id=pool_id, state=State.UNCONFIRMED)
    due = due.filter(created_at__lte=now - HOLD).select_related("event")
    expired = await due.order_by("id")
    for registration in expired:
        await end(registration, State.EXPIRED, actor=audit.SYSTEM, now=now)
    for registration in lapsed:
        await _release(registration, now=now)
    return len(expired) + len(lapsed)


async def _lapsed(pool_id: UUID, *, now: datetime) -> list[Registration]:
    wanted = await rows(f"SELECT {WANTED.format(pool=':pool')} AS so", pool=pool_id)
    if not wanted[0]["so"]:
        return []
    held = Registration.filter(
        pool_id=pool_id, state=State.UNCONFIRMED, holds_seat=True
    )
    held = held.filter(
        created_at__lte=now - HOLD_WHILE_WANTED, created_at__gt=now - HOLD
    )
    return await held.select_related("event").order_by("id")


async def _release(registration: Registration, *, now: datetime) -> Pool:
    """Take the seat from somebody who may still confirm."""
    pool = await demand_counter.leave(place_of(registration))
    await changed(
        "UPDATE registration SET holds_seat = FALSE, number = NULL WHERE id = :id",
        id=registration.id,
    )
    await move_up(registration.event, pool, now=now)
    return pool
