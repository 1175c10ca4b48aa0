"""What an event may be, and what a change of it means."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from werkraum_events.models import Entry, Event, Session, Status
from werkraum_events.slugs import WRONG, is_slug
from werkraum_events.wishes import Access, EventWish, Place, SessionWish, Terms
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import ChangedMeanwhile, Refused

LONGEST = timedelta(days=31)
MOST_SESSIONS = 100
MOST_TOPICS = 20
MOST_SERIES = 200
A_SECOND = timedelta(seconds=1)

# What moves the item in people's calendars (RFC 5546 2.1.4), what is only to be
# seen on pages and in feeds, and what nobody sees before the door.
MOVING = frozenset(
    "starts_at ends_at timezone onsite place_name place_address online".split()
)
BEHIND_THE_DOOR = frozenset(("online_link", "dial_in", "confirmation"))

# Any: columns have the types of their fields.
Columns = dict[str, Any]


class EventIsOff(Refused):
    status = 409
    code = "event_is_off"

    def message(self) -> str:
        return gettext("This event was called off. It can no longer be changed.")


class EventIsOver(Refused):
    status = 409
    code = "event_is_over"

    def message(self) -> str:
        return gettext("This event is over.")


class NotPublished(Refused):
    status = 409
    code = "not_published"

    def message(self) -> str:
        return gettext("Nobody knows about this event yet: it was never published.")


class TooManySeries(Refused):
    status = 409
    code = "too_many_series"

    def message(self) -> str:
        return gettext("An organiser has at most %(most)s series.", most=MOST_SERIES)


class TooManySessions(Refused):
    status = 409
    code = "too_many_sessions"

    def message(self) -> str:
        return gettext(
            "An event has at most %(most)s programme items.", most=MOST_SESSIONS
        )


def slug_taken() -> InvalidInput:
    said = gettext("Another event has this address already.")
    return InvalidInput([Fault("slug", "slug_taken", said)])


def series_unknown() -> InvalidInput:
    said = gettext("There is no series of this name. Please load the page again.")
    return InvalidInput([Fault("series", "unknown_series", said)])


def terms_must_be_possible(terms: Terms) -> None:
    """Raise `InvalidInput` where a code is asked for that nobody has set."""
    if terms.entry is Entry.CODE and not terms.entry_code:
        said = gettext("Please set the code that people have to know.")
        raise InvalidInput([Fault("entry_code", "missing", said)])


def terms_of(event: Event) -> Terms:
    """Read the terms of an event from its columns."""
    return Terms(**{name: getattr(event, name) for name in asdict(Terms())})


def terms_columns(terms: Terms) -> Columns:
    """Spread terms over the columns of an event."""
    return asdict(terms)


def must_be_possible(
    wish: EventWish, *, now: datetime, before: Event | None = None
) -> None:
    """Raise `InvalidInput` with everything that is wrong with a wish."""
    faults = [*_faults(wish), *_faults_of_move(wish, before, now)]
    if faults:
        raise InvalidInput(faults)


def _faults(wish: EventWish) -> Iterator[Fault]:
    if not is_slug(wish.slug):
        yield Fault("slug", "slug", gettext(WRONG))
    if not any(wish.title.values()):
        said = gettext("Please give the event a title in at least one language.")
        yield Fault("title", "missing", said)
    if not wish.modes:
        said = gettext("Please choose how people can take part.")
        yield Fault("modes", "no_mode", said)
    if len(wish.topics) > MOST_TOPICS:
        said = gettext("Please choose at most %(most)s topics.", most=MOST_TOPICS)
        yield Fault("topics", "too_many", said)
    yield from _faults_of_span(wish.starts_at, wish.ends_at)
    yield from _faults_of_registration(wish)


def _faults_of_span(starts_at: datetime, ends_at: datetime) -> Iterator[Fault]:
    if ends_at <= starts_at:
        yield Fault(
            "ends_at", "ends_before_start", gettext("The end must be after the start.")
        )
    elif ends_at - starts_at > LONGEST:
        said = gettext("An event lasts 31 days at most.")
        yield Fault("ends_at", "too_long", said)


def _faults_of_registration(wish: EventWish) -> Iterator[Fault]:
    closes = wish.registration_closes_at or wish.starts_at
    if closes > wish.starts_at:
        said = gettext("Registration closes at the start of the event at the latest.")
        yield Fault("registration_closes_at", "closes_after_start", said)
    if wish.registration_opens_at and wish.registration_opens_at >= closes:
        said = gettext("Registration must open before it closes.")
        yield Fault("registration_opens_at", "opens_after_close", said)


def _faults_of_move(
    wish: EventWish, before: Event | None, now: datetime
) -> Iterator[Fault]:
    if wish.starts_at <= now and (before is None or wish.starts_at != before.starts_at):
        yield _in_the_past("starts_at")
    elif before and wish.ends_at <= now and wish.ends_at != before.ends_at:
        yield _in_the_past("ends_at")
    if before and before.status is not Status.DRAFT and wish.slug != before.slug:
        said = gettext("People have this address already, so it stays.")
        yield Fault("slug", "stays", said)


def _in_the_past(field: str) -> Fault:
    return Fault(field, "in_the_past", gettext("This moment has passed already."))


def must_be_current(event: Event, version: int | None) -> None:
    """Refuse to overwrite what somebody else saved since the form was loaded."""
    if version is not None and version != event.version:
        raise ChangedMeanwhile


def must_not_be_off(event: Event) -> None:
    if event.status is Status.CANCELLED:
        raise EventIsOff


def must_be_publishable(event: Event, *, now: datetime) -> None:
    """An event is published while it can still be attended."""
    if event.starts_at <= now:
        raise InvalidInput([_in_the_past("starts_at")])


def must_be_cancellable(event: Event, *, now: datetime) -> None:
    if event.status is Status.DRAFT:
        raise NotPublished
    if event.is_past(now):
        raise EventIsOver


def last_seen_of(event: Event) -> Columns:
    """Keep what calendars show of an event that is taken off the programme."""
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "sequence": event.sequence,
        "revised_at": event.revised_at.isoformat(),
    }


def columns_of(wish: EventWish, series_id: UUID | None = None) -> Columns:
    """Spread a wish over the columns of an event; its series has been looked up."""
    place, access = wish.onsite or Place(""), wish.online or Access()
    return {
        "slug": wish.slug,
        "kind": wish.kind,
        "title": _said(wish.title),
        "summary": _said(wish.summary),
        "description": _said(wish.description),
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "timezone": wish.timezone,
        "onsite": wish.onsite is not None,
        "place_name": place.name,
        "place_address": place.address,
        "online": wish.online is not None,
        "online_link": access.link,
        "dial_in": access.dial_in,
        "registration_opens_at": wish.registration_opens_at,
        "registration_closes_at": wish.registration_closes_at,
        "confirmation": wish.confirmation,
        "waiting_list": wish.waiting_list,
        "series_id": series_id,
    }


def wish_of(
    event: Event, topics: tuple[str, ...] = (), series: str | None = None
) -> EventWish:
    """Say an event as a wish: what saving it again would ask for."""
    onsite = Place(event.place_name, event.place_address) if event.onsite else None
    return EventWish(
        slug=event.slug,
        kind=event.kind,
        title=event.title,
        summary=event.summary,
        description=event.description,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        onsite=onsite,
        online=Access(event.online_link, event.dial_in) if event.online else None,
        registration_opens_at=event.registration_opens_at,
        registration_closes_at=event.registration_closes_at,
        confirmation=event.confirmation,
        waiting_list=event.waiting_list,
        topics=topics,
        series=series,
    )


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def changes(event: Event, wanted: Columns) -> Columns:
    """Find the columns that an event has otherwise than wanted."""
    return {
        name: value for name, value in wanted.items() if getattr(event, name) != value
    }


def is_moved(names: frozenset[str]) -> bool:
    """Whether people's calendars must follow."""
    return bool(names & MOVING)


