"""One entry of a calendar, as plain values; whatever is wrong never gets past here."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from werkraum_calendar.posix_zones import known_zones

UID = re.compile(r"[A-Za-z0-9@._-]{1,255}")
# RFC 3986 without what nobody may see or what needs percent-encoding.
URL = re.compile(r"https?://[A-Za-z0-9!$%&'()*+,./:;=?@_~#\[\]-]+")
PHONE = re.compile(r"tel:[0-9+;=,.()#*-]+")
# The yearly rules of VTIMEZONE begin in 1970; an offset must not leave the calendar.
YEARS = range(1971, 9999)
HIGHEST_SEQUENCE = 2**31 - 1


class Status(Enum):
    """The STATUS of an entry (RFC 5545 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry; its bytes follow from these values alone.

    All moments are aware; what stands in a file has whole seconds. `sequence` and
    `revised_at` are stored with the entry: the first rises when people must look
    again, the second at every change (RFC 5546 2.1.4). `timezone` is an IANA name.
    `conference` (https or tel) stands only in mail to one person, never in a feed or
    a download. Empty text is left out. Raises ValueError for what no file may hold.
    """

    uid: str
    sequence: int
    revised_at: datetime
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str
    description: str = ""
    location: str = ""
    url: str | None = None
    status: Status = Status.CONFIRMED
    categories: tuple[str, ...] = ()
    # The UID of the entry this one is a part of.
    related_to: str | None = None
    conference: str | None = None

    def __post_init__(self) -> None:
        for name in (self.uid, self.related_to):
            _must(name is None or UID.fullmatch(name), "UID", name)
        _must(0 <= self.sequence <= HIGHEST_SEQUENCE, "SEQUENCE", self.sequence)
        _must(self.timezone in known_zones(), "time zone", self.timezone)
        _must(self.url is None or URL.fullmatch(self.url), "URL", self.url)
        _must(_is_joinable(self.conference), "conference", self.conference)
        self._must_have_times()

    def _must_have_times(self) -> None:
        for name in ("starts_at", "ends_at", "revised_at", "created_at"):
            moment = getattr(self, name)
            _must(moment.utcoffset() is not None, name, moment)
            _must(moment.year in YEARS, name, moment)
        # Zero length is an error for some readers and a day for others.
        _must(whole(self.starts_at) < whole(self.ends_at), "end", self.ends_at)


def whole(moment: datetime) -> datetime:
    """Bring an aware moment to UTC and whole seconds, as files have it."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _is_joinable(address: str | None) -> bool:
    return address is None or bool(URL.fullmatch(address) or PHONE.fullmatch(address))


def _must(holds: object, what: str, value: object) -> None:
    if not holds:
        raise ValueError(f"no file may hold this {what}: {value!r}")
