"""Changing what a registration takes: seats of the party, and sessions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import rules
from werkraum_registration.announcements import RegistrationChanged
from werkraum_registration.locked_pools import Counters, LockedPools
from werkraum_registration.models import ENDED, Booking, Registration, State, Wish
from werkraum_registration.promotion import promote
from werkraum_registration.registrations import locked
from werkraum_registration.seating import (
    leave_queue,
    queue_for_sessions,
    save_standing,
    wishes_of,
)


@unit_of_work
async def resize(
    registration_id: UUID,
    seats: int,
    companions: Sequence[str],
    *,
    actor: str,
    now: datetime,
) -> Registration:
    """Change the size of a party: smaller at once, larger only if there is room.

    Raises `PartyTooLarge`, `NoFreeSeat`, `RegistrationEnded` and what
    `rules.must_be_running` raises.
    """
    pools, registration = await locked(registration_id)
    event = registration.event
    rules.must_be_running(event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    before, by = registration.seats, seats - registration.seats
    if by:
        rules.must_be_a_party(event, seats)
        await _grow(event, pools, registration, by)
    registration.seats = seats
    registration.companions = list(companions)
    await save_standing(registration)
    await promote(event, pools, now=now)
    await _tell(registration, {"seats": [before, seats]}, actor=actor, now=now)
    return registration


async def _grow(
    event: Event, pools: LockedPools, registration: Registration, by: int
) -> None:
    """Move all counters of a registration by so many seats."""
    held = await _held(pools, registration)
    if by > 0 and not all(_has_room(event, pool, by) for pool in held):
        raise rules.NoFreeSeat
    for pool in held:
        pool.join(by)
        is_own = pool.id == registration.pool_id
        if is_own and registration.state is State.UNCONFIRMED:
            pool.unconfirmed += by
    for wish in await wishes_of(registration):
        pool = pools[wish.pool_id]
        pool.demand += by
        if wish.offered_until:
            if by > 0 and not pool.fits(by):
                raise rules.NoFreeSeat
            pool.taken += by
        wish.seats += by
        await wish.save(update_fields=["seats"])


async def _held(pools: LockedPools, registration: Registration) -> list[Counters]:
    """The pools in which the registration itself holds seats, the total with them."""
    held: list[Counters] = []
    if registration.holds_seat:
        held.append(pools[registration.pool_id])
    if pools.total and (registration.holds_seat or registration.state is State.OFFERED):
        held.append(pools.total)
    booked = await Booking.filter(registration_id=registration.id, holds_seat=True)
    return held + [pools[it.pool_id] for it in booked]


def _has_room(event: Event, pool: Counters, more: int) -> bool:
    return rules.has_room(
        pool.seats,
        taken=pool.taken,
        demand=pool.demand,
        wanted=more,
        order=event.queue_order,
    )


@unit_of_work
async def choose_sessions(
    registration_id: UUID, sessions: Collection[UUID], *, actor: str, now: datetime
) -> Registration:
    """Choose other sessions; a seat left is given on, a full one is waited for.

    Raises `SessionNotBookable`, `RegistrationEnded` and what
    `rules.must_be_running` raises.
    """
    pools, registration = await locked(registration_id)
    event = registration.event
    rules.must_be_running(event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if any(session_id not in pools.sessions for session_id in sessions):
        raise rules.SessionNotBookable
    wanted = {pools.sessions[session_id].id for session_id in sessions}
    booked = await Booking.filter(registration_id=registration_id)
    had = {it.pool_id for it in booked}
    if had == wanted:
        return registration
    for booking in booked:
        if booking.pool_id not in wanted:
            await _unbook(pools, registration, booking)
    for pool_id in sorted(wanted - had):
        await Booking.create(registration_id=registration_id, pool_id=pool_id)
    await queue_for_sessions(pools, registration, now=now)
    await promote(event, pools, now=now, newcomer=registration.id)
    names = {pool.id: str(pool.session_id) for pool in pools}
    changes = {"sessions": [sorted(names[it] for it in s) for s in (had, wanted)]}
    await _tell(registration, changes, actor=actor, now=now)
    return registration


async def _unbook(
    pools: LockedPools, registration: Registration, booking: Booking
) -> None:
    if booking.holds_seat:
        pools[booking.pool_id].leave(registration.seats)
    queued = Wish.filter(registration_id=registration.id, pool_id=booking.pool_id)
    await leave_queue(pools, registration, await queued)
    await booking.delete()


async def _tell(
    registration: Registration,
    changes: Mapping[str, object],
    *,
    actor: str,
    now: datetime,
) -> None:
    event = registration.event
    await audit.record(
        event.organiser_id,
        "registration.change",
        registration.id,
        actor=actor,
        now=now,
        changes=changes,
    )
    await announce(RegistrationChanged(event.organiser_id, event.id, registration.id))
