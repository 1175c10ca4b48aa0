"""The rule a time zone follows from now on: the POSIX line at the end of its file.

The line looks like `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536 3.3): signs are reversed,
names may stand in angle brackets, a rule's time is the wall clock before the change
and may lie before midnight or days later.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

NAME = r"(?:<([A-Za-z0-9+-]+)>|([A-Za-z]{3,}))"
OFFSET = r"([+-]?\d{1,3}(?::\d\d){0,2})"
CHANGE = r"M(\d{1,2})\.([1-5])\.([0-6])(?:/([+-]?\d{1,3}(?::\d\d){0,2}))?"
LINE = re.compile(f"{NAME}{OFFSET}(?:{NAME}{OFFSET}?,{CHANGE},{CHANGE})?")


@dataclass(frozen=True)
class Change:
    """The day and the hour at which the clocks change, every year."""

    month: int
    # 1 to 4 count from the start of the month, 5 is the last.
    week: int
    # 0 is Sunday.
    weekday: int
    # From midnight of that day, in the time that ends; may be negative.
    at: timedelta


@dataclass(frozen=True)
class Daylight:
    """The other time of the year; in Dublin it is the winter."""

    name: str
    offset: timedelta
    begins: Change
    ends: Change


@dataclass(frozen=True)
class PosixZone:
    """A zone as its line describes it; offsets count eastwards from UTC."""

    name: str
    offset: timedelta
    daylight: Daylight | None


@cache
def known_zones() -> frozenset[str]:
    """List the zone names of this machine; only these may become a file path."""
    # "localtime" is this machine's secret, "Factory" means that nobody chose.
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def posix_zone(zone: str) -> PosixZone | None:
    """Read a known zone's line; None where it has none that fits a calendar."""
    return read_line(_last_line(zone)) if zone in known_zones() else None


def read_line(line: str) -> PosixZone | None:
    """Understand the `M` rules; a Julian day (`J60`) fits no yearly RRULE."""
    found = LINE.fullmatch(line)
    if not found:
        return None
    part = found.groups()
    standard = -_time(part[2])
    name = part[0] or part[1]
    if not (part[3] or part[4]):
        return PosixZone(name, standard, None)
    daylight = Daylight(
        name=part[3] or part[4],
        offset=-_time(part[5]) if part[5] else standard + timedelta(hours=1),
        begins=_change(*part[6:10]),
        ends=_change(*part[10:14]),
    )
    return PosixZone(name, standard, daylight)


def _change(month: str, week: str, weekday: str, at: str | None) -> Change:
    return Change(int(month), int(week), int(weekday), _time(at or "2"))


def _time(written: str) -> timedelta:
    sign = -1 if written.startswith("-") else 1
    hours, minutes, seconds = (*written.lstrip("+-").split(":"), "0", "0")[:3]
    return sign * timedelta(
        hours=int(hours), minutes=int(minutes), seconds=int(seconds)
    )


def _last_line(zone: str) -> str:
    return _file(zone).rsplit(b"\n", 2)[-2].decode("ascii")


def _file(zone: str) -> bytes:
    """Find the very file that zoneinfo reads: the system's, then the package's."""
    for folder in TZPATH:
        path = Path(folder) / zone
        if path.is_file():
            return path.read_bytes()
    return files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
