"""Promotion: whoever waits longest gets the seat that has become free.

It runs in the unit of work that frees a seat, so nobody waits beside a free one.
"""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from werkraum_events.models import Event, Mode, Promotion, QueueOrder
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import rules
from werkraum_registration.announcements import (
    ApprovalAwaited,
    ModeSwitched,
    RegistrationConfirmed,
    SeatOffered,
    SessionSeatGiven,
)
from werkraum_registration.locked_pools import Counters, LockedPools, lock_pools
from werkraum_registration.models import (
    Booking,
    Registration,
    State,
    Wanted,
    Wish,
)
from werkraum_registration.queries import event_of_registration, registration_with_event
from werkraum_registration.rules import Next
from werkraum_registration.seating import give_seat, occupies, save_standing

# Wishes read at a time from a queue without an end.
BATCH = 200


async def promote(
    event: Event,
    pools: LockedPools,
    *,
    now: datetime,
    newcomer: UUID | None = None,
    force: bool = False,
) -> None:
    """Give away what is free, in the order of the queues; writes the counters.

    `newcomer` is whom the deed is about: seated at once where others get an offer,
    and told by the deed. Nobody is promoted at an event whose registration has
    closed, but `force` seats the newcomer of an organiser even then.
    """
    while rules.may_promote(event, now=now) or force:
        granted = await _next(event, pools)
        if not rules.may_promote(event, now=now):
            granted = [it for it in granted if it.registration_id == newcomer]
        if not granted:
            break
        for each in granted:
            await _grant(event, pools, each.wish_id, now=now, newcomer=newcomer)
    await pools.save()


async def _next(event: Event, pools: LockedPools) -> list[Next]:
    """Ask who is next, of those who come first in each queue."""
    queue: list[Next] = []
    for pool in pools:
        if pool.waiting > 0 and pool.free != 0:
            queue += await _queue_of(event, pools, pool)
    if not queue:
        return []
    return rules.next_in_line(
        queue,
        free={pool.id: pool.free for pool in pools},
        total=pools.total.free if pools.total else None,
        order=event.queue_order,
    )


async def _queue_of(event: Event, pools: LockedPools, pool: Counters) -> list[Next]:
    """Read the first of a queue: no more than could be granted at once.

    Where a total binds too, those it does not count for come from a look of their
    own: they must not be hidden behind many whom it holds up.
    """
    waiting = Wish.filter(pool_id=pool.id, offered_until=None)
    if pool.mode is Mode.ONLINE:
        # Whoever is offered the seat on site is not offered the second choice too.
        better_offered = Q(
            registration__state=State.OFFERED,
            registration__wanted=Wanted.ONSITE_ELSE_ONLINE,
        )
        # Of two conditions, `exclude` would leave out what fits only one.
        waiting = waiting.filter(~better_offered)
    if pools.total is None or pool.session_id:
        return await _first_of(waiting, event, pool, pool.free)
    has_seat = Q(registration__holds_seat=True) | Q(registration__state=State.OFFERED)
    converting = await _first_of(waiting.filter(has_seat), event, pool, pool.free)
    rest = waiting.exclude(registration__holds_seat=True)
    rest = rest.exclude(registration__state=State.OFFERED)
    free = [it for it in (pool.free, pools.total.free) if it is not None]
    if free and min(free) <= 0:
        return converting
    return converting + await _first_of(rest, event, pool, min(free, default=None))


async def _first_of(
    waiting: QuerySet[Wish], event: Event, pool: Counters, free: int | None
) -> list[Next]:
    if event.queue_order is QueueOrder.FILL and free is not None:
        waiting = waiting.filter(seats__lte=free)
    limit = BATCH if free is None else min(free, BATCH)
    ordered = waiting.order_by("-priority", "queued_at", "id")
    return [
        Next(
            wish_id=wish.id,
            registration_id=wish.registration_id,
            pool_id=pool.id,
            seats=wish.seats,
            priority=wish.priority,
            queued_at=wish.queued_at,
            is_session=pool.session_id is not None,
            counts_in_total=pool.mode is not None and not occupies(wish.registration),
        )
        for wish in await ordered.limit(limit).select_related("registration")
    ]


