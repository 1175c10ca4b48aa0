"""VTIMEZONE components that every reader understands (RFC 5545 3.6.5).

At most two observances with a yearly RRULE; no RDATE, no history, no seconds, no
COMMENT: Outlook keeps one yearly pair and drops the rest (MS-STANOICAL 2.2.47).
Each onset is written in the time that ends with it. Where such a component cannot
tell the truth about a moment, there is none, and the moment is written in UTC.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from werkraum_calendar.posix_zones import Change, posix_zone

# As POSIX counts: from Sunday.
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
# The onsets start here; a reader finds nothing earlier. No leap year.
FIRST_YEAR = 1970


@dataclass(frozen=True)
class Yearly:
    """A moment of every year, by the clock before it."""

    month: int
    # The days of the month among which exactly one has the weekday.
    days: tuple[int, ...]
    # -1 for the last, 1 to 4 from the start; None where only the days tell.
    nth: int | None
    weekday: int
    at: timedelta

    def in_year(self, year: int) -> datetime:
        """Tell the local time in that year, as a reader of the RRULE finds it."""
        days = self.days
        if self.nth == -1:
            length = monthrange(year, self.month)[1]
            days = tuple(range(length - 6, length + 1))
        day = next(
            day
            for day in days
            if date(year, self.month, day).isoweekday() % 7 == self.weekday
        )
        return datetime(year, self.month, day) + self.at  # noqa: DTZ001

    def rule(self) -> str:
        weekday = WEEKDAYS[self.weekday]
        if self.nth is not None:
            return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={self.nth}{weekday}"
        days = ",".join(map(str, self.days))
        return f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY={days};BYDAY={weekday}"


@dataclass(frozen=True)
class Observance:
    """One of the two times of a zone; `begins` is None where it never changes."""

    name: str
    offset_from: timedelta
    offset_to: timedelta
    begins: Yearly | None

    def onset(self, year: int) -> datetime:
        if self.begins is None:
            return datetime(FIRST_YEAR, 1, 1)  # noqa: DTZ001
        return self.begins.in_year(year)

    def lines(self) -> Iterator[str]:
        # By the offsets, not by the label in the file: Dublin's says that winter is
        # the special time, and readers expect more light from DAYLIGHT.
        kind = "DAYLIGHT" if self.offset_to > self.offset_from else "STANDARD"
        yield f"BEGIN:{kind}"
        yield f"DTSTART:{self.onset(FIRST_YEAR):%Y%m%dT%H%M%S}"
        if self.begins:
            yield f"RRULE:{self.begins.rule()}"
        yield f"TZNAME:{self.name}"
        yield f"TZOFFSETFROM:{_offset(self.offset_from)}"
        yield f"TZOFFSETTO:{_offset(self.offset_to)}"
        yield f"END:{kind}"


# There is one of each zone (`vtimezone`): thousands of entries are told apart by it.
@dataclass(frozen=True, eq=False)
class VTimezone:
    """A zone as it stands in a file; `tzid` is its IANA name."""

    tzid: str
    observances: tuple[Observance, ...]

    def lines(self) -> Iterator[str]:
        yield "BEGIN:VTIMEZONE"
        yield f"TZID:{self.tzid}"
        for observance in self.observances:
            yield from observance.lines()
        yield "END:VTIMEZONE"

    def offset_at(self, local: datetime) -> timedelta:
        """Tell the offset a reader gives a naive local time: the latest onset's."""
        onsets = (
            (one.onset(year), one.offset_to)
            for one in self.observances
            for year in (local.year - 1, local.year)
        )
        return max(begun for begun in onsets if begun[0] <= local)[1]

    def agrees(self, moment: datetime) -> bool:
        """Decide whether a reader finds this aware moment where zoneinfo has it."""
        there = moment.astimezone(ZoneInfo(self.tzid))
        first, second = there.replace(fold=0), there.replace(fold=1)
        # No text can say which of the two hours in autumn is meant.
        if first.utcoffset() != second.utcoffset():
            return False
        return self.offset_at(there.replace(tzinfo=None)) == there.utcoffset()


def timezone_for(zone: str, *moments: datetime) -> VTimezone | None:
    """Find the component that is right at all these aware moments, or None: UTC."""
    found = vtimezone(zone)
    if found and all(map(found.agrees, moments)):
        return found
    return None


@cache
def vtimezone(zone: str) -> VTimezone | None:
    """Build the component of a zone; None for UTC itself and rules without RRULE."""
    posix = posix_zone(zone)
    if posix is None or (posix.name == "UTC" and not posix.offset):
        return None
    if not _is_writable(posix.offset):
        return None
    if posix.daylight is None:
        always = Observance(posix.name, posix.offset, posix.offset, None)
        return VTimezone(zone, (always,))
    other = posix.daylight
    begins, ends = _yearly(other.begins), _yearly(other.ends)
    if begins is None or ends is None or not _is_writable(other.offset):
        return None
    return VTimezone(
        zone,
        (
            Observance(other.name, posix.offset, other.offset, begins),
            Observance(posix.name, other.offset, posix.offset, ends),
        ),
    )


def _yearly(change: Change) -> Yearly | None:
    """Move an hour outside 0 to 24 to its day; None if that may leave the month."""
    shift, at = divmod(change.at, timedelta(days=1))
    length = monthrange(FIRST_YEAR, change.month)[1]
    if change.week == 5:
        # The last days of February depend on the year.
        if shift and change.month == 2:
            return None
        first = length - 6
    else:
        first = change.week * 7 - 6
    days = tuple(range(first + shift, first + shift + 7))
    if days[0] < 1 or days[-1] > length:
        return None
    nth = None if shift else (-1 if change.week == 5 else change.week)
    return Yearly(change.month, days, nth, (change.weekday + shift) % 7, at)


def _is_writable(offset: timedelta) -> bool:
    """Refuse seconds: Outlook.com does not read `+055328` (ical4j 611)."""
    return not offset % timedelta(minutes=1)


def _offset(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"
