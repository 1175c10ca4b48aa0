"""Changing how one takes part: switching the mode, waiting for the other one."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_registration import rules
from werkraum_registration.locked_pools import Counters, LockedPools
from werkraum_registration.models import ENDED, Registration, State, Wanted, Wish
from werkraum_registration.promotion import announce_seat, promote, seat_from_queue
from werkraum_registration.registrations import end, locked
from werkraum_registration.seating import (
    leave_queue,
    no_offer_is_left,
    occupies,
    queue_up,
    save_standing,
)


@unit_of_work
async def switch_mode(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Move the person to the other way to take part; the place left is given on.

    Raises `OtherModeFull` where no seat is free there, and nothing is lost;
    `ModeNotOffered`, `NotConfirmedYet`, `RegistrationEnded`, `EventCalledOff`,
    `EventOver`. Asking for the mode one has a seat in changes nothing.
    """
    pools, registration = await locked(registration_id)
    event = registration.event
    _must_be_changeable(registration, now=now)
    wanted = Wanted(mode.value)
    rules.must_offer(event, wanted)
    if registration.mode is mode and registration.holds_seat:
        return registration
    pool = pools.of_mode(mode)
    if not await _is_free_for(event, pools, pool, registration):
        raise rules.OtherModeFull
    registration.wanted = wanted
    await seat_from_queue(
        event,
        pools,
        registration,
        pool,
        now=now,
        actor=actor,
        action="registration.switch_mode",
    )
    await promote(event, pools, now=now)
    return registration


async def _is_free_for(
    event: Event, pools: LockedPools, pool: Counters, registration: Registration
) -> bool:
    """Whether the person gets a seat there at once, passing nobody who waits."""
    own = await Wish.filter(registration_id=registration.id, pool_id=pool.id).first()
    if own and own.offered_until:
        return True
    mine = own.seats if own else 0
    total = pools.total
    in_total = not total or occupies(registration) or total.fits(registration.seats)
    return in_total and rules.has_room(
        pool.seats,
        taken=pool.taken,
        demand=pool.demand - mine,
        wanted=registration.seats,
        order=event.queue_order,
    )


@unit_of_work
async def wait_for(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Wait for a seat in the other mode and keep the one there is.

    Whoever has no seat waits for both. A free seat is given at once. Raises
    `HasSeat`, `NoWaitingList`, and as `switch_mode` does.
    """
    pools, registration = await locked(registration_id)
    event = registration.event
    _must_be_changeable(registration, now=now)
    rules.must_offer(event, Wanted(mode.value))
    if registration.mode is mode and registration.holds_seat:
        raise rules.HasSeat
    if not event.waiting_list:
        raise rules.NoWaitingList
    pool, before = pools.of_mode(mode), registration.wanted
    if await Wish.exists(registration_id=registration_id, pool_id=pool.id):
        return registration
    if Mode.ONSITE in (mode, registration.mode) and not (
        registration.holds_seat and mode is Mode.ONLINE
    ):
        registration.wanted = Wanted.ONSITE_ELSE_ONLINE
    else:
        registration.wanted = Wanted(mode.value)
    await save_standing(registration)
    await queue_up(registration, pool, now=now)
    had, holds = registration.mode, registration.holds_seat
    await promote(event, pools, now=now, newcomer=registration.id)
    await registration.refresh_from_db(fields=["state", "mode", "holds_seat"])
    await audit.record(
        event.organiser_id,
        "registration.wait_for",
        registration.id,
        actor=actor,
        now=now,
        changes={"wanted": [before.value, registration.wanted.value]},
    )
    if registration.mode is not had or registration.holds_seat is not holds:
        await announce_seat(event, registration, converts=holds)
    return registration


@unit_of_work
async def stop_waiting(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Leave the queue of a mode; who has nothing else then is cancelled.

    Harmless the second time. Raises as `switch_mode` does.
    """
    pools, registration = await locked(registration_id)
    _must_be_changeable(registration, now=now)
    return await leave_wish(pools, registration, mode, actor=actor, now=now)


async def leave_wish(
    pools: LockedPools,
    registration: Registration,
    mode: Mode,
    *,
    actor: str,
    now: datetime,
) -> Registration:
    """Take back a wish, an offer with it; under the locks, event with it."""
    event, pool = registration.event, pools.of_mode(mode)
    queued = Wish.filter(registration_id=registration.id, pool_id=pool.id)
    wishes = await queued
    if not wishes:
        return registration
    await leave_queue(pools, registration, wishes)
    await no_offer_is_left(pools, registration)
    others = [it for it in registration.wanted.modes if it is not mode]
    registration.wanted = Wanted((others or [registration.mode])[0].value)
    await save_standing(registration)
    waits = await Wish.exists(registration_id=registration.id)
    if not registration.holds_seat and not waits:
        return await end(pools, registration, State.CANCELLED, actor=actor, now=now)
    await promote(event, pools, now=now)
    await audit.record(
        event.organiser_id,
        "registration.stop_waiting",
        registration.id,
        actor=actor,
        now=now,
        changes={"waits": [mode.value, None]},
    )
    return registration


def _must_be_changeable(registration: Registration, *, now: datetime) -> None:
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if registration.state is State.UNCONFIRMED:
        raise rules.NotConfirmedYet
