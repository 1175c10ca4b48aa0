"""Bad inputs B53-B55: local times that do not exist or exist twice, odd zones."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from werkraum_foundation.local_times import (
    Fold,
    ZoneName,
    clock_after,
    clock_span,
    local,
    parse_local,
    zones,
)

ZONE: TypeAdapter[str] = TypeAdapter(ZoneName)

RIGHT = {
    "winter": ("2027-03-04T14:00", "Europe/Berlin", None, "2027-03-04T13:00"),
    "summer": ("2027-07-04T14:00", "Europe/Berlin", None, "2027-07-04T12:00"),
    "seconds of a browser": ("2027-03-04T14:00:00", "UTC", None, "2027-03-04T14:00"),
    "fold first": ("2026-10-25T02:30", "Europe/Berlin", "first", "2026-10-25T00:30"),
    "fold second": ("2026-10-25T02:30", "Europe/Berlin", "second", "2026-10-25T01:30"),
    "fold not needed": (
        "2026-10-25T12:00",
        "Europe/Berlin",
        "second",
        "2026-10-25T11:00",
    ),
    "Lord Howe first": (
        "2027-04-04T01:45",
        "Australia/Lord_Howe",
        "first",
        "2027-04-03T14:45",
    ),
    "Lord Howe second": (
        "2027-04-04T01:45",
        "Australia/Lord_Howe",
        "second",
        "2027-04-03T15:15",
    ),
    "Samoa before": ("2011-12-29T12:00", "Pacific/Apia", None, "2011-12-29T22:00"),
    "Samoa after": ("2011-12-31T12:00", "Pacific/Apia", None, "2011-12-30T22:00"),
    "first minute": (
        "2000-01-01T00:00",
        "Pacific/Kiritimati",
        None,
        "1999-12-31T10:00",
    ),
    "last minute": ("2100-12-31T23:59", "America/Adak", None, "2101-01-01T09:59"),
}


@pytest.mark.parametrize(("typed", "zone", "fold", "utc"), RIGHT.values(), ids=RIGHT)
def test_a_local_time_is_read(
    typed: str, zone: str, fold: str | None, utc: str
) -> None:
    moment = parse_local(typed, zone, Fold(fold) if fold else None)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(("typed", "zone", "fold", "utc"), RIGHT.values(), ids=RIGHT)
def test_a_stored_time_is_shown_as_it_was_entered(
    typed: str, zone: str, fold: str | None, utc: str
) -> None:
    shown = local(datetime.fromisoformat(utc).replace(tzinfo=UTC), zone)
    assert shown.strftime("%Y-%m-%dT%H:%M") == typed[:16]


REFUSED = {
    "gap": ("2027-03-28T02:30", "Europe/Berlin", "gap_time"),
    "gap of half an hour": ("2026-10-04T02:15", "Australia/Lord_Howe", "gap_time"),
    "missing day": ("2011-12-30T12:00", "Pacific/Apia", "gap_time"),
    "fold": ("2026-10-25T02:30", "Europe/Berlin", "ambiguous_time"),
    "fold of half an hour": (
        "2027-04-04T01:45",
        "Australia/Lord_Howe",
        "ambiguous_time",
    ),
    "day": ("2026-02-30T10:00", "Europe/Berlin", "no_such_day"),
    "hour 24": ("2026-02-03T24:00", "Europe/Berlin", "no_such_day"),
    "year 0001": ("0001-01-01T00:00", "Pacific/Kiritimati", "year"),
    "year 9999": ("9999-12-31T23:59", "America/Adak", "year"),
    "year 1999": ("1999-12-31T23:59", "UTC", "year"),
    "year 2101": ("2101-01-01T00:00", "UTC", "year"),
    "seconds": ("2026-10-25T12:00:30", "UTC", "local_time"),
    "week date": ("2026-W01-1", "UTC", "local_time"),
    "no hyphens": ("20261025", "UTC", "local_time"),
    "date only": ("2026-10-25", "UTC", "local_time"),
    "space": ("2026-10-25 12:00", "UTC", "local_time"),
    "offset": ("2026-10-25T12:00Z", "UTC", "local_time"),
    "line end": ("2026-10-25T12:00\n", "UTC", "local_time"),
    "other digits": ("٢٠٢٦-10-25T12:00", "UTC", "local_time"),
    "empty": ("", "UTC", "local_time"),
    "zone": ("2026-10-25T12:00", "../../etc/passwd", "time_zone"),
}


@pytest.mark.parametrize(("typed", "zone", "code"), REFUSED.values(), ids=REFUSED)
def test_a_local_time_is_refused(typed: str, zone: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_local(typed, zone)
    assert refused.value.type == code


def test_a_fold_does_not_help_over_a_gap() -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_local("2027-03-28T02:30", "Europe/Berlin", Fold.SECOND)
    assert refused.value.type == "gap_time"


ODD_ZONES = {
    "path upwards": "../../etc/passwd",
    "absolute path": "/etc/localtime",
    "folder": "America",
    "NUL": "\x00",
    "3,000 letters": "x" * 3000,
    "line end": "Europe/Berlin\n",
    "lower case": "europe/berlin",
    "Factory": "Factory",
    "posixrules": "posixrules",
    "localtime": "localtime",
    "abbreviation": "EST",
    "offset": "Etc/GMT+5",
    "empty": "",
    "space": " Europe/Berlin",
}


@pytest.mark.parametrize("typed", ODD_ZONES.values(), ids=ODD_ZONES)
def test_an_odd_zone_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        ZONE.validate_python(typed)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Indiana/Knox"])
def test_a_place_is_a_zone(name: str) -> None:
    assert ZONE.validate_python(name) == name
    assert name in zones()


BERLIN = "Europe/Berlin"
# What a clock shows two and a half hours after midnight, in UTC.
NIGHTS = {
    "any": ("2026-10-24T00:00", None, "2026-10-24T00:30"),
    "the hour left out": ("2027-03-28T00:00", None, "2027-03-28T01:30"),
    "the hour that comes twice": ("2026-10-25T00:00", None, "2026-10-25T00:30"),
    "from its second coming": ("2026-10-25T02:00", Fold.SECOND, "2026-10-25T03:30"),
}


@pytest.mark.parametrize(("since", "fold", "utc"), NIGHTS.values(), ids=NIGHTS)
def test_a_clock_is_turned_on(since: str, fold: Fold | None, utc: str) -> None:
    moment = clock_after(
        parse_local(since, BERLIN, fold), timedelta(hours=2, minutes=30), BERLIN
    )

    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize("day", ["2026-10-24", "2027-03-27"])
def test_a_day_is_a_day_when_the_clocks_change(day: str) -> None:
    since = parse_local(f"{day}T12:00", BERLIN)
    until = clock_after(since, timedelta(days=1), BERLIN)

    assert until - since != timedelta(days=1)
    assert clock_span(since, until, BERLIN) == timedelta(days=1)
