"""What moves with an event keeps its time on the clock, summer or winter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from werkraum_events import events, queries, sessions
from werkraum_events.models import Event, Session
from werkraum_events.moves import Move
from werkraum_events.wishes import EventWish, SessionWish
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.local_times import Fold, local, parse_local
from werkraum_foundation.models import Organiser

ACTOR = "person:olga"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def at(typed: str, fold: Fold | None = None) -> datetime:
    return parse_local(typed, BERLIN, fold)


def lasting(wish: EventWish, start: str, end: str) -> EventWish:
    """Wish for the same event at other times in Berlin; its address goes by them."""
    return replace(
        wish, slug=f"from-{start[:10]}", starts_at=at(start), ends_at=at(end)
    )


async def with_item(office: Organiser, wish: EventWish, start: str, end: str) -> Event:
    made = await events.create(office.id, wish, actor=ACTOR, now=NOW)
    item = SessionWish({"de": "Rundgang"}, at(start), at(end))
    await sessions.add(office.id, made.id, item, actor=ACTOR, now=NOW)
    return made


def clock_of(session: Session) -> str:
    starts, ends = (local(it, BERLIN) for it in (session.starts_at, session.ends_at))
    return f"{starts:%a %H:%M}-{ends:%H:%M}"


CHANGES = {
    "winter": ("2026-10-16", "2026-10-18", "2026-10-23", "2026-10-25"),
    "summer": ("2027-03-19", "2027-03-21", "2027-03-26", "2027-03-28"),
    "back again": ("2026-10-23", "2026-10-25", "2026-10-16", "2026-10-18"),
}


@pytest.mark.parametrize("deed", ["move", "copy"])
@pytest.mark.parametrize("days", CHANGES.values(), ids=CHANGES)
async def test_sunday_at_ten_stays_sunday_at_ten(
    days: tuple[str, ...], deed: str, office: Organiser, wish: EventWish
) -> None:
    friday, sunday, other_friday, other_sunday = days
    first = lasting(wish, f"{friday}T09:00", f"{sunday}T16:00")
    event = await with_item(office, first, f"{sunday}T10:00", f"{sunday}T11:30")
    second = lasting(wish, f"{other_friday}T09:00", f"{other_sunday}T16:00")

    if deed == "move":
        await events.edit(
            office.id, event.id, second, version=None, actor=ACTOR, now=NOW
        )
    else:
        event = await events.copy(office.id, event.id, second, actor=ACTOR, now=NOW)

    [there] = await queries.sessions_of(event.id)
    assert clock_of(there) == "Sun 10:00-11:30"
    assert local(there.starts_at, BERLIN).date().isoformat() == other_sunday


async def test_an_item_that_the_change_would_swallow_is_refused(
    office: Organiser, wish: EventWish
) -> None:
    first = lasting(wish, "2027-03-20T22:00", "2027-03-21T06:00")
    event = await with_item(office, first, "2027-03-21T02:10", "2027-03-21T03:05")
    second = lasting(wish, "2027-03-27T22:00", "2027-03-28T06:00")

    with pytest.raises(InvalidInput):
        await events.edit(
            office.id, event.id, second, version=None, actor=ACTOR, now=NOW
        )


def test_where_the_start_stays_so_does_the_second_of_two_equal_hours() -> None:
    start = at("2026-10-24T22:00")
    second = at("2026-10-25T02:30", Fold.SECOND)

    assert Move(start, BERLIN, start, "Europe/London").of(second) == second


def test_an_event_that_goes_elsewhere_takes_its_clock_along() -> None:
    move = Move(at("2026-10-16T09:00"), BERLIN, at("2026-10-16T10:00"), "Europe/London")
    moved = move.of(at("2026-10-16T09:00") + timedelta(hours=2))

    assert f"{local(moved, 'Europe/London'):%H:%M}" == "11:00"
