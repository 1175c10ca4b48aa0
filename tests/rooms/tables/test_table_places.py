"""Somebody sits down, changes, gets up: the places add up at all times."""

import asyncio
from collections.abc import Awaitable
from random import Random

import pytest
from tests.rooms.tables.tables import a_guest, tables_at, taken
from tests.rooms.visitors import an_online_event

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import Refused
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import table_places, table_queries, tables
from werkraum_rooms.tables.table_rules import (
    ChoosingIsOver,
    Guest,
    NotYourChoice,
    SpreadChanged,
    TableFull,
    TableGone,
    spread,
)


async def sits(event: Event, table: BreakoutTable, guest: Guest) -> None:
    await table_places.sit(event, table.id, guest, actor=ATTENDEE, now=clock.now())


async def suggested(event: Event, guests: list[Guest]) -> str:
    return spread(await table_queries.tables_of(event.id), guests).mark


async def test_who_changes_the_table_frees_the_old_place(database: str) -> None:
    event, anna = await an_online_event(), a_guest(2)
    first, second = await tables_at(event, 2, 2)

    await sits(event, first, anna)
    await sits(event, second, anna)
    await sits(event, second, anna)

    assert await taken() == [0, 2]
    noted = await AuditEntry.filter(subject_id=anna.registration_id).order_by("id")
    assert [it.changes["table"] for it in noted] == [
        [None, "Tisch 1"],
        ["Tisch 1", "Tisch 2"],
    ]


async def test_who_finds_a_full_table_keeps_the_place_they_had(database: str) -> None:
    event, anna = await an_online_event(), a_guest(2)
    first, second = await tables_at(event, 2, 2)
    await sits(event, first, anna)
    await sits(event, second, a_guest())

    with pytest.raises(TableFull):
        await sits(event, second, anna)

    assert await taken() == [2, 1]


async def test_of_thirty_who_want_the_last_three_places_three_get_them(
    database: str,
) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 3)

    heard = await asyncio.gather(
        *(sits(event, table, a_guest()) for _ in range(30)), return_exceptions=True
    )

    assert [type(it) for it in heard if it] == [TableFull] * 27
    assert await taken() == [3]


async def test_one_person_at_two_tables_at_once_sits_at_one(database: str) -> None:
    event, anna = await an_online_event(), a_guest()
    two = await tables_at(event, 5, 5)

    await asyncio.gather(*(sits(event, two[n % 2], anna) for n in range(20)))

    assert sorted(await taken()) == [0, 1]


async def test_places_add_up_whatever_happens_at_once(database: str) -> None:
    event, chance = await an_online_event(), Random(7)
    there = await tables_at(event, 3, 5, None, 1)
    people = [a_guest(chance.choice([1, 1, 2])) for _ in range(12)]

    def somebody_does_something() -> Awaitable[None]:
        guest, table = chance.choice(people), chance.choice(there)
        now, deed = clock.now(), chance.randrange(6)
        if deed == 0:
            return table_places.leave(guest.registration_id, actor=ATTENDEE, now=now)
        if deed == 1:
            other = Guest(guest.registration_id, chance.choice([1, 2, 3]))
            return table_places.resize(other, now=now)
        if deed == 2:
            return table_places.place(event, table.id, guest, actor=SYSTEM, now=now)
        return sits(event, table, guest)

    for _ in range(12):
        deeds = [somebody_does_something() for _ in range(15)]
        for heard in await asyncio.gather(*deeds, return_exceptions=True):
            assert heard is None or isinstance(heard, TableFull)
        await taken()


async def test_who_gets_up_leaves_the_place_to_others(database: str) -> None:
    event, anna = await an_online_event(), a_guest()
    [table] = await tables_at(event, 1)
    await sits(event, table, anna)

    for _ in range(2):
        await table_places.leave(anna.registration_id, actor=ATTENDEE, now=clock.now())
    await sits(event, table, a_guest())

    assert await taken() == [1]


@pytest.mark.parametrize(
    ("seats", "after"), [(2, [2]), (1, [1]), (4, [0])], ids=["fits", "less", "too many"]
)
async def test_a_party_that_changes_stays_while_it_fits(
    seats: int, after: list[int], database: str
) -> None:
    event, anna = await an_online_event(), a_guest(2)
    [table] = await tables_at(event, 3)
    await sits(event, table, anna)

    await table_places.resize(Guest(anna.registration_id, seats), now=clock.now())

    assert await taken() == after


async def test_the_rest_is_spread_as_suggested_and_taken_back(database: str) -> None:
    event, anna = await an_online_event(), a_guest()
    first, _ = await tables_at(event, 4, 4)
    await sits(event, first, anna)
    others, at = [a_guest() for _ in range(5)], clock.now()

    seen = await suggested(event, others)
    await table_places.place_all(event, [anna, *others], seen, actor=SYSTEM, now=at)
    assert await taken() == [3, 3]
    back = await table_places.take_back(event, at, actor=SYSTEM, now=clock.now())

    assert (back, await taken()) == (5, [1, 0])


async def test_a_suggestion_that_is_out_of_date_places_nobody(database: str) -> None:
    event, others = await an_online_event(), [a_guest(), a_guest()]
    first, _ = await tables_at(event, 4, 4)
    seen = await suggested(event, others)
    await sits(event, first, others[0])

    with pytest.raises(SpreadChanged):
        await table_places.place_all(event, others, seen, actor=SYSTEM, now=clock.now())

    assert await taken() == [1, 0]


async def test_who_agrees_with_the_desk_keeps_the_table_when_it_takes_back(
    database: str,
) -> None:
    event, anna, at = await an_online_event(), a_guest(), clock.now()
    [table] = await tables_at(event, 4)
    await table_places.place(event, table.id, anna, actor=SYSTEM, now=at)

    await sits(event, table, anna)
    await table_places.take_back(event, at, actor=SYSTEM, now=clock.now())

    assert (await TablePlace.get()).chosen
    assert await taken() == [1]


@pytest.mark.parametrize(
    ("case", "refusal"),
    [("placed", NotYourChoice), ("over", ChoosingIsOver), ("gone", TableGone)],
)
async def test_not_everybody_may_choose(
    case: str, refusal: type[Refused], database: str
) -> None:
    event, now = await an_online_event(), clock.now()
    [table] = await tables_at(event, 4)
    who = event.organiser_id, event.id
    if case == "placed":
        await tables.plan(*who, chosen=False, times=None, actor=SYSTEM, now=now)
    if case == "gone":
        await tables.remove(*who, table.id, actor=SYSTEM, now=now)
    at = event.ends_at if case == "over" else now

    with pytest.raises(refusal):
        await table_places.sit(event, table.id, a_guest(), actor=ATTENDEE, now=at)
