"""What is allowed and what follows; every "no" of registration."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.language import gettext, ngettext, noop
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import moment
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration.models import ENDED, State

# How long an address that is not confirmed keeps its seat, and its place at all.
HOLD = timedelta(hours=24)
HOLD_WHILE_WANTED = timedelta(minutes=60)

WAYS = {Mode.ONSITE: noop("on site"), Mode.ONLINE: noop("online")}


class Reminder(StrEnum):
    """The letters before an event that bring the link to the door."""

    DAY = "day"
    HOUR = "hour"


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


class ModeNotOffered(Refused):
    """The organiser offers this way to take part no longer, or never did."""

    code = "mode_not_offered"

    def message(self) -> str:
        return gettext("It is not possible to take part in this way.")


class BelowTaken(Refused):
    """Fewer seats than people who have one."""

    code = "below_taken"

    def __init__(self, mode: Mode, taken: int) -> None:
        super().__init__(mode, taken)
        self.mode, self.taken = mode, taken

    def message(self) -> str:
        way = gettext(WAYS[self.mode])
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
        way = gettext(WAYS[self.mode])
        return ngettext(
            "One person has a seat %(way)s. This way to take part can only end "
            "when that seat is given back or changed.",
            "%(number)s people have a seat %(way)s. This way to take part can only "
            "end when those seats are given back or changed.",
            self.taken,
            way=way,
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


def free_for_waiting(*, seats: int | None, taken: int, demand: int) -> int:
    """Count how many of those who wait move up."""
    waiting = demand - taken
    return waiting if seats is None else max(0, min(seats - taken, waiting))


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


def must_offer(event: Event, mode: Mode) -> None:
    if mode not in event.modes:
        raise ModeNotOffered


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
    """Whether a seat at this event is still worth something to those who wait."""
    return event.status is Status.PUBLISHED and not event.is_past(now)


def reminder_due(starts_at: datetime, timezone: str, kind: Reminder) -> datetime:
    """Tell when a reminder goes out, in UTC: the same time on the day before,
    by the clock of the place, or an hour before.
    """
    if kind is Reminder.HOUR:
        return starts_at - timedelta(hours=1)
    # On the clock: the night summer time begins, that is 23 hours before.
    return (local(starts_at, timezone) - timedelta(days=1)).astimezone(UTC)
