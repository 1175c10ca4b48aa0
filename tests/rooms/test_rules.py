from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_foundation.language import in_language
from werkraum_rooms.rules import (
    Opening,
    Phase,
    TooEarly,
    TooLate,
    for_hosts,
    must_be_open,
    opening,
    phase,
    seconds_until_refresh,
    until,
)

STARTS = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
OPENING = opening(STARTS, ENDS)
MOMENT = timedelta(microseconds=1)


def test_the_door_opens_a_quarter_before_and_closes_an_hour_after() -> None:
    assert OPENING == Opening(
        datetime(2027, 3, 4, 12, 45, tzinfo=UTC),
        datetime(2027, 3, 4, 16, 0, tzinfo=UTC),
    )


def test_an_event_can_say_otherwise() -> None:
    wider = opening(STARTS, ENDS, lead=timedelta(hours=1), grace=timedelta())

    assert wider == Opening(STARTS - timedelta(hours=1), ENDS)


@pytest.mark.parametrize(
    ("ended_at", "closes_at"),
    [
        pytest.param(None, OPENING.closes_at, id="by nobody"),
        pytest.param(OPENING.opens_at - MOMENT, OPENING.closes_at, id="before"),
        pytest.param(OPENING.opens_at, OPENING.opens_at, id="as it opens"),
        pytest.param(ENDS, ENDS, id="at the end"),
        pytest.param(OPENING.closes_at, OPENING.closes_at, id="once it was over"),
        pytest.param(ENDS + timedelta(days=7), OPENING.closes_at, id="at a later time"),
    ],
)
def test_an_ending_shuts_the_opening_it_fell_in_and_no_other(
    ended_at: datetime | None, closes_at: datetime
) -> None:
    hosts = for_hosts(OPENING, STARTS)

    shut = until(hosts, ended_at, for_all=OPENING.opens_at)

    assert shut == Opening(STARTS - timedelta(hours=1), closes_at)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(OPENING.opens_at - MOMENT, Phase.EARLY, id="a moment early"),
        pytest.param(OPENING.opens_at, Phase.OPEN, id="opening moment"),
        pytest.param(OPENING.closes_at - MOMENT, Phase.OPEN, id="a moment left"),
        pytest.param(OPENING.closes_at, Phase.OVER, id="closing moment"),
    ],
)
def test_the_opening_moment_is_open_the_closing_moment_is_not(
    now: datetime, expected: Phase
) -> None:
    assert phase(OPENING, now=now) is expected


def test_whoever_comes_too_early_hears_when_it_opens() -> None:
    with pytest.raises(TooEarly) as refusal:
        must_be_open(OPENING, now=OPENING.opens_at - MOMENT)

    assert refusal.value.opens_at == OPENING.opens_at
    assert (refusal.value.status, refusal.value.code) == (409, "room_too_early")


def test_whoever_comes_too_late_hears_since_when_it_is_closed() -> None:
    with pytest.raises(TooLate) as refusal:
        must_be_open(OPENING, now=OPENING.closes_at)

    assert refusal.value.closed_at == OPENING.closes_at
    assert (refusal.value.status, refusal.value.code) == (410, "room_too_late")


def test_nobody_is_refused_in_between() -> None:
    must_be_open(OPENING, now=STARTS)


@pytest.mark.parametrize("refusal", [TooEarly(STARTS), TooLate(ENDS)])
def test_a_refusal_speaks_german(refusal: TooEarly | TooLate) -> None:
    with in_language("de"):
        assert refusal.message().startswith("Der Videoraum ist")


@pytest.mark.parametrize(
    ("left", "seconds"),
    [
        pytest.param(timedelta(days=3), 3600, id="days away: every hour"),
        pytest.param(timedelta(hours=2), 600, id="hours away: every ten minutes"),
        pytest.param(timedelta(minutes=9), 60, id="minutes away: every minute"),
        pytest.param(timedelta(seconds=75), 75, id="nearly: at the opening"),
        pytest.param(timedelta(seconds=0.2), 1, id="never a moment before"),
        pytest.param(timedelta(), None, id="open"),
        pytest.param(timedelta(hours=-9), None, id="over"),
    ],
)
def test_the_waiting_page_loads_again(left: timedelta, seconds: int | None) -> None:
    now = OPENING.opens_at - left

    assert seconds_until_refresh(OPENING, now=now) == seconds


@given(st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_page_that_waits_is_there_within_a_second_of_the_opening(
    left: timedelta,
) -> None:
    now, loads = OPENING.opens_at - left, 0
    while (wait := seconds_until_refresh(OPENING, now=now)) is not None:
        now, loads = now + timedelta(seconds=wait), loads + 1

    assert OPENING.opens_at <= now < OPENING.opens_at + timedelta(seconds=1)
    assert loads < 24 * 30 + 24 * 6 + 60
