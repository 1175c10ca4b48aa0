"""The invariants of the seats, read from the rows themselves."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode, QueueOrder
from werkraum_foundation.database import rows
from werkraum_registration import rules
from werkraum_registration.models import (
    ENDED,
    Booking,
    Registration,
    SeatPool,
    State,
    Wish,
)


async def counters_of(event: Event, *, seats: int | None) -> None:
    """Give the event's on-site pool this limit, as long as nobody is in it."""
    await SeatPool.filter(event_id=event.id, mode=Mode.ONSITE).update(seats=seats)


async def must_add_up(now: datetime | None = None) -> None:
    """Compare each pool with its rows; nobody may wait beside a free seat.

    `now` is the moment up to which seats were given away; without it, registration
    must be open.
    """
    for event in await Event.all():
        pools = await SeatPool.filter(event_id=event.id)
        people = await Registration.filter(event_id=event.id)
        for pool in pools:
            await _counters_must_fit(pool, people)
        _total_must_fit(pools, people)
        _states_must_fit(people, pools)
        await _nobody_takes_part_twice(event.id)
        if now is None or rules.may_promote(event, now=now):
            await _nobody_waits_beside_a_free_seat(event, pools)


async def _counters_must_fit(pool: SeatPool, people: list[Registration]) -> None:
    wishes = await Wish.filter(pool_id=pool.id)
    held = [each for each in people if each.holds_seat and each.pool_id == pool.id]
    seats = {each.id: each.seats for each in people}
    booked = await Booking.filter(pool_id=pool.id, holds_seat=True)
    taken = sum(each.seats for each in held)
    taken += sum(each.seats for each in wishes if each.offered_until)
    taken += sum(seats[each.registration_id] for each in booked)
    if pool.mode is None and pool.session_id is None:
        return
    assert pool.taken == taken, pool.mode
    waiting = sum(each.seats for each in wishes if not each.offered_until)
    assert pool.demand == taken + waiting
    unconfirmed = [each for each in held if each.state is State.UNCONFIRMED]
    assert pool.unconfirmed == sum(each.seats for each in unconfirmed)
    assert pool.seats is None or pool.taken <= pool.seats
    assert all(each.seats == seats[each.registration_id] for each in wishes)
    assert max((each.number for each in wishes), default=0) <= pool.issued


def _total_must_fit(pools: list[SeatPool], people: list[Registration]) -> None:
    total = [each for each in pools if not each.mode and not each.session_id]
    occupied = [e for e in people if e.holds_seat or e.state is State.OFFERED]
    for pool in total:
        assert pool.taken == pool.demand == sum(each.seats for each in occupied)
        assert pool.seats is None or pool.taken <= pool.seats


def _states_must_fit(people: list[Registration], pools: list[SeatPool]) -> None:
    modes = {pool.id: pool.mode for pool in pools}
    for each in people:
        if each.state in rules.WITH_SEAT:
            assert each.holds_seat
        if each.state in (*ENDED, State.WAITLISTED, State.OFFERED):
            assert not each.holds_seat
        if each.holds_seat:
            assert modes[each.pool_id] is each.mode
        assert (each.ended_at is None) == (each.state not in ENDED)


async def _nobody_takes_part_twice(event_id: UUID) -> None:
    doubles = await rows(
        "SELECT email_key FROM registration WHERE event_id = :event AND state NOT IN"
        " ('cancelled', 'expired', 'rejected') GROUP BY email_key"
        " HAVING count(*) > 1",
        event=event_id,
    )
    assert not doubles
    # Only who takes part waits or is booked; who waits for an event has no wish gone.
    waiting = await Registration.filter(event_id=event_id, state=State.WAITLISTED)
    for each in waiting:
        assert await Wish.exists(registration_id=each.id, offered_until=None)
    offered = await Registration.filter(event_id=event_id, state=State.OFFERED)
    for each in offered:
        assert await Wish.filter(registration_id=each.id).exclude(offered_until=None)
    gone = await Registration.filter(event_id=event_id, state__in=ENDED)
    for each in gone:
        assert not await Wish.exists(registration_id=each.id)
        assert not await Booking.exists(registration_id=each.id, holds_seat=True)


async def _nobody_waits_beside_a_free_seat(event: Event, pools: list[SeatPool]) -> None:
    """Nobody waits who could be seated without passing somebody who may not be
    passed: in strict order, a party too large holds up those behind it.
    """
    total = next((it for it in pools if not it.mode and not it.session_id), None)
    total_free = _free(total) if total else None
    shut: set[UUID | None] = set()
    for wish in await _in_order(pools):
        pool, who = wish.pool, wish.registration
        offered = who.state is State.OFFERED
        second_choice = pool.mode is Mode.ONLINE and len(who.wanted.modes) == 2
        if offered and second_choice:
            continue
        counts = pool.mode is not None and not (who.holds_seat or offered)
        free = _free(pool)
        fits_pool = free is None or wish.seats <= free
        fits_total = not counts or total_free is None or wish.seats <= total_free
        held_up = pool.id in shut or (counts and None in shut)
        assert held_up or not (fits_pool and fits_total), (pool.mode, who.state)
        if event.queue_order is QueueOrder.STRICT and not held_up:
            shut.add(None if fits_pool else pool.id)


def _free(pool: SeatPool) -> int | None:
    return None if pool.seats is None else pool.seats - pool.taken


async def _in_order(pools: list[SeatPool]) -> list[Wish]:
    waiting = Wish.filter(pool_id__in=[it.id for it in pools], offered_until=None)
    ordered = waiting.order_by("-priority", "queued_at", "id")
    return await ordered.select_related("registration", "pool")
