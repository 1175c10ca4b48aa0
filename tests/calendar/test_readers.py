"""What independent programs read in our files: times, words, states.

icalendar, vobject and ics.py are Python's, ical.js is Thunderbird's, libical is
Evolution's and KOrganizer's, Radicale is a server that calendars keep theirs on.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from tests.calendar.radicale_server import radicale
from tests.calendar.reading import READERS, Read

from werkraum_calendar import icalendar_text
from werkraum_calendar.content_lines import readable
from werkraum_calendar.items import Item, Status
from werkraum_foundation.language import in_language
from werkraum_foundation.mailboxes import Mailbox

ZONES = (
    "Europe/Berlin Europe/London America/New_York Australia/Sydney Asia/Kolkata "
    "America/Santiago Africa/Cairo Africa/Casablanca"
).split()
HOUR = timedelta(hours=1)
OLGA = Mailbox("rsvp+token@events.example", "Netzwerkbüro")
ANNA = Mailbox("anna@attendees.example", "Anna Arendt")
UNKNOWN = ", zone unknown"
# Start, end, title, status.
Facts = tuple[datetime, datetime, str, str | None]
# It reads VEVENT before VTIMEZONE, so that a zone is its name or UTC.
BY_NAME_ALONE = "ics.py"
# What a file must say, by its name and the UIDs in it.
Expected = dict[str, dict[str, Facts]]


def moments(zone: str) -> Iterator[datetime]:
    """Yield the middle of each month and the hours around each change of 2027."""
    for month in range(1, 13):
        yield datetime(2027, month, 15, 9, tzinfo=UTC)
    hours = (datetime(2027, 1, 1, tzinfo=UTC) + HOUR * n for n in range(365 * 24))
    there = ZoneInfo(zone)
    for hour in hours:
        if (
            hour.astimezone(there).utcoffset()
            != (hour + HOUR).astimezone(there).utcoffset()
        ):
            yield from (hour + HOUR * n for n in range(-3, 5))


def in_zone(talk: Item, zone: str) -> list[Item]:
    """Make an entry of an hour at each moment; every third is off."""
    return [
        replace(
            talk,
            uid=f"{n}-{zone.replace('/', '-')}",
            timezone=zone,
            starts_at=start,
            ends_at=start + HOUR,
            summary=f"Gespräch {n}; Ort, „{zone}“ 👩‍👩‍👧",
            status=Status.CANCELLED if n % 3 == 2 else Status.CONFIRMED,
        )
        for n, start in enumerate(moments(zone))
    ]


def feed_of(items: list[Item]) -> bytes:
    return icalendar_text.feed(
        [icalendar_text.entry_of(item) for item in items],
        uid="0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a00",
        name="n",
        description="d",
        url="https://events.example/",
    )


def without_iana(ics: bytes, zone: str) -> bytes:
    """Rename the zone, so that a reader has nothing but our VTIMEZONE."""
    named, ours = f"TZID:{zone}\r\n", zone.replace("/", "-")
    return (
        ics.replace(named.encode(), f"TZID:ours-{ours}\r\n".encode())
        .replace(f"TZID={zone}:".encode(), f"TZID=ours-{ours}:".encode())
        .replace(f"X-WR-TIMEZONE:{zone}\r\n".encode(), b"")
    )


def published(item: Item) -> Facts:
    """Say what a feed or a download tells of an entry."""
    off = "Cancelled: " if item.status is Status.CANCELLED else ""
    return item.starts_at, item.ends_at, off + item.summary, item.status.value


def mailed(item: Item, status: str | None) -> Facts:
    return item.starts_at, item.ends_at, item.summary, status


@cache
def every_file(talk: Item) -> tuple[dict[str, bytes], Expected]:
    """Write all kinds of file for all moments, and what they must say."""
    files: dict[str, bytes] = {}
    expected: Expected = {}
    for zone in ZONES:
        items = in_zone(talk, zone)
        feed = feed_of(items)
        told = {item.uid: published(item) for item in items}
        files[f"{zone} feed"] = feed
        files[f"{zone} feed{UNKNOWN}"] = without_iana(feed, zone)
        expected[f"{zone} feed"] = expected[f"{zone} feed{UNKNOWN}"] = told
        for item in items:
            for kind, (ics, facts) in single(item).items():
                files[f"{item.uid} {kind}"] = ics
                expected[f"{item.uid} {kind}"] = {item.uid: facts}
    return files, expected


def single(item: Item) -> dict[str, tuple[bytes, Facts]]:
    """Write the files that hold one entry only."""
    off = item.status is Status.CANCELLED
    to = {"organizer": OLGA, "attendee": ANNA}
    asked = replace(item, status=Status.CONFIRMED)
    return {
        "download": (icalendar_text.download(item), published(item)),
        "request": (
            icalendar_text.invitation(asked, **to),
            mailed(item, "CONFIRMED"),
        ),
        "cancel": (
            icalendar_text.cancellation(item, **to, event_is_off=off),
            mailed(item, "CANCELLED" if off else None),
        ),
    }


def facts_of(read: Read) -> dict[str, Facts]:
    return {
        uid: (it.starts_at, it.ends_at, it.title, it.status)
        for uid, it in read.entries.items()
    }


def differing(found: Expected, expected: Expected) -> list[tuple[object, ...]]:
    """List what is read otherwise: the file, the UID, what is read, what is right."""
    return [
        (name, uid, found.get(name, {}).get(uid), facts)
        for name, entries in expected.items()
        for uid, facts in entries.items()
        if found.get(name, {}).get(uid) != facts
    ]


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_start_end_title_and_status(talk: Item, reader: str) -> None:
    with in_language("en"):
        files, expected = every_file(talk)
    if reader == BY_NAME_ALONE:
        files = {it: ics for it, ics in files.items() if UNKNOWN not in it}

    read = READERS[reader](files)

    expected = {name: expected[name] for name in files}
    found = {name: facts_of(file) for name, file in read.items()}
    assert differing(found, expected) == []
    assert found == expected
    assert sum(file.complaints for file in read.values()) == 0


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_method_and_one_person(talk: Item, reader: str) -> None:
    files, _ = every_file(talk)
    some = {name: files[name] for name in files if name.startswith("0-")}

    for name, file in READERS[reader](some).items():
        (entry,) = file.entries.values()
        method = {"request": "REQUEST", "cancel": "CANCEL"}.get(name.split()[-1])
        assert file.method == method
        if method is None:
            assert (entry.organizer, entry.attendees) == (None, ())
        else:
            (attendee,) = entry.attendees
            assert entry.organizer is not None
            assert entry.organizer.address == OLGA.address
            assert (attendee.name, attendee.address) == (ANNA.name, ANNA.address)


def test_libical_would_complain_of_a_request_that_breaks_the_rules(talk: Item) -> None:
    request = icalendar_text.invitation(talk, organizer=OLGA, attendee=ANNA)
    broken = request.replace(b"DTSTAMP:", b"X-STAMP:")

    assert READERS["libical"]({"broken": broken})["broken"].complaints > 0


@pytest.fixture
def in_memory(folder: Path, unique: str) -> Path:
    """A folder of the test's own beside the databases."""
    made = folder / unique
    made.mkdir()
    return made


