"""Calendar files: feeds, downloads and the messages of invitations.

Three kinds that are never mixed: a feed or a download has no METHOD, ORGANIZER or
ATTENDEE; an invitation (REQUEST) and a cancellation (CANCEL) have one of each
(RFC 5546). The bytes follow from the arguments and the language alone, so that the
same rows give the same ETag in every process.

This is the one module that writes through the library `icalendar`. Of that library
it takes components, parameters and their order; text, folding, zones and times are
ours, because 7.3.0 leaves calendar properties unescaped, eats `\\N`, splits escape
pairs, trusts `assert` against line breaks and writes zones that many readers get
wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event
from icalendar.prop import vCalAddress, vDatetime, vDuration, vInt, vText, vUri

from werkraum_calendar.content_lines import escaped, octets, readable
from werkraum_calendar.items import URL, Item, Status, whole
from werkraum_calendar.timezones import VTimezone, timezone_for
from werkraum_foundation.language import gettext
from werkraum_foundation.mailboxes import Mailbox

PRODUCT = "-//Werkraum//Werkraum//EN"
HOUR = timedelta(hours=1)


class Written(vText):
    """Characters that already stand as they must in the file."""

    def to_ical(self) -> bytes:
        return self.encode()


# There is one of each, and thousands of entries share it: told apart by identity.
@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The zone that an entry happens in; without a component it is told in UTC."""

    timezone: str
    component: VTimezone | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT as it stands in a file, and by which clock it is told."""

    octets: bytes
    clock: Clock


def download(item: Item) -> bytes:
    """Write the file somebody imports once; it never updates by itself."""
    return _file(_calendar(), [entry_of(item)])


def feed(
    entries: Sequence[Entry],
    *,
    uid: str,
    name: str,
    description: str,
    url: str,
    modified: datetime | None = None,
    source: str | None = None,
) -> bytes:
    """Join a calendar to subscribe to; `entries` in the order wanted.

    `uid` stays the same whatever stands in it (RFC 7986 5.3), `url` is the page for
    people, `modified` when an entry changed last, `source` the address of the feed
    itself. Costs some three times the copying of the bytes.
    """
    calendar = _calendar()
    calendar["NAME"] = calendar["X-WR-CALNAME"] = _text(name)
    if description:
        calendar["X-WR-CALDESC"] = _text(description)
    calendar["URL"] = _uri(url)
    if source:
        calendar["SOURCE"] = _uri(source, VALUE="URI")
    calendar["UID"] = _text(uid)
    # A wish that clients may ignore. RFC 7986 5.7 requires the parameter, which the
    # library leaves out.
    calendar["REFRESH-INTERVAL"] = vDuration(HOUR, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(HOUR)
    if modified:
        calendar["LAST-MODIFIED"] = _utc(modified)
    zones = {clock.timezone for clock in _clocks(entries)}
    if len(zones) == 1:
        calendar["X-WR-TIMEZONE"] = _text(*zones)
    return _file(calendar, entries)


def invitation(item: Item, *, organizer: Mailbox, attendee: Mailbox) -> bytes:
    """Write what asks one person to come, or tells them of a change (REQUEST).

    Raises ValueError for an item that is off, which REQUEST cannot say, and where
    organizer and attendee share an address: Outlook takes such mail for its own.
    """
    if item.status is Status.CANCELLED:
        raise ValueError("a cancelled item needs a cancellation, not an invitation")
    event = _event(item)
    event["STATUS"] = _text(item.status.value)
    _add_conference(event, item.conference)
    _address(event, organizer, attendee)
    # Outlook shows buttons only with RSVP=TRUE, Thunderbird hides them without it.
    event["ATTENDEE"].params.update(PARTSTAT="NEEDS-ACTION", RSVP="TRUE")
    return _file(_calendar("REQUEST"), [_entry(event, item)])


def cancellation(
    item: Item, *, organizer: Mailbox, attendee: Mailbox, event_is_off: bool
) -> bytes:
    """Write what takes the item out of one person's calendar (CANCEL).

    The caller has raised `sequence`. STATUS tells that nobody meets any more; where
    only this person is removed, it is absent (RFC 5546 3.2.5).
    """
    event = _event(item)
    if event_is_off:
        event["STATUS"] = _text(Status.CANCELLED.value)
    _address(event, organizer, attendee)
    return _file(_calendar("CANCEL"), [_entry(event, item)])


def entry_of(item: Item) -> Entry:
    """Write one VEVENT as feeds and downloads have it; half a millisecond."""
    event = _event(item)
    event["STATUS"] = _text(item.status.value)
    if item.status is Status.CANCELLED:
        # Many calendars show the title only, and would keep the time occupied.
        title = gettext("Cancelled: %(title)s", title=item.summary)
        event["SUMMARY"] = _text(title)
        event["TRANSP"] = _text("TRANSPARENT")
    return _entry(event, item)


def _entry(event: Event, item: Item) -> Entry:
    return Entry(_octets(event), _clock(item.timezone, _timezone(item)))


@cache
def _clock(timezone: str, component: VTimezone | None) -> Clock:
    return Clock(timezone, component)


def _clocks(entries: Sequence[Entry]) -> set[Clock]:
    return set(map(attrgetter("clock"), entries))


def _event(item: Item) -> Event:
    """Say what all kinds of file say about an item."""
    event = Event()
    event["UID"] = _text(item.uid)
    event["SEQUENCE"] = vInt(item.sequence)
    event["DTSTAMP"] = event["LAST-MODIFIED"] = _utc(item.revised_at)
    event["CREATED"] = _utc(item.created_at)
    event["DTSTART"] = _local(item.starts_at, item)
    event["DTEND"] = _local(item.ends_at, item)
    event["SUMMARY"] = _text(item.summary)
    event["TRANSP"] = _text("OPAQUE")
    if item.description:
        event["DESCRIPTION"] = _text(item.description)
    if item.location:
        event["LOCATION"] = _text(item.location)
    if item.url:
        event["URL"] = _uri(item.url)
    if categories := list(filter(None, map(_name, item.categories))):
        event["CATEGORIES"] = _text(*categories)
    if item.related_to:
        event["RELATED-TO"] = _text(item.related_to)
        event["RELATED-TO"].params["RELTYPE"] = "PARENT"
    return event


def _add_conference(event: Event, address: str | None) -> None:
    if address is None:
        return
    # A list stays a list: the library's Conference quotes it into one feature.
    features = ["PHONE"] if address.startswith("tel:") else ["AUDIO", "VIDEO"]
    event["CONFERENCE"] = vUri(address, params={"VALUE": "URI", "FEATURE": features})


def _address(event: Event, organizer: Mailbox, attendee: Mailbox) -> None:
    if organizer.address.casefold() == attendee.address.casefold():
        raise ValueError("organizer and attendee share an address")
    event["ORGANIZER"] = _person(organizer)
    event["ATTENDEE"] = _person(attendee)
    event["ATTENDEE"].params.update(CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT")


def _person(mailbox: Mailbox) -> vCalAddress:
    name = _name(mailbox.name)
    params = {"CN": name} if name else None
    return vCalAddress(mailbox.mailto, params=params)


def _name(text: str) -> str:
    """Write a name without a backslash: readers think that it escapes what follows.

    At the end of a person's name it takes the colon before `mailto:` away, at the end
    of a category the comma (libical, ical.js, icalendar, ics.py).
    """
    return readable(text).replace("\\", "/")


def _text(*values: str) -> Written:
    """Write a TEXT value, or a list of them: the comma between is no part of one."""
    return Written(",".join(map(escaped, values)))


def _uri(address: str, **params: str) -> vUri:
    if not URL.fullmatch(address):
        raise ValueError(f"no file may hold this URL: {address!r}")
    return vUri(address, params=params)


def _utc(moment: datetime) -> vDatetime:
    return vDatetime(whole(moment))


def _local(moment: datetime, item: Item) -> vDatetime | Written:
    """Write in the item's zone if every reader finds the way back, else in UTC."""
    if _timezone(item) is None:
        return _utc(moment)
    there = moment.astimezone(ZoneInfo(item.timezone)).replace(tzinfo=None)
    return Written(f"{there:%Y%m%dT%H%M%S}", params={"TZID": item.timezone})


def _timezone(item: Item) -> VTimezone | None:
    return _component(item.timezone, item.starts_at, item.ends_at)


# An item being written asks three times in a row.
_component = lru_cache(maxsize=8)(timezone_for)


def _calendar(method: str | None = None) -> Calendar:
    calendar = Calendar()
    calendar["VERSION"] = _text("2.0")
    calendar["PRODID"] = _text(PRODUCT)
    calendar["CALSCALE"] = _text("GREGORIAN")
    if method:
        calendar["METHOD"] = _text(method)
    return calendar


def _file(calendar: Calendar, entries: Sequence[Entry]) -> bytes:
    """Join head, the zones that are used, the entries as they are, and tail."""
    *head, end = _lines(calendar)
    used = filter(None, (clock.component for clock in _clocks(entries)))
    zones = [octets(zone.lines()) for zone in sorted(used, key=attrgetter("tzid"))]
    ready = map(attrgetter("octets"), entries)
    return b"".join([octets(head), *zones, *ready, octets([end])])


def _octets(component: Component) -> bytes:
    return octets(_lines(component))


def _lines(component: Component) -> list[str]:
    return [line for line in component.content_lines() if line]