async def _grant(
    event: Event,
    pools: LockedPools,
    wish_id: UUID,
    *,
    now: datetime,
    newcomer: UUID | None,
) -> None:
    wish = await Wish.get(id=wish_id)
    pool = pools[wish.pool_id]
    registration = await Registration.get(id=wish.registration_id)
    is_newcomer = registration.id == newcomer
    if pool.session_id:
        await _give_session(event, pools, wish, registration, tell=not is_newcomer)
    elif is_newcomer or event.promotion is Promotion.CONFIRM:
        await seat_from_queue(
            event, pools, registration, pool, now=now, tell=not is_newcomer
        )
    else:
        await _offer(event, pools, wish, registration, now=now)


async def seat_from_queue(
    event: Event,
    pools: LockedPools,
    registration: Registration,
    pool: Counters,
    *,
    now: datetime,
    tell: bool = True,
    actor: str = audit.SYSTEM,
    action: str = "registration.move_up",
    reason: str = "",
) -> None:
    """Give somebody who waits the seat, and say so."""
    before, mode = registration.state, registration.mode
    converts = registration.holds_seat
    await give_seat(event, pools, registration, pool, now=now)
    if not tell:
        return
    changes: dict[str, object] = {
        "state": [before.value, registration.state.value],
        "mode": [mode.value, registration.mode.value],
    }
    if reason:
        changes["reason"] = [None, reason]
    await audit.record(
        event.organiser_id,
        action,
        registration.id,
        actor=actor,
        now=now,
        changes=changes,
    )
    await announce_seat(event, registration, converts=converts)


async def announce_seat(
    event: Event, registration: Registration, *, converts: bool
) -> None:
    """Tell of a seat: a first one, another one, or one that awaits approval."""
    ids = (event.organiser_id, event.id, registration.id)
    if converts:
        await announce(ModeSwitched(*ids))
    elif registration.state is State.PENDING_APPROVAL:
        await announce(ApprovalAwaited(*ids))
    else:
        await announce(RegistrationConfirmed(*ids))


async def _give_session(
    event: Event,
    pools: LockedPools,
    wish: Wish,
    registration: Registration,
    *,
    tell: bool,
) -> None:
    pool = pools[wish.pool_id]
    pool.taken += wish.seats
    await wish.delete()
    await Booking.filter(registration_id=registration.id, pool_id=wish.pool_id).update(
        holds_seat=True
    )
    if tell and pool.session_id:
        ids = (event.organiser_id, event.id, registration.id)
        await announce(SessionSeatGiven(*ids, pool.session_id))


async def _offer(
    event: Event,
    pools: LockedPools,
    wish: Wish,
    registration: Registration,
    *,
    now: datetime,
) -> None:
    """Hold the seat until the deadline; only who has none is `offered`."""
    pool = pools[wish.pool_id]
    pool.taken += wish.seats
    if pools.total and not occupies(registration):
        pools.total.join(wish.seats)
    wish.offered_at = now
    wish.offered_until = rules.offer_until(event, now=now)
    await wish.save(update_fields=["offered_at", "offered_until"])
    if not registration.holds_seat:
        registration.state = State.OFFERED
        await save_standing(registration)
    await audit.record(
        event.organiser_id,
        "registration.offer",
        registration.id,
        actor=audit.SYSTEM,
        now=now,
        changes={"offered_until": [None, wish.offered_until.isoformat()]},
    )
    mode = (pool.mode or registration.mode).value
    await announce(SeatOffered(event.organiser_id, event.id, registration.id, mode))


@unit_of_work
async def promote_by_hand(
    registration_id: UUID, mode: Mode, reason: str, *, actor: str, now: datetime
) -> Registration:
    """Seat somebody who waits before their turn; the reason stands in the audit.

    Never beyond the limit: raises `NoFreeSeat` until the organiser raises it.
    Raises `NotWaiting`, and what `rules.must_be_running` raises.
    """
    event_id = await event_of_registration(registration_id)
    pools = await lock_pools(event_id)
    registration = await registration_with_event(registration_id)
    event, pool = registration.event, pools.of_mode(mode)
    rules.must_be_running(event, now=now)
    wish = await Wish.filter(registration_id=registration_id, pool_id=pool.id).first()
    if wish is None:
        raise rules.NotWaiting
    held = wish.offered_until is not None
    total = pools.total
    in_total = not total or occupies(registration) or total.fits(wish.seats)
    if not held and not (pool.fits(wish.seats) and in_total):
        raise rules.NoFreeSeat
    await seat_from_queue(
        event,
        pools,
        registration,
        pool,
        now=now,
        actor=actor,
        action="registration.promote_by_hand",
        reason=reason,
    )
    await promote(event, pools, now=now)
    return registration
