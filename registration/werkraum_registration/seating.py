"""Giving seats and taking them back: rows and counters change together.

Everything here happens under the locks of the event's pools and is written by the
deed that called it.
"""

from collections.abc import Collection
from datetime import datetime

from werkraum_events.models import Event, Mode
from werkraum_registration import rules
from werkraum_registration.locked_pools import Counters, LockedPools
from werkraum_registration.models import (
    Booking,
    Registration,
    State,
    Wish,
)

# Before everybody who queues in the usual way.
HEAD_OF_THE_QUEUE = 10


# What a deed on seats may change of a row; the rest is written without locks.
STANDING = (
    "pool_id",
    "mode",
    "wanted",
    "seats",
    "companions",
    "state",
    "holds_seat",
    "confirmed_at",
    "vouched_at",
    "approved_at",
    "decision",
    "ended_at",
    "ended_by",
)


async def save_standing(registration: Registration) -> None:
    """Write how somebody stands, and nothing else of the row."""
    await registration.save(update_fields=STANDING)


def occupies(registration: Registration) -> bool:
    """Whether it counts in the total of the event: with a seat, or an offer of one."""
    return registration.holds_seat or registration.state is State.OFFERED


async def wishes_of(registration: Registration) -> list[Wish]:
    return await Wish.filter(registration_id=registration.id).order_by("id")


async def queue_up(
    registration: Registration,
    pool: Counters,
    *,
    now: datetime,
    priority: int = 0,
) -> Wish:
    """Put somebody into the queue of a pool, behind those of the same priority."""
    pool.demand += registration.seats
    return await Wish.create(
        registration_id=registration.id,
        pool_id=pool.id,
        number=pool.next_number(),
        seats=registration.seats,
        priority=priority,
        queued_at=now,
    )


async def leave_queue(
    pools: LockedPools, registration: Registration, wishes: Collection[Wish]
) -> None:
    """Take somebody out of queues, offers with them."""
    for wish in wishes:
        withdraw_offer(pools, wish)
        pools[wish.pool_id].demand -= wish.seats
        await wish.delete()


def withdraw_offer(pools: LockedPools, wish: Wish) -> None:
    """Let go the seat an offer holds; the place in the queue stays."""
    if wish.offered_until is not None:
        pools[wish.pool_id].taken -= wish.seats
    wish.offered_at = wish.offered_until = None


async def no_offer_is_left(pools: LockedPools, registration: Registration) -> None:
    """Have somebody wait again whose last offer has gone."""
    if registration.state is not State.OFFERED:
        return
    if any(it.offered_until for it in await wishes_of(registration)):
        return
    registration.state = State.WAITLISTED
    if pools.total:
        pools.total.leave(registration.seats)


async def give_seat(
    event: Event,
    pools: LockedPools,
    registration: Registration,
    pool: Counters,
    *,
    now: datetime,
) -> None:
    """Seat somebody in a mode; a seat in the other one is given back.

    The wishes this fulfils go, and the sessions that were chosen are queued for.
    """
    had_seat = registration.holds_seat
    occupied = occupies(registration)
    await leave_queue(
        pools, registration, await _fulfilled(registration, pools, pool.mode)
    )
    if had_seat:
        let_go(pools, registration)
    pool.join(registration.seats)
    registration.pool_id = pool.id
    registration.mode = pool.mode or registration.mode
    registration.holds_seat = True
    registration.state = rules.state_with_seat(
        event, approved=registration.approved_at is not None
    )
    registration.confirmed_at = registration.confirmed_at or now
    if pools.total and (had_seat or not occupied):
        pools.total.join(registration.seats)
    await save_standing(registration)
    await queue_for_sessions(pools, registration, now=now)


async def _fulfilled(
    registration: Registration, pools: LockedPools, mode: Mode | None
) -> list[Wish]:
    """The wishes nobody has any more who has a seat in this mode."""
    better = rules.still_wanted(registration.wanted, mode)
    return [
        wish
        for wish in await wishes_of(registration)
        if pools[wish.pool_id].mode not in (*better, None)
    ]


def hold(pools: LockedPools, pool: Counters, seats: int) -> None:
    """Keep seats for an address that is not confirmed."""
    pool.join(seats)
    pool.unconfirmed += seats
    if pools.total:
        pools.total.join(seats)


def let_go(pools: LockedPools, registration: Registration) -> None:
    """Give back the seat of a registration; the row is the caller's to save."""
    pool = pools[registration.pool_id]
    pool.leave(registration.seats)
    if registration.state is State.UNCONFIRMED:
        pool.unconfirmed -= registration.seats
    if pools.total:
        pools.total.leave(registration.seats)
    registration.holds_seat = False


async def queue_for_sessions(
    pools: LockedPools, registration: Registration, *, now: datetime
) -> None:
    """Queue for the chosen sessions; who has no seat at the event waits for none."""
    if registration.state not in rules.WITH_SEAT:
        return
    waits_for = {it.pool_id for it in await wishes_of(registration)}
    for booking in await Booking.filter(
        registration_id=registration.id, holds_seat=False
    ).order_by("id"):
        if booking.pool_id not in waits_for:
            await queue_up(registration, pools[booking.pool_id], now=now)


async def leave_sessions(pools: LockedPools, registration: Registration) -> None:
    """Give back the seats in sessions, remembering what was chosen."""
    held = await Booking.filter(registration_id=registration.id, holds_seat=True)
    for booking in held:
        pools[booking.pool_id].leave(registration.seats)
    await Booking.filter(registration_id=registration.id).update(holds_seat=False)
    queued = [
        it for it in await wishes_of(registration) if pools[it.pool_id].session_id
    ]
    await leave_queue(pools, registration, queued)


async def release(pools: LockedPools, registration: Registration) -> None:
    """Take somebody out of all counters: seat, offers, queues, sessions."""
    await leave_sessions(pools, registration)
    offered = registration.state is State.OFFERED
    await leave_queue(pools, registration, await wishes_of(registration))
    if registration.holds_seat:
        let_go(pools, registration)
    elif offered and pools.total:
        pools.total.leave(registration.seats)
