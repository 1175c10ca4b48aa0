"""Offers: a seat held for whoever is next, until a deadline."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import rules
from werkraum_registration.announcements import OfferLapsed
from werkraum_registration.locked_pools import LockedPools, lock_pools
from werkraum_registration.models import ENDED, Registration, State, Wish
from werkraum_registration.promotion import promote, seat_from_queue
from werkraum_registration.queries import event_with_id
from werkraum_registration.registrations import end, locked
from werkraum_registration.seating import (
    leave_queue,
    no_offer_is_left,
    save_standing,
    withdraw_offer,
)
from werkraum_registration.wishes import leave_wish

# Whoever lets this many offers lapse is out of the queue.
LAPSES_ALLOWED = 1


@unit_of_work
async def accept(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Take the seat that is offered; a seat in the other mode goes to others.

    Harmless the second time. Raises `NoOffer` when it has lapsed or never was,
    `ModeNotOffered`, `RegistrationEnded` and what `rules.must_be_running` raises.
    """
    pools, registration = await locked(registration_id)
    event = registration.event
    rules.must_be_running(event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    pool = pools.of_mode(mode)
    if registration.mode is mode and registration.holds_seat:
        return registration
    wish = await Wish.filter(registration_id=registration_id, pool_id=pool.id).first()
    if wish is None or not rules.is_offered(wish.offered_until, event, now=now):
        raise rules.NoOffer
    await seat_from_queue(
        event,
        pools,
        registration,
        pool,
        now=now,
        actor=actor,
        action="registration.accept_offer",
    )
    await promote(event, pools, now=now)
    return registration


@unit_of_work
async def decline(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Leave the queue instead of taking the seat; the next in line is offered it.

    Who has nothing else is cancelled. Raises `NoOffer`, and as `accept` does.
    """
    pools, registration = await locked(registration_id)
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    pool = pools.of_mode(mode)
    wish = await Wish.filter(registration_id=registration_id, pool_id=pool.id).first()
    if wish is None or wish.offered_until is None:
        raise rules.NoOffer
    return await leave_wish(pools, registration, mode, actor=actor, now=now)


async def lapse_due(now: datetime) -> int:
    """End the offers whose deadline has passed or whose registration has closed.

    The first time the person goes to the end of the queue, the second time out.
    One unit of work for each event. Says how many people it touched.
    """
    due = await rows(
        "SELECT DISTINCT p.event_id FROM wish w JOIN seat_pool p ON p.id = w.pool_id"
        " JOIN event e ON e.id = p.event_id WHERE w.offered_until IS NOT NULL AND"
        " (w.offered_until <= :now OR e.starts_at <= :now"
        " OR e.registration_closes_at <= :now)",
        now=now,
    )
    touched = 0
    for row in due:
        touched += await _lapse(UUID(str(row["event_id"])), now=now)
    return touched


@unit_of_work
async def _lapse(event_id: UUID, *, now: datetime) -> int:
    pools = await lock_pools(event_id)
    event = await event_with_id(event_id)
    offered = Wish.filter(pool_id__in=[it.id for it in pools])
    offered = offered.exclude(offered_until=None).select_related("registration__event")
    due = [
        wish
        for wish in await offered.order_by("offered_until", "id")
        if not rules.is_offered(wish.offered_until, event, now=now)
    ]
    for wish in due:
        await _lapse_one(pools, wish, now=now)
    await promote(event, pools, now=now)
    return len(due)


async def _lapse_one(pools: LockedPools, wish: Wish, *, now: datetime) -> None:
    registration = await Registration.get(id=wish.registration_id)
    registration.event = wish.registration.event
    event, gone = registration.event, wish.lapses >= LAPSES_ALLOWED
    if gone:
        await leave_queue(pools, registration, [wish])
    else:
        withdraw_offer(pools, wish)
        wish.lapses += 1
        wish.number = pools[wish.pool_id].next_number()
        wish.queued_at, wish.priority = now, 0
        await wish.save()
    await no_offer_is_left(pools, registration)
    await save_standing(registration)
    await audit.record(
        event.organiser_id,
        "registration.lapse",
        registration.id,
        actor=audit.SYSTEM,
        now=now,
        changes={"lapses": [wish.lapses - (not gone), wish.lapses + gone]},
    )
    if (
        gone
        and not registration.holds_seat
        and not await Wish.exists(registration_id=registration.id)
    ):
        await end(pools, registration, State.EXPIRED, actor=audit.SYSTEM, now=now)
    await announce(
        OfferLapsed(event.organiser_id, event.id, registration.id, gone=gone)
    )
