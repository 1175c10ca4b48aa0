"""What is on, what comes next and how much is left, by the running order."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.feedback.meetings import a_meeting, an_item
from tests.people import olga_signed_in, otto_signed_in

from werkraum_events.models import Session
from werkraum_feedback.capture.agenda import Standing, standing

TEN = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)


def item(start: int, end: int) -> Session:
    """Make an item, in minutes from ten o'clock."""
    return Session(
        id=uuid4(),
        starts_at=TEN + timedelta(minutes=start),
        ends_at=TEN + timedelta(minutes=end),
    )


WELCOME, ROUND, A, B = item(0, 10), item(10, 40), item(50, 90), item(50, 90)
ORDER = [WELCOME, ROUND, A, B]


def at(minute: float, **more: object) -> Standing:
    return standing(ORDER, TEN + timedelta(minutes=minute), **more)  # type: ignore[arg-type]


def test_before_the_first_item_only_that_is_told() -> None:
    assert at(-5) == Standing(coming=(WELCOME,))


def test_an_item_has_so_many_minutes_left_and_a_next_one() -> None:
    assert at(25) == Standing((ROUND,), (A, B), left=15, passed=50)


def test_the_last_minute_is_one_until_it_is_over() -> None:
    assert at(9.99).left == 1
    assert (at(10).on, at(10).left) == ((ROUND,), 30)


def test_an_item_runs_over_until_something_else_begins() -> None:
    stand = at(43)
    assert (stand.on, stand.left, stand.over, stand.passed) == ((ROUND,), -3, 3, 100)
    assert at(40.5).left == 0


def test_workshops_side_by_side_are_on_together() -> None:
    assert at(60).on == (A, B)


def test_after_the_last_item_nothing_comes() -> None:
    stand = at(95)
    assert (stand.on, stand.over, stand.coming) == ((A, B), 5, ())


def test_two_hours_later_the_order_is_at_its_end() -> None:
    assert at(209).over == 119
    assert at(210) == Standing(ended=True)
    assert at(210, chosen=A.id).over == 120


def test_whoever_is_behind_the_plan_hears_how_much() -> None:
    stand = at(55, chosen=ROUND.id)
    assert (stand.on, stand.over) == ((ROUND,), 15)
    assert stand.coming == (A, B)


@pytest.mark.parametrize("minute", [-1, 0, 30])
def test_an_empty_order_says_nothing(minute: int) -> None:
    assert standing([], TEN + timedelta(minutes=minute)) == Standing()


def test_an_item_without_a_length_is_over_at_once() -> None:
    assert standing([item(0, 0)], TEN).passed == 100


async def test_the_clock_says_what_is_on_and_follows_whoever_wants_it(
    client: httpx.AsyncClient,
) -> None:
    event = await a_meeting(await olga_signed_in(client))
    talk = await an_item(event, "Introductions", 0, 40)
    await an_item(event, "Examples", 40, 80)
    path = f"/desk/events/{event.id}/feedback/clock"
    plain = await client.get(path)
    assert "30 minutes left" in plain.text and "Examples" in plain.text
    assert "refresh" not in plain.headers
    follows = await client.get(f"{path}?follow=1&item={talk.id}")
    assert follows.headers["refresh"] == f"30; url={path}?follow=1&item={talk.id}"
    assert (await client.get(f"{path}?item=nothing")).status_code == 200
    told = (await client.get(f"{path}/agenda.json")).json()
    assert [it["title"] for it in told["sessions"]] == ["Introductions", "Examples"]


async def test_otto_sees_no_clock(client: httpx.AsyncClient) -> None:
    event = await a_meeting(await olga_signed_in(client))
    await otto_signed_in(client)
    for step in ("clock", "clock/agenda.json"):
        path = f"/desk/events/{event.id}/feedback/{step}"
        assert (await client.get(path)).status_code == 404
