"""Registering, and the end of a registration."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from werkraum_events.models import Confirmation, Event, Mode, QueueOrder
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import announce
from werkraum_foundation.outbox.announcements import Announcement
from werkraum_foundation.refusals import Busy, NotFound
from werkraum_registration import answers, consents, demand_counter, links, rules
from werkraum_registration.announcements import (
    ApprovalAwaited,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationMade,
    RegistrationRejected,
    RegistrationRestored,
    RegistrationWaitlisted,
)
from werkraum_registration.answer_reading import Value
from werkraum_registration.demand_counter import Place
from werkraum_registration.locked_pools import Counters, LockedPools, lock_pools
from werkraum_registration.models import (
    ENDED,
    Booking,
    Registration,
    Source,
    State,
    Wanted,
)
from werkraum_registration.promotion import promote
from werkraum_registration.queries import (
    active_registration,
    event_of_registration,
    registration_with_event,
)
from werkraum_registration.seating import (
    HEAD_OF_THE_QUEUE,
    hold,
    leave_queue,
    queue_up,
    release,
    save_standing,
    wishes_of,
)

# A registration that ends, or an event that is saved, just while somebody registers.
TRIES = 3

Fact = (
    type[RegistrationMade]
    | type[RegistrationConfirmed]
    | type[RegistrationWaitlisted]
    | type[ApprovalAwaited]
)
FACTS: dict[State, Fact] = {
    State.UNCONFIRMED: RegistrationMade,
    State.CONFIRMED: RegistrationConfirmed,
    State.PENDING_APPROVAL: ApprovalAwaited,
    State.WAITLISTED: RegistrationWaitlisted,
}
ENDINGS = {
    State.CANCELLED: "cancel",
    State.EXPIRED: "expire",
    State.REJECTED: "reject",
}


@dataclass(frozen=True)
class Applicant:
    """Who wants to take part; the address as `mail_address` returns it."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Application:
    """What somebody wants of an event; `seats` counts all of the party."""

    wanted: Wanted
    seats: int = 1
    companions: tuple[str, ...] = ()
    # Ids of the sessions that were chosen.
    sessions: tuple[UUID, ...] = ()
    source: Source = Source.FORM
    organisation_id: UUID | None = None
    batch_id: UUID | None = None
    # Question → checked answer, and the purposes that were agreed to.
    answers: Mapping[UUID, Value] = field(default_factory=dict)
    consents: tuple[str, ...] = ()


def wish_of(application: Application | Mode) -> Application:
    """A mode alone stands for one seat in it."""
    if isinstance(application, Mode):
        return Application(Wanted(application.value))
    return application


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
    def found(cls, registration: Registration, *, created: bool = False) -> Self:
        return cls(
            registration.id,
            registration.event_id,
            registration.state,
            registration.mode,
            registration.generation,
            created,
        )

    @property
    def personal_token(self) -> str:
        """The token of the personal page, for the owner of the address."""
        return links.manage_token(self.id, self.generation)


@unit_of_work
async def register(
    event_id: UUID,
    applicant: Applicant,
    application: Application | Mode,
    *,
    vouched: bool,
    now: datetime,
    actor: str = audit.ATTENDEE,
    by_hand: bool = False,
) -> Registered:
    """Register the person, or answer with the registration that is there.

    `vouched`: the caller knows that name and address belong together. `by_hand`:
    an organiser enters somebody, at any time until the end, and it counts at once.
    Raises `NotFound`, what `rules.must_be_open` raises, `ModeNotOffered`,
    `PartyTooLarge`, `SessionNotBookable` and `Full`.
    """
    event = await Event.get_or_none(id=event_id)
    if event is None:
        raise NotFound
    return await enter(
        event,
        applicant,
        application,
        vouched=vouched,
        now=now,
        actor=actor,
        by_hand=by_hand,
    )


@unit_of_work
async def enter(
    event: Event,
    applicant: Applicant,
    application: Application | Mode,
    *,
    vouched: bool,
    now: datetime,
    actor: str = audit.ATTENDEE,
    by_hand: bool = False,
) -> Registered:
    """Do what `register` does with an event that has just been read."""
    wish = wish_of(application)
    entry = Entry(applicant, wish, vouched, actor, by_hand, now)
    for _ in range(TRIES):
        entry.must_be_possible(event)
        made = await (
            _enter_one_pool(event, entry)
            if entry.is_plain(event)
            else _enter_pools(event, entry)
        )
        if made:
            return made
        known = await active_registration(event.id, normalised(applicant.email))
        if known:
            return Registered.found(known)
        event = await Event.get(id=event.id)
    raise Busy


