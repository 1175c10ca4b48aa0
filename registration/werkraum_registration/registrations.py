"""Deeds on a registration: register, confirm, cancel, switch the mode."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import Busy, NotFound
from werkraum_registration import demand_counter, links, rules
from werkraum_registration.announcements import (
    ModeSwitched,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationMade,
    RegistrationWaitlisted,
)
from werkraum_registration.demand_counter import Place
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import active_registration
from werkraum_registration.waiting_list import move_up

# A registration that ends, or an event that is saved, just while somebody registers.
TRIES = 3

Fact = (
    type[RegistrationMade] | type[RegistrationConfirmed] | type[RegistrationWaitlisted]
)
FACTS: dict[State, Fact] = {
    State.UNCONFIRMED: RegistrationMade,
    State.CONFIRMED: RegistrationConfirmed,
    State.WAITLISTED: RegistrationWaitlisted,
}


@dataclass(frozen=True)
class Applicant:
    """Who wants to take part; the address as `mail_address` returns it."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Registered:
    """The outcome; `created` is False where it was there already."""

    id: UUID
    event_id: UUID
    state: State
    mode: Mode
    generation: int
    created: bool = False

    @classmethod
    def found(cls, registration: Registration) -> Self:
        return cls(
            registration.id,
            registration.event_id,
            registration.state,
            registration.mode,
            registration.generation,
        )

    @property
    def personal_token(self) -> str:
        """The token of the personal page, for the owner of the address."""
        return links.manage_token(self.id, self.generation)


@unit_of_work
async def register(
    event_id: UUID, applicant: Applicant, mode: Mode, *, vouched: bool, now: datetime
) -> Registered:
    """Register the person, or answer with the registration that is there.

    `vouched`: the caller knows that name and address belong together. Raises
    `NotFound`, what `rules.must_be_open` raises, `ModeNotOffered` and `Full`.
    """
    event = await Event.get_or_none(id=event_id)
    if event is None:
        raise NotFound
    return await enter(event, applicant, mode, vouched=vouched, now=now)


@unit_of_work
async def enter(
    event: Event, applicant: Applicant, mode: Mode, *, vouched: bool, now: datetime
) -> Registered:
    """Do what `register` does with an event that has just been read."""
    for _ in range(TRIES):
        rules.must_be_open(event, now=now)
        rules.must_offer(event, mode)
        # Locks the pool: two people who want the last seat take turns.
        place = await demand_counter.place_for(event, mode)
        if made := await _insert(event, applicant, mode, place, vouched, now):
            await _tell(event, made, now=now)
            return made
        await demand_counter.leave(place)
        known = await active_registration(event.id, normalised(applicant.email))
        if known:
            return Registered.found(known)
        event = await Event.get(id=event.id)
    raise Busy


async def _insert(
    event: Event,
    applicant: Applicant,
    mode: Mode,
    place: Place,
    vouched: bool,
    now: datetime,
) -> Registered | None:
    """Write the row; None if the address is registered or the event has changed.

    The version says that the event is still the one the rules have looked at:
    this statement sees what was committed while we waited for the pool.
    """
    identifier = uuid7()
    confirm_hash, manage_hash = links.hashes(identifier, 1)
    written = await rows(
        "INSERT INTO registration (id, event_id, pool_id, mode, name, email,"
        " email_key, language, state, holds_seat, number, generation, confirm_hash,"
        " manage_hash, created_at, confirmed_at, vouched_at)"
        " SELECT :id, :event, :pool, :mode, :name, :email, :key, :language, :state,"
        " :holds, :number, 1, :confirm, :manage, :now, :confirmed, :vouched"
        " FROM event WHERE event.id = :event AND event.version = :version"
        " AND event.status = 'published' ON CONFLICT DO NOTHING RETURNING id",
        id=identifier,
        event=event.id,
        pool=place.pool_id,
        mode=mode.value,
        name=applicant.name,
        email=applicant.email,
        key=normalised(applicant.email),
        language=applicant.language,
        state=place.state.value,
        holds=place.holds_seat,
        number=place.number,
        confirm=confirm_hash,
        manage=manage_hash,
        now=now,
        confirmed=now if place.state is State.CONFIRMED else None,
        vouched=now if vouched else None,
        version=event.version,
    )
    if not written:
        return None
    return Registered(identifier, event.id, place.state, mode, 1, created=True)


