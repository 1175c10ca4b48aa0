"""The limits of an event: seats per mode, over all modes, and in its sessions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import rules
from werkraum_registration.announcements import OfferWithdrawn, SeatTakenBack
from werkraum_registration.locked_pools import Counters, LockedPools, lock_pools
from werkraum_registration.models import (
    Registration,
    SeatPool,
    State,
    Wish,
)
from werkraum_registration.promotion import promote
from werkraum_registration.seating import (
    HEAD_OF_THE_QUEUE,
    leave_sessions,
    let_go,
    no_offer_is_left,
    queue_up,
    save_standing,
    wishes_of,
    withdraw_offer,
)

Limits = Mapping[Mode, int | None]


@unit_of_work
async def set_seats(
    event_id: UUID,
    seats: Limits,
    *,
    now: datetime,
    total: int | None = None,
    take_back: bool = False,
    actor: str = audit.SYSTEM,
) -> None:
    """Give the modes of an event their seats, and `total` over all; None: no limit.

    Makes missing pools, promotes those for whom there is room now, and raises the
    version of the event if anything has changed. A mode that is left out is closed.
    Raises `BelowTaken` for fewer seats than are taken, which is `ModeInUse` where a
    mode would be closed over people's heads. With `take_back` fewer seats move the
    newest to the head of the waiting list instead; a mode closes only when empty.
    """
    pools = await lock_pools(event_id)
    event = await Event.get(id=event_id)
    before = _limits(pools)
    total_pool = await _total_pool(pools, total)
    if take_back:
        await _take_back(event, pools, seats, total, actor=actor, now=now)
    for mode, pool in pools.modes.items():
        _limit(pool, seats.get(mode, 0), closing=mode not in seats)
    if total_pool:
        _limit(total_pool, total, closing=False)
    for mode in seats.keys() - pools.modes.keys():
        made = await SeatPool.create(event_id=event_id, mode=mode, seats=seats[mode])
        pools.add(_fresh(made))
    await pools.save()
    if _limits(pools) != before:
        await _note(event, before, _limits(pools), actor=actor, now=now)
    await promote(event, pools, now=now)


def _limit(pool: Counters, seats: int | None, *, closing: bool) -> None:
    if seats is not None and seats < pool.taken:
        refusal = rules.ModeInUse if closing else rules.BelowTaken
        raise refusal(pool.mode, pool.taken)
    pool.seats = seats


def _limits(pools: LockedPools) -> dict[str, int | None]:
    """Name each limit for the audit."""
    return {
        pool.mode.value if pool.mode else str(pool.session_id or "total"): pool.seats
        for pool in pools
    }


async def _note(
    event: Event,
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Raise the version: whoever registers just now must look again."""
    if not before:
        # The first limits of all: nobody could register yet.
        return
    await changed("UPDATE event SET version = version + 1 WHERE id = :id", id=event.id)
    await audit.record(
        event.organiser_id,
        "event.seats",
        event.id,
        actor=actor,
        now=now,
        changes={
            name: [before.get(name), after.get(name)]
            for name in before.keys() | after.keys()
            if before.get(name) != after.get(name)
        },
    )


async def _total_pool(pools: LockedPools, total: int | None) -> Counters | None:
    """The pool of the total as it shall be there: made, kept, or taken away."""
    if total is None:
        if pools.total:
            await SeatPool.filter(id=pools.total.id).delete()
            pools.remove(pools.total)
        return None
    if pools.total is None:
        held = await _occupied(pools.event_id)
        made = await SeatPool.create(
            event_id=pools.event_id, mode=None, seats=None, taken=held, demand=held
        )
        pools.add(_fresh(made))
    return pools.total


async def _occupied(event_id: UUID) -> int:
    found = await rows(
        "SELECT coalesce(sum(seats), 0) AS n FROM registration"
        " WHERE event_id = :event AND (holds_seat OR state = 'offered')",
        event=event_id,
    )
    return int(found[0]["n"])


def _fresh(made: SeatPool) -> Counters:
    return Counters(
        made.id,
        made.mode,
        made.session_id,
        made.seats,
        made.taken,
        made.demand,
        made.unconfirmed,
        made.issued,
    )


@unit_of_work
async def set_session_seats(
    event_id: UUID,
    seats: Mapping[UUID, int | None],
    *,
    now: datetime,
    actor: str = audit.SYSTEM,
) -> None:
    """Give bookable sessions their seats; None is no limit.

    A session that is left out is no longer bookable: its bookings go, so ask
    first. Raises `SessionSeatsTaken` for fewer seats than are taken.
    """
    pools = await lock_pools(event_id)
    event = await Event.get(id=event_id)
    before = _limits(pools)
    for session_id, pool in pools.sessions.items():
        if session_id not in seats:
            await SeatPool.filter(id=pool.id).delete()
            pools.remove(pool)
            continue
        limit = seats[session_id]
        if limit is not None and limit < pool.taken:
            raise rules.SessionSeatsTaken(session_id, pool.taken)
        pool.seats = limit
    for session_id in seats.keys() - pools.sessions.keys():
        made = await SeatPool.create(
            event_id=event_id, session_id=session_id, seats=seats[session_id]
        )
        pools.add(_fresh(made))
    await pools.save()
    if _limits(pools) != before:
        await _note(event, before, _limits(pools), actor=actor, now=now)
    await promote(event, pools, now=now)