def is_visible(names: frozenset[str]) -> bool:
    return bool(names - BEHIND_THE_DOOR)


def next_revision(event: Event, *, now: datetime) -> datetime:
    """Tell the DTSTAMP of a change: whole seconds, later than every one before.

    A calendar with the same SEQUENCE takes only what is later (RFC 5546 2.1.5).
    """
    return max(now.replace(microsecond=0), event.revised_at + A_SECOND)


def revise(event: Event, names: frozenset[str], *, now: datetime) -> None:
    """Count a change of these columns, whose new values are set already.

    SEQUENCE rises from the moment the event is published: before, no calendar
    has it.
    """
    event.version += 1
    if is_visible(names):
        event.revised_at = next_revision(event, now=now)
    if is_moved(names | ({"starts_at"} if "status" in names else frozenset())):
        event.sequence += event.status is not Status.DRAFT


def session_must_be_possible(wish: SessionWish, event: Event) -> None:
    """Raise `InvalidInput` unless a programme item lies inside its event."""
    faults = list(_faults_of_session(wish, event))
    if faults:
        raise InvalidInput(faults)


def _faults_of_session(wish: SessionWish, event: Event) -> Iterator[Fault]:
    if not any(wish.title.values()):
        said = gettext("Please give the item a title in at least one language.")
        yield Fault("title", "missing", said)
    yield from _faults_of_span(wish.starts_at, wish.ends_at)
    outside = gettext("The programme item must lie within the times of the event.")
    if not event.starts_at <= wish.starts_at < event.ends_at:
        yield Fault("starts_at", "outside_event", outside)
    elif wish.ends_at > event.ends_at:
        yield Fault("ends_at", "outside_event", outside)


def session_moves(session: Session, wish: SessionWish) -> bool:
    """Whether calendars must look again (RFC 5546 2.1.4); the place is the event's."""
    return (session.starts_at, session.ends_at) != (wish.starts_at, wish.ends_at)


def sessions_must_fit(sessions: list[Session], wish: EventWish) -> None:
    """Refuse event times that leave programme items outside, or no time for them.

    An item of the hour that is left out when summer time begins may end before it.
    """
    inside = all(
        wish.starts_at <= it.starts_at < it.ends_at <= wish.ends_at for it in sessions
    )
    if not inside:
        said = gettext(
            "The programme takes longer than that. Please change its items first."
        )
        raise InvalidInput([Fault("ends_at", "programme_outside", said)])
