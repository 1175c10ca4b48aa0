"""The ten faults of icalendar 7.3.0, none of which reaches a file of ours."""

import re
from dataclasses import replace
from datetime import timedelta, timezone

import icalendar
import pytest

from werkraum_calendar import icalendar_text
from werkraum_calendar.items import Item
from werkraum_foundation.mailboxes import Mailbox

URL = "https://events.example/"


def feed(item: Item, **texts: str) -> str:
    written = {"uid": "f", "name": "n", "description": "d", **texts}
    entry = icalendar_text.entry_of(item)
    return icalendar_text.feed([entry], url=URL, **written).decode()  # type: ignore[arg-type]


def test_1_zones_are_rules_with_the_onset_by_the_clock_before(talk: Item) -> None:
    ics = feed(talk)

    assert "RDATE" not in ics and "COMMENT" not in ics
    assert "DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in ics


def test_2_names_of_calendars_are_escaped(talk: Item) -> None:
    ics = feed(talk, name="A, B; C\nMETHOD:CANCEL", description="D, E")

    for name in ("NAME", "X-WR-CALNAME"):
        assert f"\r\n{name}:A\\, B\\; C\\nMETHOD:CANCEL\r\n" in ics
    assert "\r\nX-WR-CALDESC:D\\, E\r\n" in ics


def test_3_a_lone_return_starts_no_line(talk: Item) -> None:
    assert "X-WR-CALDESC:a\\nATTACH:b\r\n" in feed(talk, description="a\rATTACH:b")


def test_4_the_refresh_interval_says_that_it_is_a_duration(talk: Item) -> None:
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in feed(talk)


@pytest.mark.parametrize(
    ("address", "feature"),
    [
        ("https://events.example/door", "AUDIO,VIDEO"),
        ("tel:+49-2303-555", "PHONE"),
    ],
)
def test_5_features_are_a_list(
    talk: Item, olga: Mailbox, anna: Mailbox, address: str, feature: str
) -> None:
    item = replace(talk, conference=address)

    mail = icalendar_text.invitation(item, organizer=olga, attendee=anna).decode()

    line = f"CONFERENCE;FEATURE={feature};VALUE=URI:{address}\r\n"
    assert line in mail.replace("\r\n ", "")


def test_6_nothing_recurs_until_a_local_time(talk: Item) -> None:
    assert "UNTIL" not in feed(talk)
    assert "RRULE" not in feed(talk).partition("BEGIN:VEVENT")[2]


def test_7_an_offset_never_becomes_the_name_of_a_zone(talk: Item) -> None:
    offset = timezone(timedelta(hours=2))

    ics = feed(replace(talk, starts_at=talk.starts_at.astimezone(offset)))

    assert "DTSTART;TZID=Europe/Berlin:20270701T140000\r\n" in ics
    assert "UTC+" not in ics


def test_8_a_backslash_before_n_is_kept(talk: Item) -> None:
    ics = feed(replace(talk, summary="C:\\New", location="D:\\new"))

    assert "\r\nSUMMARY:C:\\\\New\r\n" in ics
    assert "\r\nLOCATION:D:\\\\new\r\n" in ics
    event = icalendar.Calendar.from_ical(ics).events[0]
    assert (event["SUMMARY"], event["LOCATION"]) == ("C:\\New", "D:\\new")


def test_9_what_the_library_would_write_unseen_is_refused(talk: Item) -> None:
    with pytest.raises(ValueError, match="URL"):
        icalendar_text.feed([], uid="f", name="n", description="d", url="no address")
    with pytest.raises(ValueError, match="URL"):
        replace(talk, url="https://events.example/\x00")
    assert "\x00" not in feed(replace(talk, summary="a\x00b"))


def test_10_nothing_is_random_and_nothing_is_now(talk: Item) -> None:
    ics = feed(talk)

    # That of the feed and that of its entry, both as they were given.
    assert re.findall(r"^UID:(.*)\r", ics, re.M) == ["f", talk.uid]
    assert ics.count("DTSTAMP:20261101T083015Z\r\n") == 1