def test_radicale_gives_back_the_facts_of_every_entry(
    talk: Item, in_memory: Path
) -> None:
    items = [item for zone in ZONES for item in in_zone(talk, zone)]
    with in_language("en"), radicale(in_memory) as calendar:
        for item in items:
            put = calendar.put(f"{item.uid}.ics", content=icalendar_text.download(item))
            assert put.status_code == 201
        kept = {item.uid: calendar.get(f"{item.uid}.ics").content for item in items}
        whole = calendar.get("").content

    expected = {item.uid: published(item) for item in items}
    for reader in ("icalendar", "ical.js"):
        found = READERS[reader]({**kept, "whole": whole})
        for uid, facts in expected.items():
            assert facts_of(found[uid]) == {uid: facts}
        assert facts_of(found["whole"]) == expected


def test_a_newer_revision_replaces_the_older_one_on_radicale(
    talk: Item, in_memory: Path
) -> None:
    moved = replace(
        talk,
        sequence=talk.sequence + 1,
        revised_at=talk.revised_at + HOUR,
        starts_at=talk.starts_at + HOUR,
        ends_at=talk.ends_at + HOUR,
    )
    with in_language("en"), radicale(in_memory) as calendar:
        for item in (talk, moved, replace(moved, status=Status.CANCELLED)):
            calendar.put("talk.ics", content=icalendar_text.download(item))
            found = READERS["icalendar"]({"": calendar.get("").content})[""]
            assert facts_of(found) == {item.uid: published(item)}


def test_ramadan_is_written_in_utc_and_the_rest_of_the_year_is_not(talk: Item) -> None:
    ics = feed_of(in_zone(talk, "Africa/Casablanca")).decode()

    assert "DTSTART:20270215T090000Z" in ics
    assert "DTSTART;TZID=Africa/Casablanca:20270715T100000" in ics


@pytest.mark.parametrize("text", ["x\nMETHOD:CANCEL", "x\r\nX:1", "x\rATTACH:a"])
def test_a_typed_property_stays_text(talk: Item, olga: Mailbox, text: str) -> None:
    item = replace(talk, summary=text)
    guest = Mailbox("anna@attendees.example", text)

    ics = icalendar_text.invitation(item, organizer=olga, attendee=guest)

    assert [line[:7] for line in ics.decode().splitlines()].count("METHOD:") == 1
    assert icalendar.Calendar.from_ical(ics)["METHOD"] == "REQUEST"
    assert icalendar.Calendar.from_ical(ics).events[0]["SUMMARY"] == readable(text)
