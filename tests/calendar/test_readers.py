"""What two independent programs read in our files."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from werkraum_calendar import icalendar_text
from werkraum_calendar.content_lines import readable
from werkraum_calendar.items import Item
from werkraum_foundation.mailboxes import Mailbox

ZONES = (
    "Europe/Berlin Europe/London America/New_York Australia/Sydney Asia/Kolkata "
    "America/Santiago Africa/Cairo Africa/Casablanca"
).split()
HOUR = timedelta(hours=1)
Times = dict[str, tuple[datetime, datetime]]


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
    return [
        replace(talk, uid=str(n), timezone=zone, starts_at=start, ends_at=start + HOUR)
        for n, start in enumerate(moments(zone))
    ]


def feed_of(items: list[Item]) -> bytes:
    return icalendar_text.feed(
        items, name="n", description="d", url="https://events.example/"
    )


def without_iana(ics: bytes, zone: str) -> bytes:
    """Rename the zone, so that a reader has nothing but our VTIMEZONE."""
    return ics.replace(zone.encode(), f"ours-{zone}".replace("/", "-").encode())


def read_by_icalendar(ics: bytes) -> Times:
    return {
        event.uid: (
            event.decoded("DTSTART").astimezone(UTC),
            event.decoded("DTEND").astimezone(UTC),
        )
        for event in icalendar.Calendar.from_ical(ics).events
    }


def read_by_vobject(ics: bytes) -> Times:
    calendar = vobject.readOne(ics.decode())
    return {
        event.uid.value: (
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
        )
        for event in calendar.vevent_list
    }


@pytest.mark.parametrize("reader", [read_by_icalendar, read_by_vobject])
@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_the_moment(
    talk: Item, zone: str, reader: Callable[[bytes], Times]
) -> None:
    items = in_zone(talk, zone)

    found = reader(without_iana(feed_of(items), zone))

    assert found == {item.uid: (item.starts_at, item.ends_at) for item in items}


@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_knows_the_zone_by_its_name(talk: Item, zone: str) -> None:
    items = in_zone(talk, zone)

    found = read_by_icalendar(feed_of(items))

    assert found == {item.uid: (item.starts_at, item.ends_at) for item in items}


def test_ramadan_is_written_in_utc_and_the_rest_of_the_year_is_not(talk: Item) -> None:
    ics = feed_of(in_zone(talk, "Africa/Casablanca")).decode()

    assert "DTSTART:20270215T090000Z" in ics
    assert "DTSTART;TZID=Africa/Casablanca:20270715T100000" in ics


# What vobject and icalendar themselves misread is left to the octet tests:
# an escaped backslash before n.
TEXT = st.text(
    st.one_of(
        st.characters(exclude_characters="\\"),
        st.sampled_from(";,:\"'^\r\n\x00\u2028👩\u200d\u0301ßü"),
    ),
    max_size=300,
)
FIELDS = ["SUMMARY", "DESCRIPTION", "LOCATION"]


@settings(deadline=None)
@given(text=TEXT)
def test_text_survives_two_readers(talk: Item, text: str) -> None:
    item = replace(talk, summary=text, description=text, location=text)

    ics = icalendar_text.download(item)

    one = icalendar.Calendar.from_ical(ics).events[0]
    two = vobject.readOne(ics.decode()).vevent
    for field in FIELDS if readable(text) else ["SUMMARY"]:
        assert str(one.get(field, "")) == readable(text)
        assert two.contents[field.lower()][0].value == readable(text)


ANYTHING = st.text(
    st.one_of(st.characters(), st.sampled_from("\\;,:\"'^nN\r\n\x85\u2028METHOD:")),
    max_size=200,
)


@settings(deadline=None)
@given(text=ANYTHING)
def test_no_text_adds_a_line_or_breaks_one(
    talk: Item, olga: Mailbox, text: str
) -> None:
    item = replace(
        talk, summary=text, description=text, location=text, categories=(text, text)
    )
    guest = Mailbox("anna@attendees.example", text)
    mail = icalendar_text.invitation(item, organizer=olga, attendee=guest)
    feed = icalendar_text.feed(
        [item], name=text, description=text, url="https://events.example/"
    )

    plain = replace(talk, summary="s", description="d", location="l", categories=("c",))
    guest = Mailbox("anna@attendees.example", "Anna")
    plain_mail = icalendar_text.invitation(plain, organizer=olga, attendee=guest)
    assert names(mail) <= names(plain_mail)
    assert names(feed) <= {*names(feed_of([plain]))}


def names(ics: bytes) -> set[str]:
    """Collect the property names, however leniently lines are told apart."""
    ics.decode()
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    lines = ics.decode().replace("\r\n ", "").splitlines()
    return {line.split(":")[0].split(";")[0] for line in lines}


@pytest.mark.parametrize("text", ["x\nMETHOD:CANCEL", "x\r\nX:1", "x\rATTACH:a"])
def test_a_typed_property_stays_text(talk: Item, olga: Mailbox, text: str) -> None:
    item = replace(talk, summary=text)
    guest = Mailbox("anna@attendees.example", text)

    ics = icalendar_text.invitation(item, organizer=olga, attendee=guest)

    assert [line[:7] for line in ics.decode().splitlines()].count("METHOD:") == 1
    assert icalendar.Calendar.from_ical(ics)["METHOD"] == "REQUEST"
    assert icalendar.Calendar.from_ical(ics).events[0]["SUMMARY"] == readable(text)
