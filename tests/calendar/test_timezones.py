from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from werkraum_calendar.posix_zones import known_zones, posix_zone, read_line
from werkraum_calendar.timezones import timezone_for, vtimezone

ZONES = (
    "Europe/Berlin Europe/London Europe/Dublin America/New_York America/St_Johns "
    "America/Santiago America/Nuuk Australia/Sydney Australia/Lord_Howe Asia/Kolkata "
    "Asia/Jerusalem Pacific/Chatham"
).split()


def hours(year: int) -> Iterator[datetime]:
    begin = datetime(year, 1, 1, tzinfo=UTC)
    for hour in range(365 * 24):
        yield begin + timedelta(hours=hour)


def test_berlin_reads_as_every_reader_wants_it() -> None:
    berlin = vtimezone("Europe/Berlin")

    assert berlin and list(berlin.lines()) == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_that_exists_once_is_right(zone: str) -> None:
    found = vtimezone(zone)

    assert found
    doubtful = [moment for moment in hours(2027) if not found.agrees(moment)]

    # Only the hours told twice in autumn: two, or three where half an hour repeats.
    assert len(doubtful) <= 3
    assert all(is_ambiguous(moment, zone) for moment in doubtful)


def is_ambiguous(moment: datetime, zone: str) -> bool:
    there = moment.astimezone(ZoneInfo(zone))
    first, second = there.replace(fold=0), there.replace(fold=1)
    return first.utcoffset() != second.utcoffset()


@pytest.mark.parametrize(
    ("zone", "rule"),
    [
        ("America/Santiago", "BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU"),
        ("Asia/Jerusalem", "BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"),
        ("America/Nuuk", "BYMONTH=3;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA"),
    ],
)
def test_a_change_past_midnight_moves_to_its_day(zone: str, rule: str) -> None:
    found = vtimezone(zone)

    assert found and f"RRULE:FREQ=YEARLY;{rule}" in found.lines()


def test_a_zone_that_never_changes_has_one_observance() -> None:
    kolkata = vtimezone("Asia/Kolkata")

    assert kolkata and list(kolkata.lines())[2:-1] == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:IST",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "END:STANDARD",
    ]


def test_more_light_is_called_daylight_in_dublin_too() -> None:
    dublin = vtimezone("Europe/Dublin")

    assert dublin
    text = "\n".join(dublin.lines())
    assert "TZNAME:IST\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nEND:DAYLIGHT" in text


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Etc/UTC", "Africa/Cairo", "Egypt", "Europe/Unna", "../../etc/passwd"],
)
def test_these_have_no_component(zone: str) -> None:
    assert vtimezone(zone) is None


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        pytest.param("Africa/Casablanca", "2027-02-20T12:00Z", id="Ramadan"),
        pytest.param("Asia/Gaza", "2025-04-01T12:00Z", id="a year of its own"),
        pytest.param("Europe/Berlin", "1975-07-01T12:00Z", id="before summer time"),
        pytest.param("Europe/Berlin", "2027-10-31T00:30Z", id="told twice, first"),
        pytest.param("Europe/Berlin", "2027-10-31T01:30Z", id="told twice, second"),
    ],
)
def test_a_moment_the_rule_gets_wrong_has_none_either(zone: str, moment: str) -> None:
    told = datetime.fromisoformat(moment)

    assert timezone_for(zone, told) is None


def test_start_and_end_must_both_be_right() -> None:
    before = datetime(2027, 10, 30, 22, tzinfo=UTC)
    twice = datetime(2027, 10, 31, 1, tzinfo=UTC)
    after = datetime(2027, 10, 31, 3, tzinfo=UTC)

    assert timezone_for("Europe/Berlin", before, after)
    assert timezone_for("Europe/Berlin", before, twice) is None


def test_nearly_every_zone_of_the_world_is_right_in_all_months() -> None:
    months = [datetime(2029, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]

    without = {zone for zone in known_zones() if timezone_for(zone, *months) is None}

    assert len(without) < 20
    assert {"Africa/Casablanca", "UTC"} <= without


def test_no_component_holds_what_readers_stumble_over() -> None:
    written = [zone for name in sorted(known_zones()) if (zone := vtimezone(name))]

    for zone in written:
        text = "\n".join(zone.lines())
        assert len(zone.observances) <= 2
        assert "RDATE" not in text and "COMMENT" not in text
        assert posix_zone(zone.tzid)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="empty"),
        pytest.param("CET-1CEST,J88,J300", id="Julian days"),
        pytest.param("CET-1CEST", id="no rule for the change"),
        pytest.param("CET-1CEST,M3.5.0,M10.5.0/3\nX", id="more than a line"),
    ],
)
def test_a_line_without_yearly_weekdays_is_not_understood(line: str) -> None:
    assert read_line(line) is None


def test_names_in_brackets_and_odd_offsets_are_understood() -> None:
    chatham = read_line("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45")

    assert chatham and chatham.daylight
    assert chatham.name == "+1245"
    assert chatham.offset == timedelta(hours=12, minutes=45)
    assert chatham.daylight.offset == timedelta(hours=13, minutes=45)
    assert chatham.daylight.begins.at == timedelta(hours=2, minutes=45)
