"""What stands in each kind of file, octet by octet."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from werkraum_calendar import icalendar_text
from werkraum_calendar.items import Item, Status
from werkraum_foundation.language import in_language
from werkraum_foundation.mailboxes import Mailbox

CANCELLED = Status.CANCELLED


def feed(*items: Item, name: str = "Programm", description: str = "Alles") -> bytes:
    return icalendar_text.feed(
        [icalendar_text.entry_of(item) for item in items],
        name=name,
        description=description,
        url="https://events.example/de/",
        modified=max((item.revised_at for item in items), default=None),
        source="https://events.example/calendar.ics",
        uid="0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a00",
    )


def lines(ics: bytes) -> list[str]:
    """Unfold and take the content lines apart."""
    return ics.decode().replace("\r\n ", "").split("\r\n")


def test_a_download_says_this_and_no_more(talk: Item) -> None:
    found = lines(icalendar_text.download(talk))

    berlin = found.index("END:VTIMEZONE")
    assert found[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Werkraum//Werkraum//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VTIMEZONE",
    ]
    assert found[berlin + 1 :] == [
        "BEGIN:VEVENT",
        "SUMMARY:Werkstattgespräch",
        "DTSTART;TZID=Europe/Berlin:20270701T140000",
        "DTEND;TZID=Europe/Berlin:20270701T160000",
        "DTSTAMP:20261101T083015Z",
        "UID:0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11",
        "SEQUENCE:3",
        "CATEGORIES:Jugend,Ungarn\\, Polen",
        "CREATED:20261001T090000Z",
        "DESCRIPTION:Wie Partnerschaften junge Menschen gewinnen",
        "LAST-MODIFIED:20261101T083015Z",
        "LOCATION:Ratssaal\\, Rathaus\\, Markt 1\\, Unna",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://events.example/de/events/jugend",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_feed_says_who_it_is(talk: Item) -> None:
    found = lines(feed(talk))

    assert found[: found.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Werkraum//Werkraum//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALDESC:Alles",
        "NAME:Programm",
        "X-WR-CALNAME:Programm",
        "LAST-MODIFIED:20261101T083015Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://events.example/calendar.ics",
        "UID:0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a00",
        "URL:https://events.example/de/",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:Europe/Berlin",
    ]


def test_an_invitation_asks_one_person(
    talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    found = lines(icalendar_text.invitation(talk, organizer=olga, attendee=anna))

    assert found.index("METHOD:REQUEST") < found.index("BEGIN:VTIMEZONE")
    assert [line for line in found if line.startswith(("ORGANIZER", "ATTENDEE"))] == [
        'ATTENDEE;CN="Anna Arendt";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;'
        "ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:anna@attendees.example",
        "ORGANIZER;CN=Netzwerkbüro:mailto:rsvp+token@events.example",
    ]
    assert found.count("UID:0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11") == 1
    assert "STATUS:CONFIRMED" in found


@pytest.mark.parametrize("event_is_off", [True, False])
def test_a_cancellation_tells_whether_the_event_is_off(
    talk: Item, olga: Mailbox, anna: Mailbox, event_is_off: bool
) -> None:
    found = lines(
        icalendar_text.cancellation(
            talk, organizer=olga, attendee=anna, event_is_off=event_is_off
        )
    )

    assert found.index("METHOD:CANCEL") < found.index("BEGIN:VTIMEZONE")
    statuses = [line for line in found if line.startswith("STATUS")]
    assert statuses == (["STATUS:CANCELLED"] if event_is_off else [])
    assert sum(line.startswith("ATTENDEE") for line in found) == 1
    assert "SEQUENCE:3" in found
    assert not any("RSVP" in line for line in found)


@pytest.mark.parametrize(
    "word", ["METHOD", "ORGANIZER", "ATTENDEE", "VALARM", "CONFERENCE", "door"]
)
def test_neither_feed_nor_download_holds(talk: Item, word: str) -> None:
    assert word not in feed(talk).decode()
    assert word not in icalendar_text.download(talk).decode()


def test_only_a_feed_has_a_name(talk: Item, olga: Mailbox, anna: Mailbox) -> None:
    mail = icalendar_text.invitation(talk, organizer=olga, attendee=anna)

    for ics in (icalendar_text.download(talk), mail):
        assert b"X-WR-" not in ics and b"\r\nNAME" not in ics


def test_all_kinds_agree_on_uid_and_revision(
    talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    kinds = [
        feed(talk),
        icalendar_text.download(talk),
        icalendar_text.invitation(talk, organizer=olga, attendee=anna),
    ]

    for word in ("UID:0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11", "SEQUENCE:3"):
        assert all(word in lines(ics) for ics in kinds)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "SUMMARY:Abgesagt: Werkstattgespräch"),
        ("en", "SUMMARY:Cancelled: Werkstattgespräch"),
    ],
)
def test_a_cancelled_item_says_so_and_frees_the_time(
    talk: Item, language: str, title: str
) -> None:
    with in_language(language):
        found = lines(feed(replace(talk, status=CANCELLED)))

    assert {title, "STATUS:CANCELLED", "TRANSP:TRANSPARENT"} <= set(found)


def test_what_is_off_cannot_be_invited_to(
    talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    off = replace(talk, status=CANCELLED)

    with pytest.raises(ValueError, match="cancellation"):
        icalendar_text.invitation(off, organizer=olga, attendee=anna)


def test_nobody_is_invited_by_themselves(talk: Item, olga: Mailbox) -> None:
    same = Mailbox(olga.address.upper(), "Olga")

    with pytest.raises(ValueError, match="share an address"):
        icalendar_text.invitation(talk, organizer=olga, attendee=same)


def test_no_zone_is_missing_twice_or_unused(talk: Item) -> None:
    london = replace(talk, uid="b", timezone="Europe/London")
    ramadan = replace(talk, uid="c", timezone="Africa/Cairo")

    found = lines(feed(talk, london, ramadan, replace(talk, uid="d")))

    zones = [line for line in found if line.startswith("TZID:")]
    assert zones == ["TZID:Europe/Berlin", "TZID:Europe/London"]
    assert "DTSTART:20270701T120000Z" in found
    assert not any(line.startswith("X-WR-TIMEZONE") for line in found)


def test_every_entry_has_hours_even_over_whole_days(talk: Item) -> None:
    # Nothing here lasts a day without saying from when: no reader has to guess whose.
    midnight = datetime(2027, 7, 31, 22, tzinfo=UTC)
    for days in (1, 3):
        end = midnight + timedelta(days=days)
        ics = icalendar_text.download(replace(talk, starts_at=midnight, ends_at=end))
        assert b"VALUE=DATE:" not in ics
        assert "DTSTART;TZID=Europe/Berlin:20270801T000000" in lines(ics)
        assert f"DTEND;TZID=Europe/Berlin:2027080{1 + days}T000000" in lines(ics)


def test_an_hour_told_twice_is_written_in_utc(talk: Item) -> None:
    twice = replace(
        talk,
        starts_at=datetime(2027, 10, 30, 22, tzinfo=UTC),
        ends_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    )

    found = lines(icalendar_text.download(twice))

    assert "DTSTART:20271030T220000Z" in found
    assert "DTEND:20271031T003000Z" in found
    assert "BEGIN:VTIMEZONE" not in found


def test_a_feed_joins_the_bytes_of_its_items(talk: Item) -> None:
    other = replace(talk, uid="b", starts_at=talk.starts_at - timedelta(days=1))

    ics = feed(talk, other)

    one, two = (icalendar_text.entry_of(it).octets for it in (talk, other))
    assert ics.endswith(one + two + b"END:VCALENDAR\r\n")


def test_a_feed_may_be_empty() -> None:
    found = lines(feed())

    assert found[-2:] == ["END:VCALENDAR", ""]
    assert not any(line.startswith("LAST-MODIFIED") for line in found)


# Run twice, each in a process of its own; the second has no assertions.
ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from werkraum_calendar.icalendar_text import entry_of, feed
from werkraum_calendar.items import Item

moment = datetime(2027, 7, 1, 12, tzinfo=UTC)
item = Item("a", 0, moment, moment, moment, moment.replace(hour=13),
    "Europe/Berlin", "Rat\\r\\nMETHOD:CANCEL", "\\rATTACH:x \\\\N \\u2028 a,b;c")
sys.stdout.buffer.write(feed([entry_of(item)] * 2, uid="f",
    name="A, B\\nMETHOD:CANCEL", description="\\rX:1", url="https://events.example/"))
"""


def test_the_same_rows_give_the_same_bytes_in_every_process() -> None:
    commands = ([sys.executable, *flags] for flags in ([], ["-O"]))

    first, second = (
        subprocess.run([*command, "-c", ANOTHER_PROCESS], capture_output=True).stdout
        for command in commands
    )

    assert first == second
    assert b"END:VCALENDAR" in first
    assert b"\nMETHOD" not in first and b"\rATTACH" not in first
