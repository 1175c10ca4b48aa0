"""What is allowed and what follows; every "no" of registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from werkraum_events.models import Event, Mode, QueueOrder, Status
from werkraum_foundation.language import gettext, ngettext, noop
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import moment
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration.models import ENDED, State, Wanted

# How long an address that is not confirmed keeps its seat, and its place at all.
HOLD = timedelta(hours=24)
HOLD_WHILE_WANTED = timedelta(minutes=60)

# How long a cancellation can be taken back.
UNDO = timedelta(minutes=15)

# Who has a seat for sure, or as soon as the organiser agrees.
WITH_SEAT = (State.CONFIRMED, State.PENDING_APPROVAL)

# Offers count working hours: Monday to Friday, by the clock of the place.
WORK_BEGINS, WORK_ENDS = time(8), time(18)
SATURDAY = 5
# Near the start an offer lasts this share of what is left until registration
# closes, and half an hour at least.
SHARE_OF_THE_REST = 4
SHORTEST_OFFER = timedelta(minutes=30)

WAYS = {Mode.ONSITE: noop("on site"), Mode.ONLINE: noop("online")}


class NotOpenYet(Refused):
    code = "not_open_yet"

    def __init__(self, opens_at: datetime, timezone: str) -> None:
        super().__init__(opens_at)
        self.opens_at, self.timezone = opens_at, timezone

    def message(self) -> str:
        when = moment(self.opens_at, self.timezone)
        return gettext("Registration opens on %(when)s.", when=when)


class RegistrationClosed(Refused):
    status = 410
    code = "registration_closed"

    def __init__(self, closed_at: datetime, timezone: str) -> None:
        super().__init__(closed_at)
        self.closed_at, self.timezone = closed_at, timezone

    def message(self) -> str:
        when = moment(self.closed_at, self.timezone)
        return gettext("Registration closed on %(when)s.", when=when)


class EventOver(Refused):
    code = "event_over"

    def __init__(self, ended_at: datetime, timezone: str) -> None:
        super().__init__(ended_at)
        self.ended_at, self.timezone = ended_at, timezone

    def message(self) -> str:
        when = moment(self.ended_at, self.timezone)
        return gettext("This event ended on %(when)s.", when=when)


class EventCalledOff(Refused):
    status = 410
    code = "event_cancelled"

    def message(self) -> str:
        return gettext("This event has been called off.")


class Full(Refused):
    """No seat is free, and the event keeps no waiting list."""

    code = "full"

    def message(self) -> str:
        return gettext("All seats are taken.")


class OtherModeFull(Refused):
    code = "full"

    def message(self) -> str:
        return gettext(
            "All seats of the other kind are taken. Your registration stays as it is."
        )


class NoFreeSeat(Refused):
    """An organiser would seat somebody beyond the limit."""

    code = "no_free_seat"

    def message(self) -> str:
        return gettext("There is no free seat. Please raise the number of seats first.")


class NotWaiting(Refused):
    code = "not_waiting"

    def message(self) -> str:
        return gettext("This registration does not wait for a seat there.")


class NoOffer(Refused):
    """There is no offer, no more, or its deadline has passed."""

    code = "no_offer"

    def message(self) -> str:
        return gettext("This seat is no longer offered: the time to take it is over.")


class HasSeat(Refused):
    code = "has_seat"

    def message(self) -> str:
        return gettext("You have this seat already.")


class NoWaitingList(Refused):
    code = "no_waiting_list"

    def message(self) -> str:
        return gettext("This event keeps no waiting list.")


class CannotRestore(Refused):
    """The quarter of an hour is over, or somebody else ended it."""

    status = 410
    code = "cannot_restore"

    def message(self) -> str:
        return gettext(
            "The cancellation can no longer be taken back. "
            "You are welcome to register again."
        )


class AlreadyRegistered(Refused):
    """The address has registered again in the meantime."""

    code = "already_registered"

    def message(self) -> str:
        return gettext("You have registered again already.")


class PartyTooLarge(Refused):
    status = 422
    code = "party_too_large"

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self.largest = largest

    def message(self) -> str:
        return ngettext(
            "One registration takes one seat.",
            "One registration takes at most %(number)s seats.",
            self.largest,
        )


class SessionNotBookable(Refused):
    code = "session_not_bookable"

    def message(self) -> str:
        return gettext("This workshop cannot be chosen any more.")


class ModeNotOffered(Refused):
    """The organiser offers this way to take part no longer, or never did."""

    code = "mode_not_offered"

    def message(self) -> str:
        return gettext("It is not possible to take part in this way.")


class BelowTaken(Refused):
    """Fewer seats than people who have one."""

    code = "below_taken"

    def __init__(self, mode: Mode | None, taken: int) -> None:
        super().__init__(mode, taken)
        self.mode, self.taken = mode, taken

    def message(self) -> str:
        way = gettext(WAYS[self.mode]) if self.mode else gettext("at this event")
        return ngettext(
            "One person has a seat %(way)s already; there cannot be fewer seats.",
            "%(number)s people have a seat %(way)s already; "
            "there cannot be fewer seats.",
            self.taken,
            way=way,
        )


class ModeInUse(BelowTaken):
    """A way to take part is to end in which people have seats."""

    code = "mode_in_use"

    def message(self) -> str:
        way = gettext(WAYS[self.mode]) if self.mode else gettext("at this event")
        return ngettext(
            "One person has a seat %(way)s. This way to take part can only end "
            "when that seat is given back or changed.",
            "%(number)s people have a seat %(way)s. This way to take part can only "
            "end when those seats are given back or changed.",
            self.taken,
            way=way,
        )


class SessionSeatsTaken(Refused):
    """Fewer seats in a session than people who have one."""

    code = "below_taken"

    def __init__(self, session_id: UUID, taken: int) -> None:
        super().__init__(session_id, taken)
        self.session_id, self.taken = session_id, taken

    def message(self) -> str:
        return ngettext(
            "One seat is taken already; there cannot be fewer.",
            "%(number)s seats are taken already; there cannot be fewer.",
            self.taken,
        )


class RegistrationEnded(Refused):
    """Cancelled, or not confirmed in time."""

    status = 410
    code = "registration_ended"

    def message(self) -> str:
        return gettext(
            "This registration has ended. You are welcome to register again."
        )


class NotConfirmedYet(Refused):
    code = "not_confirmed_yet"

    def message(self) -> str:
        return gettext(
            "Please confirm your address first, with the button in our letter."
        )


class UnknownLink(NotFound):
    """A personal link that opens nothing: cut off, replaced, or never there."""

    def message(self) -> str:
        return gettext("This personal link does not open anything.")


def state_for(demand: int, *, seats: int | None) -> State:
    """Decide what the newest in the demand gets: a seat or the waiting list.

    `demand` counts people with or waiting for a seat, the newest included;
    `seats` is None where there is no limit.
    """
    if seats is None or demand <= seats:
        return State.CONFIRMED
    return State.WAITLISTED


@dataclass(frozen=True)
class Next:
    """A place in a queue, as the one who gives seats away sees it.

    `counts_in_total` is False for who has a seat in the other mode already.
    """

    wish_id: UUID
    registration_id: UUID
    pool_id: UUID
    seats: int
    priority: int
    queued_at: datetime
    is_session: bool = False
    counts_in_total: bool = True


def next_in_line(
    queue: Sequence[Next],
    *,
    free: Mapping[UUID, int | None],
    total: int | None,
    order: QueueOrder,
) -> list[Next]:
    """Choose who gets the free seats, in the order of (priority, queued at, id).

    A party waits for all of its seats. In strict order it holds up those behind
    it, for the pool or the total it does not fit into; to fill gaps, it does not.
    Nobody gets two seats at the event in one go. `free` and `total` are seats,
    None where there is no limit.
    """
    granted: list[Next] = []
    left, seated, shut = dict(free), set[UUID](), set[UUID | None]()
    for each in sorted(queue, key=_in_order):
        pool = left[each.pool_id]
        fits_pool = pool is None or each.seats <= pool
        fits_total = not each.counts_in_total or total is None or each.seats <= total
        held_up = each.pool_id in shut or (each.counts_in_total and None in shut)
        if held_up or (each.registration_id in seated and not each.is_session):
            continue
        if not fits_pool or not fits_total:
            if order is QueueOrder.STRICT:
                shut.add(None if fits_pool else each.pool_id)
            continue
        granted.append(each)
        if pool is not None:
            left[each.pool_id] = pool - each.seats
        if total is not None and each.counts_in_total:
            total -= each.seats
        if not each.is_session:
            seated.add(each.registration_id)
    return granted


def _in_order(each: Next) -> tuple[int, datetime, UUID]:
    # Wishes made at one moment have ids in the order of making.
    return -each.priority, each.queued_at, each.wish_id


def has_room(
    pool_seats: int | None,
    *,
    taken: int,
    demand: int,
    wanted: int,
    order: QueueOrder,
) -> bool:
    """Whether a newcomer gets seats without passing somebody who waits."""
    if pool_seats is None:
        return True
    before = taken if order is QueueOrder.FILL else demand
    return before + wanted <= pool_seats


def may_hold(seats: int | None, *, unconfirmed: int, wanted: int) -> bool:
    """Whether an address that is not confirmed may keep seats: at most half of the
    seats, and at least one, are kept so.
    """
    return seats is None or unconfirmed == 0 or 2 * (unconfirmed + wanted) <= seats


def state_with_seat(event: Event, *, approved: bool) -> State:
    """Tell what somebody is who gets a seat."""
    if event.approval and not approved:
        return State.PENDING_APPROVAL
    return State.CONFIRMED


def still_wanted(wanted: Wanted, mode: Mode | None) -> tuple[Mode, ...]:
    """The ways to take part somebody still prefers who has a seat in this one."""
    if mode not in wanted.modes:
        return ()
    return wanted.modes[: wanted.modes.index(mode)]


def offer_until(event: Event, *, now: datetime) -> datetime:
    """Tell until when a seat is held that is offered now, in UTC.

    The event's working hours long; near the start a quarter of the time that is
    left, half an hour at least; never beyond the closing of registration.
    """
    closing = closes_at(event)
    worked = after_working_hours(now, event.offer_hours, event.timezone)
    shrunk = now + max((closing - now) / SHARE_OF_THE_REST, SHORTEST_OFFER)
    return min(worked, shrunk, closing)


def is_offered(until: datetime | None, event: Event, *, now: datetime) -> bool:
    """Whether an offer with this deadline can still be taken."""
    return until is not None and now < until and may_promote(event, now=now)


def after_working_hours(now: datetime, hours: int, timezone: str) -> datetime:
    """Count working hours from a moment, by the clock of the place; in UTC."""
    there = local(now, timezone)
    left = timedelta(hours=hours)
    while True:
        begins = datetime.combine(there.date(), WORK_BEGINS, there.tzinfo)
        ends = datetime.combine(there.date(), WORK_ENDS, there.tzinfo)
        # Wall clock: no hour is doubled or missing between 8 and 18.
        start = max(there, begins)
        if there.weekday() < SATURDAY and start < ends:
            if left <= ends - start:
                return (start + left).astimezone(UTC)
            left -= ends - start
        there = begins + timedelta(days=1)
        there = datetime.combine(there.date(), time(0), there.tzinfo)


def closes_at(event: Event) -> datetime:
    """Registration closes at the start unless the organiser says otherwise."""
    return event.registration_closes_at or event.starts_at


def must_be_running(event: Event, *, now: datetime) -> None:
    """Refuse to change anything at an event that is off or over."""
    if event.status is Status.DRAFT:
        raise NotFound
    if event.status is Status.CANCELLED:
        raise EventCalledOff
    if event.is_past(now):
        raise EventOver(event.ends_at, event.timezone)


def must_be_open(event: Event, *, now: datetime) -> None:
    """Refuse registrations before the opening and from the closing moment on."""
    must_be_running(event, now=now)
    opens_at = event.registration_opens_at
    if opens_at and now < opens_at:
        raise NotOpenYet(opens_at, event.timezone)
    if now >= closes_at(event):
        raise RegistrationClosed(closes_at(event), event.timezone)


def why_closed(event: Event, *, now: datetime) -> Refused | None:
    """Tell why there is no form to show, if there is none."""
    try:
        must_be_open(event, now=now)
    except Refused as refusal:
        return refusal
    return None


def must_offer(event: Event, wanted: Wanted) -> None:
    if any(mode not in event.modes for mode in wanted.modes):
        raise ModeNotOffered


def must_be_a_party(event: Event, seats: int) -> None:
    if not 1 <= seats <= event.largest_party:
        raise PartyTooLarge(event.largest_party)


def why_not_confirmable(state: State, event: Event, *, now: datetime) -> Refused | None:
    """Tell why the button of a first letter would confirm nothing any more."""
    if state in ENDED:
        return RegistrationEnded()
    try:
        must_be_running(event, now=now)
    except Refused as refusal:
        return refusal
    return None


def other_mode(event: Event, mode: Mode) -> Mode | None:
    """The way to take part that somebody could switch to."""
    return next((other for other in event.modes if other is not mode), None)


def may_promote(event: Event, *, now: datetime) -> bool:
    """Whether those who wait still get seats: not once registration has closed."""
    return event.status is Status.PUBLISHED and now < closes_at(event)


def must_be_restorable(
    state: State, *, ended_by: str, ended_at: datetime | None, actor: str, now: datetime
) -> None:
    """Refuse to take a cancellation back that is old or somebody else's."""
    in_time = ended_at is not None and now < ended_at + UNDO
    if state is not State.CANCELLED or ended_by != actor or not in_time:
        raise CannotRestore
