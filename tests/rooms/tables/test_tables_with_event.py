"""Tables go with their event: it is copied, it moves, people leave it in a rush."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.joining import joins
from tests.rooms.tables.tables import tables_at, taken
from tests.rooms.visitors import HOUR, an_online_event

from werkraum_events.models import Event, Mode
from werkraum_events.rules import wish_of
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.refusals import Refused
from werkraum_registration import parties, registrations
from werkraum_registration.models import Registration, State, Wanted
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.rules import Times
from werkraum_rooms.tables import table_queries, tables
from werkraum_server import table_guests
from werkraum_server.event_seats import copy_event, edit_event

SEATS = {Mode.ONSITE: None, Mode.ONLINE: None}


async def people_at(event: Event, *names: str) -> list[Registration]:
    return [await joins(event, name, Wanted.ONLINE) for name in names]


async def half_way(event: Event) -> Times:
    """Plan an hour at the tables within the event."""
    times = Times(event.starts_at + HOUR / 2, event.starts_at + HOUR)
    await tables.plan(
        event.organiser_id,
        event.id,
        chosen=False,
        times=times,
        actor=SYSTEM,
        now=clock.now(),
    )
    return times


async def test_a_copy_has_the_same_tables_with_nobody_at_them(database: str) -> None:
    event = await an_online_event(starts_in=HOUR)
    await tables_at(event, 2, None)
    times = await half_way(event)
    wish = replace(
        wish_of(event),
        slug="again",
        starts_at=event.starts_at + 24 * HOUR,
        ends_at=event.ends_at + 24 * HOUR,
    )

    again = await copy_event(
        event.organiser_id, event.id, wish, SEATS, actor=SYSTEM, now=clock.now()
    )

    made = await table_queries.tables_of(again.id)
    assert [(it.title["en"], it.seats, it.taken) for it in made] == [
        ("Table 1", 2, 0),
        ("Table 2", None, 0),
    ]
    plan = await table_queries.plan_of(again.id)
    assert plan is not None
    assert (plan.chosen, plan.starts_at) == (False, times.starts_at + 24 * HOUR)


async def test_the_time_at_the_tables_moves_with_the_event(database: str) -> None:
    event = await an_online_event(starts_in=HOUR)
    await tables_at(event, 2)
    times = await half_way(event)
    wish = wish_of(event)
    later = replace(wish, starts_at=wish.starts_at + HOUR, ends_at=wish.ends_at + HOUR)

    await edit_event(
        event.organiser_id,
        event.id,
        later,
        SEATS,
        version=None,
        actor=SYSTEM,
        now=clock.now(),
    )

    plan = await table_queries.plan_of(event.id)
    assert plan is not None
    assert plan.starts_at == times.starts_at + HOUR


@pytest.mark.parametrize("deed", ["move", "copy"])
async def test_the_time_at_the_tables_stays_the_same_on_the_clock(
    deed: str, database: str
) -> None:
    """Friday to Sunday in Berlin, a week later over the end of summer time."""
    start = datetime(2026, 10, 16, 7, tzinfo=UTC)
    organiser, end = await an_organiser(), start + 57 * HOUR
    event = await an_event(organiser, starts_at=start, ends_at=end)
    await tables_at(event, 2)
    sunday_at_ten = Times(start + 49 * HOUR, start + 50 * HOUR)
    who, now = (event.organiser_id, event.id), start - 240 * HOUR
    await tables.plan(*who, chosen=False, times=sunday_at_ten, actor=SYSTEM, now=now)
    wish = replace(
        wish_of(event),
        slug="later",
        starts_at=start + 168 * HOUR,
        ends_at=end + 169 * HOUR,
    )

    if deed == "move":
        later = replace(wish, slug=event.slug)
        event = await edit_event(
            *who, later, SEATS, version=None, actor=SYSTEM, now=now
        )
    else:
        event = await copy_event(*who, wish, SEATS, actor=SYSTEM, now=now)

    plan = await table_queries.plan_of(event.id)
    assert plan is not None
    # Ten on the clock is nine by universal time then, and was eight.
    assert plan.starts_at == datetime(2026, 10, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "after"), [(3, [2]), (1, [0])], ids=["there is room", "full"]
)
async def test_a_party_that_grows_keeps_its_table_while_it_fits(
    limit: int, after: list[int], client: httpx.AsyncClient
) -> None:
    event = await an_online_event(starts_in=HOUR, largest_party=5)
    [table] = await tables_at(event, limit)
    [anna] = await people_at(event, "Anna")
    await table_guests.choose(anna.id, table.id, now=clock.now())

    await parties.resize(anna.id, 2, ["Bo"], actor=ATTENDEE, now=clock.now())
    await drain()

    assert await taken() == after


async def test_nobody_who_leaves_in_a_rush_keeps_a_place(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(starts_in=HOUR)
    [table] = await tables_at(event, 5)
    people = await people_at(event, *(f"P{number}" for number in range(12)))

    def deeds(who: Registration, table: BreakoutTable) -> list[Awaitable[object]]:
        now = clock.now()
        sits = table_guests.choose(who.id, table.id, now=now)
        if who not in people[::2]:
            return [sits]
        return [sits, registrations.cancel(who.id, actor=ATTENDEE, now=now)]

    heard = await asyncio.gather(
        *(it for who in people for it in deeds(who, table)), return_exceptions=True
    )
    await drain()

    assert all(it is None or isinstance(it, Refused | Registration) for it in heard)
    await taken()
    sitting = [it.registration_id for it in await TablePlace.all()]
    there = await Registration.filter(id__in=sitting)
    assert {it.state for it in there} <= {State.CONFIRMED}
