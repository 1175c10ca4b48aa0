"""Organisers set tables up, rename, order and remove them."""

from datetime import timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.rooms.tables.tables import a_guest, tables_at, taken
from tests.rooms.visitors import HOUR, an_online_event

from werkraum_events.models import Event, Mode
from werkraum_events.moves import Move
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.faults import InvalidInput
from werkraum_rooms import queries
from werkraum_rooms.models import BreakoutTable, Room, RoomMeeting, TablePlace
from werkraum_rooms.rules import NoRoom, Times
from werkraum_rooms.tables import table_queries, tables
from werkraum_rooms.tables.table_places import place
from werkraum_rooms.tables.table_rules import (
    MOST_TABLES,
    TableSeatsTaken,
    TableWasUsed,
    TableWish,
    TooManyTables,
)

MINUTE = timedelta(minutes=1)


async def titles(event: Event) -> list[str]:
    return [it.title["en"] for it in await table_queries.tables_of(event.id)]


async def edited(event: Event, table: BreakoutTable, seats: int | None) -> None:
    wish = TableWish({"en": "Youth"}, seats)
    await tables.edit(
        event.organiser_id, event.id, table.id, wish, actor=SYSTEM, now=clock.now()
    )


async def removed(event: Event, table: BreakoutTable) -> None:
    await tables.remove(
        event.organiser_id, event.id, table.id, actor=SYSTEM, now=clock.now()
    )


async def planned(event: Event, times: Times | None, *, chosen: bool = True) -> None:
    await tables.plan(
        event.organiser_id,
        event.id,
        chosen=chosen,
        times=times,
        actor=SYSTEM,
        now=clock.now(),
    )


async def test_each_table_gets_a_room_behind_the_door_of_the_event(
    database: str,
) -> None:
    event = await an_online_event()

    await tables_at(event, 4, None)

    placed = await queries.rooms_of(event)
    assert [it.title["en"] for it in placed] == ["Table 1", "Table 2"]
    assert len({it.room.slug for it in placed}) == 2


async def test_an_event_on_site_has_no_tables(database: str) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONSITE: None})

    with pytest.raises(NoRoom):
        await tables_at(event, 4)


async def test_there_is_an_end_to_the_tables(database: str) -> None:
    event = await an_online_event()
    await tables_at(event, *[None] * MOST_TABLES)

    with pytest.raises(TooManyTables):
        await tables_at(event, None)


async def test_a_table_is_renamed_but_keeps_seats_for_those_who_sit(
    database: str,
) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 4)
    await place(event, table.id, a_guest(3), actor=SYSTEM, now=clock.now())

    await edited(event, table, 3)
    with pytest.raises(TableSeatsTaken) as refusal:
        await edited(event, table, 2)

    assert refusal.value.taken == 3
    assert (await titles(event), await taken()) == (["Youth"], [3])


async def test_tables_are_put_in_order_by_steps(database: str) -> None:
    event = await an_online_event()
    first, _, third = await tables_at(event, 1, 2, 3)

    for each in (third, first):
        await tables.move(
            event.organiser_id, event.id, each.id, -1, actor=SYSTEM, now=clock.now()
        )

    assert await titles(event) == ["Table 1", "Table 3", "Table 2"]


async def test_a_table_goes_with_its_room_and_places(database: str) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 4)
    await place(event, table.id, a_guest(), actor=SYSTEM, now=clock.now())

    await removed(event, table)
    await removed(event, table)

    for each in (BreakoutTable, Room, TablePlace):
        assert await each.all().count() == 0


async def test_a_table_where_people_met_stays(database: str) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 4)
    room = await Room.get(table_id=table.id)
    await RoomMeeting.create(room=room, server="main", opened_at=clock.now())

    with pytest.raises(TableWasUsed):
        await removed(event, table)

    assert await BreakoutTable.all().count() == 1


async def test_the_tables_have_times_of_their_own_within_the_event(
    database: str,
) -> None:
    event = await an_online_event()
    await tables_at(event, 4)
    times = Times(event.starts_at + HOUR, event.starts_at + HOUR + 30 * MINUTE)

    await planned(event, times)
    with pytest.raises(InvalidInput):
        await planned(event, Times(times.starts_at, event.ends_at + MINUTE))

    [placed] = await queries.rooms_of(event)
    assert placed.times == times


@pytest.mark.parametrize(
    ("longer", "moved"), [(HOUR, True), (-HOUR, False)], ids=["fits", "too short"]
)
async def test_the_times_move_along_while_they_fit(
    longer: timedelta, moved: bool, database: str
) -> None:
    event = await an_online_event()
    await tables_at(event, 4)
    times = Times(event.starts_at + HOUR, event.ends_at)
    await planned(event, times)

    before = event.starts_at
    event.starts_at += HOUR
    event.ends_at += HOUR + longer
    move = Move(before, event.timezone, event.starts_at, event.timezone)
    await tables.move_with_event(event, move)

    [placed] = await queries.rooms_of(event)
    assert placed.times.ends_at == (times.ends_at + HOUR if moved else event.ends_at)
