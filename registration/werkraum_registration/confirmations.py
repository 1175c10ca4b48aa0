"""Confirming an address: the button behind the first letter."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import demand_counter, links, rules
from werkraum_registration.models import ENDED, State
from werkraum_registration.queries import registration_id_by_confirm_hash
from werkraum_registration.registrations import FACTS, Registered, locked, take_turn
from werkraum_registration.seating import queue_for_sessions, save_standing


@unit_of_work
async def confirm(token: str, *, now: datetime) -> Registered:
    """Confirm the address behind a letter's button: a seat, or the waiting list.

    Pressing twice answers the same. Raises `UnknownLink`, `RegistrationEnded`,
    `EventCalledOff`, `EventOver`, and `Full` where nobody may wait.
    """
    token_hash = links.hash_of(token)
    pool_id = await demand_counter.confirm_hold(token_hash, now=now)
    if pool_id is None:
        return await _confirm_under_locks(token_hash, now=now)
    confirmed = await rows(
        "UPDATE registration SET state = 'confirmed', confirmed_at = :now,"
        " vouched_at = :now WHERE confirm_hash = :hash AND state = 'unconfirmed'"
        " AND holds_seat RETURNING id, event_id, mode, generation,"
        " (SELECT organiser_id FROM event WHERE event.id = registration.event_id)"
        " AS organiser_id",
        now=now,
        hash=token_hash,
    )
    if not confirmed:
        await demand_counter.keep_hold(pool_id)
        return await _confirm_under_locks(token_hash, now=now)
    row = confirmed[0]
    made = Registered(
        id=UUID(str(row["id"])),
        event_id=UUID(str(row["event_id"])),
        state=State.CONFIRMED,
        mode=Mode(row["mode"]),
        generation=row["generation"],
    )
    await _tell(UUID(str(row["organiser_id"])), made, now=now)
    return made


async def _confirm_under_locks(token_hash: str, *, now: datetime) -> Registered:
    """Confirm where more than one pool counts, or no seat is kept: now comes the
    turn in the order of confirming.
    """
    found = await registration_id_by_confirm_hash(token_hash)
    if found is None:
        raise rules.UnknownLink
    pools, registration = await locked(found)
    event = registration.event
    rules.must_be_running(event, now=now)
    if registration.state in ENDED or registration.confirm_hash != token_hash:
        raise rules.RegistrationEnded
    if registration.state is not State.UNCONFIRMED:
        return Registered.found(registration)
    registration.vouched_at = now
    if registration.holds_seat:
        pools[registration.pool_id].unconfirmed -= registration.seats
        registration.state = rules.state_with_seat(event, approved=False)
        registration.confirmed_at = now
    else:
        registration.state = State.WAITLISTED
    await save_standing(registration)
    await queue_for_sessions(pools, registration, now=now)
    # Confirming in time counts, even when registration has closed meanwhile.
    await take_turn(event, pools, registration, now=now, force=True)
    made = Registered.found(registration)
    await _tell(event.organiser_id, made, now=now)
    return made


async def _tell(organiser: UUID, made: Registered, *, now: datetime) -> None:
    await audit.record(
        organiser,
        "registration.confirm",
        made.id,
        actor=audit.ATTENDEE,
        now=now,
        changes={"state": [State.UNCONFIRMED.value, made.state.value]},
    )
    await announce(FACTS[made.state](organiser, made.event_id, made.id))