@dataclass(frozen=True)
class Entry:
    """Everything about one registration that is being made."""

    applicant: Applicant
    application: Application
    vouched: bool
    actor: str
    by_hand: bool
    now: datetime

    def must_be_possible(self, event: Event) -> None:
        if self.by_hand:
            rules.must_be_running(event, now=self.now)
        else:
            rules.must_be_open(event, now=self.now)
            rules.must_be_a_party(event, self.application.seats)
        rules.must_offer(event, self.application.wanted)

    def is_plain(self, event: Event) -> bool:
        """Whether one statement on one pool decides: one seat, one wish."""
        wish = self.application
        return (
            wish.seats == 1
            and len(wish.wanted.modes) == 1
            and not wish.sessions
            and not self.by_hand
            and not event.approval
            and event.queue_order is QueueOrder.STRICT
        )

    def counts_at_once(self, event: Event) -> bool:
        return self.by_hand or event.confirmation is Confirmation.IMMEDIATE


async def _enter_one_pool(event: Event, entry: Entry) -> Registered | None:
    """Decide in one statement; None if the address is registered, or the event has
    changed, or has a total that binds too.
    """
    mode = entry.application.wanted.modes[0]
    # Locks the pool: two people who want the last seat take turns.
    place = await demand_counter.place_for(event, mode)
    if place is None:
        return await _enter_pools(event, entry)
    made = await _insert(event, entry, place)
    if made is None:
        await demand_counter.leave(place)
        return None
    if place.queued:
        await demand_counter.queue(made.id, place, now=entry.now)
    await _finish(event, entry, made)
    return made


async def _enter_pools(event: Event, entry: Entry) -> Registered | None:
    """Queue for what is wanted and take the turn: the way with several pools."""
    wish = entry.application
    pools = await lock_pools(event.id)
    chosen = [pools.of_mode(mode) for mode in wish.wanted.modes]
    at_once = entry.counts_at_once(event)
    held = None if at_once else holdable(event, pools, wish)
    pool = held or chosen[0]
    state = State.WAITLISTED if at_once else State.UNCONFIRMED
    mode = pool.mode or wish.wanted.modes[0]
    place = Place(pool.id, mode, state, holds_seat=held is not None)
    made = await _insert(event, entry, place)
    if made is None:
        return None
    await _book(pools, made.id, wish)
    if at_once:
        registration = await Registration.get(id=made.id)
        await take_turn(event, pools, registration, now=entry.now, force=entry.by_hand)
        made = Registered.found(registration, created=True)
    elif held:
        hold(pools, held, wish.seats)
    elif not event.waiting_list and not room_in(event, pools, wish):
        raise rules.Full
    await pools.save()
    await _finish(event, entry, made)
    return made


def room_in(event: Event, pools: LockedPools, wish: Application) -> Counters | None:
    """The first pool with room for a newcomer who passes nobody."""
    total = pools.total
    # Who queues for a mode because of the total stands before a newcomer too.
    queued = sum(it.waiting for it in pools.modes.values()) if total else 0
    if total and not rules.has_room(
        total.seats,
        taken=total.taken,
        demand=total.taken + queued,
        wanted=wish.seats,
        order=event.queue_order,
    ):
        return None
    for mode in wish.wanted.modes:
        pool = pools.of_mode(mode)
        if rules.has_room(
            pool.seats,
            taken=pool.taken,
            demand=pool.demand,
            wanted=wish.seats,
            order=event.queue_order,
        ):
            return pool
    return None


def holdable(event: Event, pools: LockedPools, wish: Application) -> Counters | None:
    """The pool in which an address that is not confirmed may keep seats."""
    pool = room_in(event, pools, wish)
    if pool and rules.may_hold(
        pool.seats, unconfirmed=pool.unconfirmed, wanted=wish.seats
    ):
        return pool
    return None


