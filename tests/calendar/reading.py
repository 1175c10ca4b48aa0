"""How independent programs understand our calendar files.

Each reader takes all files at once, because ical.js and libical are processes of
their own, and answers with the same plain values, so that they can be compared.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import ics
import vobject
from tests.conftest import unavailable

HERE = Path(__file__).parent / "readers"
SYSTEM_PYTHON = Path("/usr/bin/python3")
BINDING = "import gi; gi.require_version('ICalGLib', '3.0')"
INSTALLED = HERE / "node_modules" / "ical.js"


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """What somebody sees of an entry in a calendar program."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    # None where the file says nothing of it.
    status: str | None
    description: str
    place: str
    categories: frozenset[str]
    organizer: Person | None
    attendees: tuple[Person, ...]


@dataclass(frozen=True)
class Read:
    """A file as a program understands it; entries by their UID."""

    method: str | None
    entries: Mapping[str, Entry]
    # What the program found wrong although it read on.
    complaints: int = 0


Reader = Callable[[Mapping[str, bytes]], dict[str, Read]]
# Any: none of these libraries has types, nor has JSON.


def by_icaljs(files: Mapping[str, bytes]) -> dict[str, Read]:
    node = shutil.which("node")
    if node is None or not INSTALLED.is_dir():
        unavailable("ical.js (nodejs, npm)")
    return _by_process([str(node), str(HERE / "read.mjs")], files)


def by_libical(files: Mapping[str, bytes]) -> dict[str, Read]:
    # The system's own Python: Debian's binding is for no other.
    test = [str(SYSTEM_PYTHON), "-c", BINDING]
    if (
        not SYSTEM_PYTHON.exists()
        or subprocess.run(test, capture_output=True).returncode
    ):
        unavailable("libical (python3-gi, gir1.2-ical-3.0)")
    return _by_process([str(SYSTEM_PYTHON), str(HERE / "read_with_libical.py")], files)


def by_icalendar(files: Mapping[str, bytes]) -> dict[str, Read]:
    return {name: _icalendar(ics) for name, ics in files.items()}


def by_vobject(files: Mapping[str, bytes]) -> dict[str, Read]:
    return {name: _vobject(ics.decode()) for name, ics in files.items()}


def by_ics_py(files: Mapping[str, bytes]) -> dict[str, Read]:
    return {name: _ics_py(ics.decode()) for name, ics in files.items()}


READERS: dict[str, Reader] = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ics.py": by_ics_py,
    "ical.js": by_icaljs,
    "libical": by_libical,
}


def _by_process(command: list[str], files: Mapping[str, bytes]) -> dict[str, Read]:
    texts = {name: ics.decode() for name, ics in files.items()}
    ended = subprocess.run(
        command, input=json.dumps(texts).encode(), capture_output=True
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return {name: _told(told) for name, told in json.loads(ended.stdout).items()}


def _told(told: dict[str, Any]) -> Read:
    entries = (
        Entry(
            uid=it["uid"],
            starts_at=datetime.fromtimestamp(it["starts_at"], UTC),
            ends_at=datetime.fromtimestamp(it["ends_at"], UTC),
            title=it["title"] or "",
            status=it["status"],
            description=it["description"] or "",
            place=it["place"] or "",
            categories=frozenset(it["categories"]),
            organizer=_person(*it["organizer"]) if it["organizer"] else None,
            attendees=tuple(_person(*person) for person in it["attendees"]),
        )
        for it in told["entries"]
    )
    return _read(told["method"], entries, told.get("complaints", 0))


def _read(method: str | None, entries: Any, complaints: int = 0) -> Read:
    listed = list(entries)
    by_uid = {entry.uid: entry for entry in listed}
    assert len(by_uid) == len(listed), "a UID came twice"
    return Read(method, by_uid, complaints)


def _person(name: str, address: str) -> Person:
    scheme, _, bare = address.partition(":")
    assert scheme.lower() == "mailto"
    return Person(name, bare)


def _icalendar(written: bytes) -> Read:
    calendar = icalendar.Calendar.from_ical(written)
    entries = (
        Entry(
            uid=str(event["UID"]),
            starts_at=_moment(event.start),
            ends_at=_moment(event.end),
            title=str(event.get("SUMMARY", "")),
            status=event.get("STATUS") and str(event["STATUS"]),
            description=str(event.get("DESCRIPTION", "")),
            place=str(event.get("LOCATION", "")),
            categories=frozenset(map(str, event.categories)),
            organizer=_of_icalendar(event["ORGANIZER"]) if event.organizer else None,
            attendees=tuple(map(_of_icalendar, event.attendees)),
        )
        for event in calendar.events
    )
    method = calendar.get("METHOD")
    return _read(method and str(method), entries, len(calendar.errors))


def _moment(found: date) -> datetime:
    assert isinstance(found, datetime)
    return found.astimezone(UTC)


def _of_icalendar(person: Any) -> Person:
    return _person(str(person.params.get("CN", "")), str(person))


def _vobject(written: str) -> Read:
    calendar = vobject.readOne(written)
    entries = (
        Entry(
            uid=event.uid.value,
            starts_at=event.dtstart.value.astimezone(UTC),
            ends_at=event.dtend.value.astimezone(UTC),
            title=_first(event, "summary") or "",
            status=_first(event, "status"),
            description=_first(event, "description") or "",
            place=_first(event, "location") or "",
            categories=frozenset(_first(event, "categories") or ()),
            organizer=next(map(_of_vobject, _all(event, "organizer")), None),
            attendees=tuple(map(_of_vobject, _all(event, "attendee"))),
        )
        for event in calendar.contents.get("vevent", ())
    )
    return _read(_first(calendar, "method"), entries)


def _all(component: Any, name: str) -> list[Any]:
    found: list[Any] = component.contents.get(name, [])
    return found


def _first(component: Any, name: str) -> Any:
    return next((found.value for found in _all(component, name)), None)


def _of_vobject(person: Any) -> Person:
    return _person(next(iter(person.params.get("CN", ())), ""), person.value)


def _ics_py(written: str) -> Read:
    calendar = ics.Calendar(written)
    entries = (
        Entry(
            uid=event.uid,
            starts_at=event.begin.datetime.astimezone(UTC),
            ends_at=event.end.datetime.astimezone(UTC),
            title=event.name or "",
            status=event.status,
            description=event.description or "",
            place=event.location or "",
            categories=frozenset(event.categories),
            organizer=_of_ics_py(event.organizer) if event.organizer else None,
            attendees=tuple(map(_of_ics_py, event.attendees)),
        )
        for event in calendar.events
    )
    return _read(calendar.method, entries)


def _of_ics_py(person: Any) -> Person:
    return Person(person.common_name or "", person.email)
