"""Events and their programme items as entries of calendars, for all or for one."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import lru_cache

from werkraum_calendar.items import Item, Status
from werkraum_events.models import Event, Mode, Session, Topic
from werkraum_events.models import Status as EventStatus
from werkraum_foundation import markdown
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.links import address_of

REMEMBERED = 5_000


def public_item(event: Event, topics: Iterable[Topic] = ()) -> Item:
    """Describe an event in the current language, as feeds and downloads have it.

    Everything leads to the event's page: files are passed on, so they hold no link
    of a person and no way into the room.
    """
    page = page_of(event)
    return Item(
        uid=event.uid,
        sequence=event.sequence,
        revised_at=event.revised_at,
        created_at=event.created_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        summary=pick(event.title)[0],
        description=_paragraphs(*_words(event), page),
        location=_location(event, page),
        url=page,
        status=_status(event),
        categories=tuple(pick(topic.name)[0] for topic in topics),
    )


def withdrawn_item(event: Event) -> Item:
    """Describe an event that is a draft again as it was last seen, and off.

    Of what has become of the draft it says nothing.
    """
    seen = event.withdrawn_as or {}
    return Item(
        uid=event.uid,
        sequence=seen["sequence"],
        revised_at=datetime.fromisoformat(seen["revised_at"]),
        created_at=event.created_at,
        starts_at=datetime.fromisoformat(seen["starts_at"]),
        ends_at=datetime.fromisoformat(seen["ends_at"]),
        timezone=seen["timezone"],
        summary=pick(seen["title"])[0],
        status=Status.CANCELLED,
    )


def as_last_seen(event: Event, place: str) -> Event:
    """Describe an event that is a draft again as somebody knows it, with its place.

    Of what has become of the draft it says nothing.
    """
    seen, told = copy(event), event.withdrawn_as or {}
    seen.title, seen.timezone = told["title"], told["timezone"]
    seen.starts_at = datetime.fromisoformat(told["starts_at"])
    seen.ends_at = datetime.fromisoformat(told["ends_at"])
    seen.summary, seen.description = {}, {}
    seen.onsite, seen.place_name, seen.place_address = bool(place), place, ""
    return seen


def session_item(session: Session, event: Event) -> Item:
    """Describe one item of an event's programme, with a UID of its own.

    Every change of a programme item is a revision of its event; what moves the event
    moves its items too.
    """
    page = page_of(event)
    of = gettext("Part of: %(title)s", title=pick(event.title)[0])
    speakers = ", ".join(session.speakers)
    return Item(
        uid=session.uid,
        sequence=event.sequence + session.sequence,
        revised_at=event.revised_at,
        created_at=event.created_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        timezone=event.timezone,
        summary=pick(session.title)[0],
        description=_paragraphs(of, speakers, pick(session.description)[0], page),
        location=_location(event, page),
        url=page,
        status=_status(event),
        related_to=event.uid,
    )


def personal_item(
    event: Event, mode: Mode, *, sequence: int, page: str, door: str
) -> Item:
    """Describe an event for one attendee in the current language.

    `page` and `door` are that person's own addresses; online, the door stands where
    calendars make a button of it, and in the first line for those that do not.
    """
    online = mode is Mode.ONLINE
    entrance = gettext("Your way in: %(address)s", address=door) if online else ""
    own = gettext("See or change your registration: %(address)s", address=page)
    return Item(
        uid=event.uid,
        sequence=sequence,
        revised_at=event.revised_at,
        created_at=event.created_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        summary=pick(event.title)[0],
        description=_paragraphs(entrance, *_words(event), own),
        location=door if online else place_of(event),
        url=door if online else page,
        conference=door if online else None,
    )


def page_of(event: Event) -> str:
    return address_of("events:event", slug=event.slug)


def place_of(event: Event) -> str:
    """Name the place on one line; empty where nobody meets on site."""
    there = (event.place_name, event.place_address) if event.onsite else ()
    return ", ".join(filter(None, there))


def _location(event: Event, page: str) -> str:
    if not event.online:
        return place_of(event)
    online = gettext("online: %(address)s", address=page)
    return f"{place_of(event)} / {online}" if place_of(event) else page


def _status(event: Event) -> Status:
    if event.status is EventStatus.CANCELLED:
        return Status.CANCELLED
    return Status.CONFIRMED


def _words(event: Event) -> tuple[str, str]:
    return pick(event.summary)[0], _plain(pick(event.description)[0])


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


@lru_cache(maxsize=REMEMBERED)
def _plain(text: str) -> str:
    """Turn Markdown into text; a feed would do it again for every reader."""
    return markdown.plain(text)