async def take_turn(
    event: Event,
    pools: LockedPools,
    registration: Registration,
    *,
    now: datetime,
    priority: int = 0,
    force: bool = False,
) -> None:
    """Queue for everything that is wanted and seat whose turn it is; saves all.

    Who has a seat already queues only for what is wanted more. Raises `Full`
    where nobody may wait.
    """
    modes = registration.wanted.modes
    if registration.holds_seat:
        modes = rules.still_wanted(registration.wanted, registration.mode)
    for mode in modes:
        await queue_up(registration, pools.of_mode(mode), now=now, priority=priority)
    if registration.holds_seat or is_any_free(pools, modes):
        await promote(event, pools, now=now, newcomer=registration.id, force=force)
        await registration.refresh_from_db()
    else:
        # In a rush, most come when everything is gone: nobody needs to be looked for.
        await pools.save()
    if not event.waiting_list:
        await _stop_waiting(pools, registration)
        await pools.save()


def is_any_free(pools: LockedPools, modes: Collection[Mode]) -> bool:
    """Whether somebody without a seat could get one at all; None is no limit."""
    total = pools.total
    return (total is None or total.free != 0) and any(
        pools.of_mode(mode).free != 0 for mode in modes
    )


async def _stop_waiting(pools: LockedPools, registration: Registration) -> None:
    if registration.state is State.WAITLISTED:
        raise rules.Full
    queued = [it for it in await wishes_of(registration) if pools[it.pool_id].mode]
    await leave_queue(pools, registration, queued)


async def _book(pools: LockedPools, registration_id: UUID, wish: Application) -> None:
    """Write down the sessions that were chosen; their seats come with the seat."""
    for session_id in wish.sessions:
        if session_id not in pools.sessions:
            raise rules.SessionNotBookable
        await Booking.create(
            registration_id=registration_id, pool_id=pools.sessions[session_id].id
        )


COLUMNS = (
    "id, event_id, pool_id, mode, wanted, seats, companions, name, email, email_key,"
    " language, organisation_id, state, holds_seat, source, batch_id, generation,"
    " confirm_hash, manage_hash, created_at, confirmed_at, vouched_at, ended_by, note"
)
VALUES = (
    ":id, :event, :pool, :mode, :wanted, :seats, :companions, :name, :email, :key,"
    " :language, :organisation, :state, :holds, :source, :batch, 1, :confirm, :manage,"
    " :now, :confirmed, :vouched, '', ''"
)


def row_of(
    event: Event, entry: Entry, place: Place, identifier: UUID
) -> dict[str, object]:
    """The `VALUES` of a new registration that has got this place."""
    wish, who = entry.application, entry.applicant
    confirm_hash, manage_hash = links.hashes(identifier, 1)
    return {
        "id": identifier,
        "event": event.id,
        "pool": place.pool_id,
        "mode": place.mode.value,
        "wanted": wish.wanted.value,
        "seats": wish.seats,
        "companions": list(wish.companions),
        "name": who.name,
        "email": who.email,
        "key": normalised(who.email),
        "language": who.language,
        "organisation": wish.organisation_id,
        "state": place.state.value,
        "holds": place.holds_seat,
        "source": wish.source.value,
        "batch": wish.batch_id,
        "confirm": confirm_hash,
        "manage": manage_hash,
        "now": entry.now,
        "confirmed": entry.now if place.state is State.CONFIRMED else None,
        "vouched": entry.now if entry.vouched else None,
    }


async def _insert(event: Event, entry: Entry, place: Place) -> Registered | None:
    """Write the row; None if the address is registered or the event has changed.

    The version says that the event is still the one the rules have looked at:
    this statement sees what was committed while we waited for the pool.
    """
    identifier = uuid7()
    written = await rows(
        f"INSERT INTO registration ({COLUMNS}) SELECT {VALUES} FROM event"
        " WHERE event.id = :event AND event.version = :version"
        " AND event.status = 'published' ON CONFLICT DO NOTHING RETURNING id",
        **row_of(event, entry, place, identifier),
        version=event.version,
    )
    if not written:
        return None
    return Registered(identifier, event.id, place.state, place.mode, 1, created=True)


async def _finish(event: Event, entry: Entry, made: Registered) -> None:
    """Keep what the person told us, and tell the others."""
    await keep_what_was_told(event, entry, made)
    await audit.record_each([noted(event, entry, made)])
    await announce(fact_of(event, made))


