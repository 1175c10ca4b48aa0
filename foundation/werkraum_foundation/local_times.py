"""Times on the clock of a place: what people type, and what is stored.

Stored is UTC beside the name of the zone. A local time that does not exist is
refused, one that exists twice is asked about.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

# Browsers may add the seconds to a datetime-local value.
LOCAL = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(:00)?")
FIRST_YEAR, LAST_YEAR = 2000, 2100
REGIONS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian "
    "Pacific".split()
)


class Fold(Enum):
    """Which of two equal readings when a clock is put back (PEP 495)."""

    FIRST = "first"
    SECOND = "second"


@cache
def zones() -> tuple[str, ...]:
    """Name the zones a person may choose, sorted: a place each, and UTC.

    Never the name as a path: zoneinfo opens files, and fails in odd ways for
    folders and long names. Left out are `Factory`, `posixrules`, `EST`, `Etc/…`.
    """
    places = (name for name in available_timezones() if name.split("/")[0] in REGIONS)
    return tuple(sorted(name for name in places if "/" in name)) + ("UTC",)


@cache
def _known() -> frozenset[str]:
    return frozenset(zones())


def zone_name(typed: str) -> str:
    if typed not in _known():
        raise PydanticCustomError(
            "time_zone", "Please choose a time zone of the list, such as Europe/Berlin."
        )
    return typed


ZoneName = Annotated[str, AfterValidator(zone_name)]


def local(moment: datetime, zone: str) -> datetime:
    """Show an aware moment on the clock of the zone."""
    return moment.astimezone(ZoneInfo(zone_name(zone)))


def clock_span(since: datetime, until: datetime, zone: str) -> timedelta:
    """Tell how far the hands of a clock in the zone go between two aware moments.

    Across a change of the clocks that is an hour more or less than what passes.
    """
    return _hands(until, zone) - _hands(since, zone)


def _hands(moment: datetime, zone: str) -> datetime:
    return local(moment, zone).replace(tzinfo=None)


def clock_after(since: datetime, span: timedelta, zone: str) -> datetime:
    """Turn the hands of a clock in the zone on from an aware moment; returns UTC.

    A time that the clocks are put forward over becomes the one an hour later. Of one
    that comes twice it is the first, unless `since` is itself in such an hour and is
    the second.
    """
    there = local(since, zone)
    return (there + span).replace(fold=there.fold).astimezone(UTC)


def parse_local(typed: str, zone: str, fold: Fold | None = None) -> datetime:
    """Read `YYYY-MM-DDTHH:MM` on the clock of the zone; returns aware UTC.

    `fold` decides a time that exists twice and says nothing otherwise. Refused
    (`PydanticCustomError`): other notations, years outside 2000-2100, `gap_time`,
    and `ambiguous_time` without a fold. From a model, call it in a
    `field_validator` of a field that stands after the one with the zone.
    """
    naive, place = _naive(typed), ZoneInfo(zone_name(zone))
    first, second = (
        naive.replace(tzinfo=place, fold=number).astimezone(UTC) for number in (0, 1)
    )
    if first.astimezone(place).replace(tzinfo=None) != naive:
        raise PydanticCustomError(
            "gap_time",
            "This time does not exist: the clocks are put forward over it. "
            "Please choose another one.",
        )
    if first != second and fold is None:
        raise PydanticCustomError(
            "ambiguous_time",
            "This time comes twice, because the clocks are put back. "
            "Please say whether you mean the first or the second.",
        )
    return second if fold is Fold.SECOND else first


def _naive(typed: str) -> datetime:
    # fromisoformat would take week dates and times without separators.
    match = LOCAL.fullmatch(typed)
    if match is None:
        raise PydanticCustomError(
            "local_time", "Please enter a date and a time, such as 2027-03-04T14:00."
        )
    year, month, day, hour, minute = (int(number) for number in match.groups()[:5])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PydanticCustomError(
            "year",
            "Please choose a year from {first} to {last}.",
            {"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    try:
        # Naive on purpose: the zone is what the caller finds out.
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001
    except ValueError:
        raise PydanticCustomError(
            "no_such_day", "This day or time is not in the calendar."
        ) from None
