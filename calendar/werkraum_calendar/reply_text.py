"""Reading the calendar message that somebody's calendar answers with (RFC 5546).

This is the one module that reads through the library `icalendar`, as
`icalendar_text` is the one that writes through it. What comes in was written by
anybody: it is only called in a process of its own, with bounds (`mail_reading`), and
nothing of a message is expanded, looked up or followed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from icalendar import Calendar, Component

from werkraum_calendar.items import HIGHEST_SEQUENCE
from werkraum_foundation.mime_parts import MailUnreadable
from werkraum_foundation.plain_text import one_line

# Zones have one level more than the entry; nobody's answer has fifty components.
MOST_COMPONENTS = 50
LONGEST_COMMENT = 500
LONGEST_VALUE = 255
# In which somebody may want to meet.
YEARS = range(2000, 2101)
FOLD = re.compile(rb"\r?\n[ \t]")
BEGIN = re.compile(rb"(?im)^begin:")


class Answering(StrEnum):
    """The methods that attendees send."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    REFRESH = "REFRESH"


@dataclass(frozen=True)
class Said:
    """What a calendar has said for one attendee, as it stands in the message.

    `partstat` and `attendee` are as written, the latter without `mailto:`. The times
    are those of a COUNTER, None where they cannot be told. All moments are aware UTC.
    """

    method: Answering
    uid: str
    attendee: str
    partstat: str
    delegated: bool
    sequence: int
    stamp: datetime
    of_one_date: bool
    comment: str
    starts_at: datetime | None
    ends_at: datetime | None


def method_of(ics: bytes) -> Answering | None:
    """Tell the method of a message without reading the rest; None for all others."""
    found = re.search(rb"(?im)^method:[ \t]*([a-z]+)[ \t]*\r?$", FOLD.sub(b"", ics))
    word = found[1].decode().upper() if found else ""
    return Answering(word) if word in list(Answering) else None


def read_reply(ics: bytes, method: Answering) -> Said:
    """Read the one entry of a message; raises `MailUnreadable` for everything else."""
    if len(BEGIN.findall(FOLD.sub(b"", ics))) > MOST_COMPONENTS:
        raise MailUnreadable("nested")
    try:
        calendar = Calendar.from_ical(ics.decode("utf-8", "replace"))
        entries = [it for it in calendar.subcomponents if it.name == "VEVENT"]
        if len(entries) != 1:
            raise MailUnreadable("entries")
        return _said(entries[0], method)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError):
        raise MailUnreadable("no_calendar") from None
    except (RecursionError, OverflowError):
        raise MailUnreadable("nested") from None


def _said(entry: Component, method: Answering) -> Said:
    broken = {str(name).upper() for name, _ in entry.errors}
    if broken & {"UID", "ATTENDEE", "SEQUENCE", "DTSTAMP"}:
        raise MailUnreadable("no_calendar")
    attendee = _one(entry, "ATTENDEE")
    params = {name.upper(): value for name, value in attendee.params.items()}
    return Said(
        method=method,
        uid=_line(_one(entry, "UID")),
        attendee=_mailbox(str(attendee)),
        partstat=_line(params.get("PARTSTAT", "")).upper(),
        delegated=bool(params.keys() & {"DELEGATED-TO", "DELEGATED-FROM"}),
        sequence=_sequence(entry),
        stamp=_moment(_one(entry, "DTSTAMP").dt),
        of_one_date="RECURRENCE-ID" in entry,
        comment=_comment(entry),
        starts_at=_time(entry, "DTSTART"),
        ends_at=_time(entry, "DTEND"),
    )


# Any: a value of the library, whose types differ by property.
def _one(entry: Component, name: str) -> Any:
    value = entry.get(name)
    if value is None or isinstance(value, list):
        raise MailUnreadable(name.lower())
    return value


def _mailbox(uri: str) -> str:
    scheme, colon, address = uri.strip().partition(":")
    if not colon or scheme.casefold() != "mailto":
        raise MailUnreadable("attendee")
    return unquote(address)[:LONGEST_VALUE]


def _sequence(entry: Component) -> int:
    if "SEQUENCE" not in entry:
        return 0
    sequence = int(_one(entry, "SEQUENCE"))
    if not 0 <= sequence <= HIGHEST_SEQUENCE:
        raise MailUnreadable("sequence")
    return sequence


def _comment(entry: Component) -> str:
    said = entry.get("COMMENT", "")
    first = said[0] if isinstance(said, list) else said
    return one_line(str(first))[:LONGEST_COMMENT]


def _line(value: object) -> str:
    return " ".join(str(value).split())[:LONGEST_VALUE]


def _time(entry: Component, name: str) -> datetime | None:
    """Read a time as the library understands its zone; a whole day is none.

    Nor is one at the ends of the calendar: in another zone it would lie beyond them.
    """
    moment = getattr(entry.get(name), "dt", None)
    if not isinstance(moment, datetime) or moment.year not in YEARS:
        return None
    return _moment(moment) if moment.utcoffset() is not None else None


def _moment(value: date) -> datetime:
    """Bring a moment to UTC; one without a zone is taken to be in UTC already."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.utcoffset() is None:
        value = value.replace(tzinfo=UTC)
    return value.astimezone(UTC).replace(microsecond=0)