async def would_be_taken_back(
    event_id: UUID, seats: Limits, total: int | None = None
) -> list[Registration]:
    """List whose seats `set_seats(..., take_back=True)` would take, without a lock."""
    pools = await lock_pools(event_id)
    return await _newest_beyond(pools, seats, total)


async def _newest_beyond(
    pools: LockedPools, seats: Limits, total: int | None
) -> list[Registration]:
    """Choose who has to go for these limits: the newest of each mode, then of all."""
    gone: list[Registration] = []
    freed = 0
    for mode, pool in pools.modes.items():
        limit = seats.get(mode)
        if limit is not None:
            offered = await _offered_in(pool.id)
            excess = pool.taken - offered - limit
            gone += await _newest(excess, gone, pool_id=pool.id)
            freed = sum(each.seats for each in gone)
    if total is not None:
        held = await _occupied(pools.event_id)
        gone += await _newest(held - freed - total, gone, event_id=pools.event_id)
    return gone


async def _offered_in(pool_id: UUID) -> int:
    """Seats held by offers, which are taken back before those of registrations."""
    offers = await Wish.filter(pool_id=pool_id).exclude(offered_until=None)
    return sum(each.seats for each in offers)


async def _newest(
    excess: int, without: list[Registration], **where: UUID
) -> list[Registration]:
    chosen: list[Registration] = []
    known = {each.id for each in without}
    holders = Registration.filter(holds_seat=True, **where)
    for each in await holders.order_by("-confirmed_at", "-created_at", "-id"):
        if excess <= 0:
            break
        if each.id not in known:
            chosen.append(each)
            excess -= each.seats
    return chosen


async def _take_back(
    event: Event,
    pools: LockedPools,
    seats: Limits,
    total: int | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    withdrawn = await _withdraw_offers(event, pools, seats, total, actor=actor, now=now)
    gone = await _newest_beyond(pools, seats, total)
    # Whoever loses a seat as well has one letter, about that.
    for registration_id in sorted(withdrawn - {it.id for it in gone}):
        await announce(OfferWithdrawn(event.organiser_id, event.id, registration_id))
    for registration in gone:
        await leave_sessions(pools, registration)
        await _withdraw_offers_to(pools, registration)
        let_go(pools, registration)
        before, registration.state = registration.state, State.WAITLISTED
        if before is State.UNCONFIRMED:
            registration.state = before
        await save_standing(registration)
        if before is State.UNCONFIRMED:
            continue
        for mode in registration.wanted.modes:
            pool = pools.of_mode(mode)
            if mode in seats and not await Wish.exists(
                registration_id=registration.id, pool_id=pool.id
            ):
                await queue_up(registration, pool, now=now, priority=HEAD_OF_THE_QUEUE)
        await audit.record(
            event.organiser_id,
            "registration.take_back",
            registration.id,
            actor=actor,
            now=now,
            changes={"state": [before.value, registration.state.value]},
        )
        await announce(SeatTakenBack(event.organiser_id, event.id, registration.id))


async def _withdraw_offers_to(pools: LockedPools, registration: Registration) -> None:
    for wish in await wishes_of(registration):
        withdraw_offer(pools, wish)
        await wish.save(update_fields=["offered_at", "offered_until"])


async def _withdraw_offers(
    event: Event,
    pools: LockedPools,
    seats: Limits,
    total: int | None,
    *,
    actor: str,
    now: datetime,
) -> set[UUID]:
    """Offers go first: nobody has relied on them for long. Their places stay.

    Says whose they were.
    """
    withdrawn: set[UUID] = set()
    for mode, pool in pools.modes.items():
        limit = seats.get(mode)
        beyond = limit is not None and pool.taken > limit
        if not beyond and not (pools.total and total is not None):
            continue
        offers = Wish.filter(pool_id=pool.id).exclude(offered_until=None)
        for wish in await offers.order_by("-offered_at", "-id"):
            in_total = pools.total and total is not None and pools.total.taken > total
            if not in_total and (limit is None or pool.taken <= limit):
                break
            registration = await Registration.get(id=wish.registration_id)
            withdraw_offer(pools, wish)
            await wish.save(update_fields=["offered_at", "offered_until"])
            await no_offer_is_left(pools, registration)
            await save_standing(registration)
            await audit.record(
                event.organiser_id,
                "registration.withdraw_offer",
                registration.id,
                actor=actor,
                now=now,
            )
            withdrawn.add(registration.id)
    return withdrawn