async def _tell(event: Event, made: Registered, *, now: datetime) -> None:
    await audit.record(
        event.organiser_id,
        "registration.register",
        made.id,
        actor=audit.ATTENDEE,
        now=now,
        changes={"state": [None, made.state.value], "mode": [None, made.mode.value]},
    )
    await announce(FACTS[made.state](event.organiser_id, event.id, made.id))


@unit_of_work
async def confirm(token: str, *, now: datetime) -> Registered:
    """Confirm the address behind a letter's button: a seat, or the waiting list.

    Pressing twice answers the same. Raises `UnknownLink`, `RegistrationEnded`,
    `EventCalledOff`, `EventOver`, and `Full` where nobody may wait.
    """
    token_hash = links.hash_of(token)
    pool_id = await demand_counter.confirm_hold(token_hash, now=now)
    if pool_id is None:
        return await _confirm_without_hold(token_hash, now=now)
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
        return await _confirm_without_hold(token_hash, now=now)
    row = confirmed[0]
    made = Registered(
        id=UUID(str(row["id"])),
        event_id=UUID(str(row["event_id"])),
        state=State.CONFIRMED,
        mode=Mode(row["mode"]),
        generation=row["generation"],
    )
    await _tell_confirmed(UUID(str(row["organiser_id"])), made, now=now)
    return made


