"""Tables of the tests, and the invariant of their places."""

from collections.abc import Sequence

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import tables
from werkraum_rooms.tables.table_rules import Guest, TableWish


async def tables_at(event: Event, *seats: int | None) -> Sequence[BreakoutTable]:
    """Set up a table for each of these numbers of seats."""
    wishes = [
        TableWish({"en": f"Table {number}", "de": f"Tisch {number}"}, each)
        for number, each in enumerate(seats, start=1)
    ]
    return await tables.add(
        event.organiser_id, event.id, wishes, actor=SYSTEM, now=clock.now()
    )


def a_guest(seats: int = 1) -> Guest:
    return Guest(uuid7(), seats)


async def taken() -> list[int]:
    """Say how many sit at each table, in order, after counting them anew."""
    found = await BreakoutTable.all().order_by("event_id", "position")
    for table in found:
        places = await TablePlace.filter(table_id=table.id)
        assert table.taken == sum(it.seats for it in places)
        assert table.seats is None or table.taken <= table.seats
    return [table.taken for table in found]