async def keep_what_was_told(event: Event, entry: Entry, made: Registered) -> None:
    """Store answers and consents that came with the form."""
    wish, now = entry.application, entry.now
    if wish.answers:
        await answers.give(made.id, event.id, wish.answers, now=now)
    if wish.consents:
        await consents.give(
            made.id,
            event.id,
            wish.consents,
            language=entry.applicant.language,
            channel="form",
            now=now,
        )


def noted(event: Event, entry: Entry, made: Registered) -> audit.Entry:
    """What the audit says of a new registration."""
    return audit.Entry(
        event.organiser_id,
        "registration.register",
        made.id,
        entry.actor,
        entry.now,
        {"state": [None, made.state.value], "mode": [None, made.mode.value]},
    )


def fact_of(event: Event, made: Registered) -> Announcement:
    return FACTS[made.state](event.organiser_id, event.id, made.id)


@unit_of_work
async def cancel(registration_id: UUID, *, actor: str, now: datetime) -> Registration:
    """Take the person out; whoever waits longest moves up.

    Harmless the second time. Raises `NotFound`, `EventCalledOff`, `EventOver`.
    """
    pools, registration = await locked(registration_id)
    if registration.state in ENDED:
        return registration
    rules.must_be_running(registration.event, now=now)
    return await end(pools, registration, State.CANCELLED, actor=actor, now=now)


async def end(
    pools: LockedPools,
    registration: Registration,
    state: State,
    *,
    actor: str,
    now: datetime,
) -> Registration:
    """End a registration that was read under the locks, event with it."""
    event, before = registration.event, registration.state
    await release(pools, registration)
    registration.state = state
    registration.decision = None
    registration.ended_at = now
    registration.ended_by = actor
    await save_standing(registration)
    await promote(event, pools, now=now)
    await audit.record(
        event.organiser_id,
        f"registration.{ENDINGS[state]}",
        registration.id,
        actor=actor,
        now=now,
        changes={"state": [before.value, state.value]},
    )
    if before is not State.UNCONFIRMED and state is not State.EXPIRED:
        told = (
            RegistrationRejected if state is State.REJECTED else RegistrationCancelled
        )
        await announce(told(event.organiser_id, event.id, registration.id))
    return registration


@unit_of_work
async def restore(registration_id: UUID, *, actor: str, now: datetime) -> Registration:
    """Take a cancellation back: the seat if it is free, else the head of the queue.

    Harmless the second time. Raises `CannotRestore` after a quarter of an hour or
    where somebody else ended it, `AlreadyRegistered` where the address has
    registered again, and what `rules.must_be_running` raises.
    """
    pools, registration = await locked(registration_id)
    event, before, mode = registration.event, registration.state, registration.mode
    if before not in ENDED:
        return registration
    rules.must_be_running(event, now=now)
    rules.must_be_restorable(
        before,
        ended_by=registration.ended_by,
        ended_at=registration.ended_at,
        actor=actor,
        now=now,
    )
    if await active_registration(event.id, registration.email_key):
        raise rules.AlreadyRegistered
    registration.state = State.WAITLISTED
    registration.ended_at, registration.ended_by = None, ""
    await save_standing(registration)
    # Whoever gave the seat back just now may have it even after the closing.
    await take_turn(
        event,
        pools,
        registration,
        now=now,
        priority=HEAD_OF_THE_QUEUE,
        force=True,
    )
    await audit.record(
        event.organiser_id,
        "registration.restore",
        registration.id,
        actor=actor,
        now=now,
        changes={
            "state": [before.value, registration.state.value],
            "mode": [mode.value, registration.mode.value],
        },
    )
    await announce(RegistrationRestored(event.organiser_id, event.id, registration.id))
    return registration


@unit_of_work
async def vouch(registration_id: UUID, *, now: datetime) -> None:
    """Note that the owner of the address has pressed a button: the name is theirs."""
    await changed(
        "UPDATE registration SET vouched_at = :now"
        " WHERE id = :id AND vouched_at IS NULL",
        now=now,
        id=registration_id,
    )


async def locked(registration_id: UUID) -> tuple[LockedPools, Registration]:
    """Lock the pools of a registration's event, then read it with the event."""
    pools = await lock_pools(await event_of_registration(registration_id))
    return pools, await registration_with_event(registration_id)