async def _confirm_without_hold(token_hash: str, *, now: datetime) -> Registered:
    """Confirm somebody who keeps no seat: now comes the turn in the order."""
    await _lock_pool_of("confirm_hash", token_hash)
    registration = await Registration.get(confirm_hash=token_hash).select_related(
        "event"
    )
    event = registration.event
    rules.must_be_running(event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if registration.state is not State.UNCONFIRMED:
        return Registered.found(registration)
    if registration.holds_seat:
        # The event came back between our two looks at it.
        raise Busy
    place = await demand_counter.place_at_once(event, registration.mode)
    registration.state = place.state
    registration.holds_seat = place.holds_seat
    registration.number = place.number
    registration.vouched_at = now
    registration.confirmed_at = now if place.holds_seat else None
    await registration.save()
    made = Registered.found(registration)
    await _tell_confirmed(event.organiser_id, made, now=now)
    return made


async def _tell_confirmed(organiser: UUID, made: Registered, *, now: datetime) -> None:
    await audit.record(
        organiser,
        "registration.confirm",
        made.id,
        actor=audit.ATTENDEE,
        now=now,
        changes={"state": [State.UNCONFIRMED.value, made.state.value]},
    )
    await announce(FACTS[made.state](organiser, made.event_id, made.id))


@unit_of_work
async def cancel(registration_id: UUID, *, actor: str, now: datetime) -> Registration:
    """Take the person out; whoever waits longest moves up.

    Harmless the second time. Raises `NotFound`, `EventCalledOff`, `EventOver`.
    """
    registration = await locked(registration_id)
    if registration.state in ENDED:
        return registration
    rules.must_be_running(registration.event, now=now)
    return await end(registration, State.CANCELLED, actor=actor, now=now)


async def end(
    registration: Registration, state: State, *, actor: str, now: datetime
) -> Registration:
    """End a registration that was read under the lock of its pool, event with it."""
    event, before = registration.event, registration.state
    pool = await demand_counter.leave(place_of(registration))
    registration.state = state
    registration.holds_seat = False
    registration.ended_at = now
    await registration.save()
    await move_up(event, pool, now=now)
    await audit.record(
        event.organiser_id,
        f"registration.{'cancel' if state is State.CANCELLED else 'expire'}",
        registration.id,
        actor=actor,
        now=now,
        changes={"state": [before.value, state.value]},
    )
    if before is not State.UNCONFIRMED:
        fact = RegistrationCancelled(event.organiser_id, event.id, registration.id)
        await announce(fact)
    return registration


@unit_of_work
async def switch_mode(
    registration_id: UUID, mode: Mode, *, actor: str, now: datetime
) -> Registration:
    """Move the person to the other way to take part; the place left is given on.

    Raises `OtherModeFull` where no seat is free there, and nothing is lost;
    `ModeNotOffered`, `NotConfirmedYet`, `RegistrationEnded`, `EventCalledOff`,
    `EventOver`. Asking for the mode one has changes nothing.
    """
    await _lock_all_pools_of(registration_id)
    registration = await _read(registration_id)
    event, before = registration.event, registration.state
    _must_be_changeable(registration, now=now)
    rules.must_offer(event, mode)
    if registration.mode is mode:
        return registration
    target = await demand_counter.enter(event.id, mode)
    if target is None:
        raise rules.ModeNotOffered
    if rules.state_for(target.demand, seats=target.seats) is State.WAITLISTED:
        raise rules.OtherModeFull
    left = await demand_counter.leave(place_of(registration))
    registration.pool_id = target.id
    registration.mode = mode
    registration.number = target.issued
    registration.state = State.CONFIRMED
    registration.holds_seat = True
    registration.confirmed_at = registration.confirmed_at or now
    await registration.save()
    await move_up(event, left, now=now)
    await audit.record(
        event.organiser_id,
        "registration.switch_mode",
        registration.id,
        actor=actor,
        now=now,
        changes={"mode": [left.mode.value, mode.value]},
    )
    # Whoever waited has a seat now: that is the news, not the mode.
    told = ModeSwitched if before is State.CONFIRMED else RegistrationConfirmed
    await announce(told(event.organiser_id, event.id, registration.id))
    return registration


def _must_be_changeable(registration: Registration, *, now: datetime) -> None:
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if registration.state is State.UNCONFIRMED:
        raise rules.NotConfirmedYet


@unit_of_work
async def vouch(registration_id: UUID, *, now: datetime) -> None:
    """Note that the owner of the address has pressed a button: the name is theirs."""
    await changed(
        "UPDATE registration SET vouched_at = :now"
        " WHERE id = :id AND vouched_at IS NULL",
        now=now,
        id=registration_id,
    )


async def locked(registration_id: UUID) -> Registration:
    """Lock the pool of a registration, then read it with its event."""
    pool_id = await _lock_pool_of("id", registration_id)
    registration = await _read(registration_id)
    if registration.pool_id != pool_id:
        # Switched its mode while we waited; a deadlock here is tried again.
        await demand_counter.lock(registration.pool_id)
        registration = await _read(registration_id)
    return registration


async def _read(registration_id: UUID) -> Registration:
    return await Registration.get(id=registration_id).select_related("event")


async def _lock_pool_of(column: str, value: UUID | str) -> UUID:
    found = await rows(
        "UPDATE seat_pool SET demand = demand WHERE id ="
        f" (SELECT pool_id FROM registration WHERE {column} = :value) RETURNING id",
        value=value,
    )
    if not found:
        raise rules.UnknownLink
    return UUID(str(found[0]["id"]))


async def _lock_all_pools_of(registration_id: UUID) -> None:
    """Lock the pools of the event in the order of their ids."""
    pools = await rows(
        "SELECT id FROM seat_pool WHERE event_id ="
        " (SELECT event_id FROM registration WHERE id = :id) ORDER BY id",
        id=registration_id,
    )
    if not pools:
        raise NotFound
    for row in pools:
        await demand_counter.lock(UUID(str(row["id"])))


def place_of(registration: Registration) -> Place:
    """What a registration takes of its pool's counters."""
    return Place(
        registration.pool_id,
        registration.state,
        registration.holds_seat,
        registration.number,
    )
