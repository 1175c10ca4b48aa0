"""How long an offered seat is held: working hours, less and less near the start."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from werkraum_events.models import Event
from werkraum_registration.rules import after_working_hours, offer_until

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


# 2027-03-01 is a Monday; in the night to the 28th the clocks go forward.
@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2027-03-01T10:00", 4, "2027-03-01T14:00"),
        ("2027-03-01T10:00", 20, "2027-03-03T10:00"),
        ("2027-03-01T06:30", 2, "2027-03-01T10:00"),
        ("2027-03-01T19:30", 1, "2027-03-02T09:00"),
        ("2027-03-05T17:00", 2, "2027-03-08T09:00"),
        ("2027-03-06T12:00", 10, "2027-03-08T18:00"),
        ("2027-03-26T17:00", 3, "2027-03-29T10:00"),
        ("2027-03-01T17:59", 20, "2027-03-03T17:59"),
    ],
    ids=[
        "the same day",
        "two days",
        "before work",
        "after work",
        "over the weekend",
        "on a Saturday",
        "over the change of the clocks",
        "in the last minute",
    ],
)
def test_only_working_hours_count(now: str, hours: int, until: str) -> None:
    found = after_working_hours(berlin(now), hours, "Europe/Berlin")
    assert found.astimezone(BERLIN) == berlin(until)


def event(starts: str, closes: str = "") -> Event:
    return Event(
        starts_at=berlin(starts),
        ends_at=berlin(starts) + timedelta(hours=2),
        timezone="Europe/Berlin",
        registration_closes_at=berlin(closes) if closes else None,
        offer_hours=20,
    )


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        ("2027-03-22T10:00", "2027-03-03T10:00"),
        ("2027-03-05T10:00", "2027-03-02T10:00"),
        ("2027-03-01T14:00", "2027-03-01T11:00"),
        ("2027-03-01T11:00", "2027-03-01T10:30"),
        ("2027-03-01T10:20", "2027-03-01T10:20"),
    ],
    ids=["weeks before", "a quarter", "hours before", "half an hour", "at the last"],
)
def test_the_nearer_the_start_the_shorter_the_offer(starts: str, until: str) -> None:
    now = berlin("2027-03-01T10:00")
    assert offer_until(event(starts), now=now) == berlin(until)


def test_no_offer_outlasts_the_closing_of_registration() -> None:
    now = berlin("2027-03-01T10:00")
    closing = event("2027-03-22T10:00", closes="2027-03-01T10:10")
    assert offer_until(closing, now=now) == berlin("2027-03-01T10:10")
