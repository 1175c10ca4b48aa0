"""Questions about breakout tables and who sits at them."""

from uuid import UUID

from werkraum_foundation.database import is_sqlite, rows
from werkraum_rooms.models import BreakoutPlan, BreakoutTable, RoomMeeting, TablePlace


async def tables_of(event_id: UUID) -> list[BreakoutTable]:
    """List the tables of an event in their order; one query."""
    return await BreakoutTable.filter(event_id=event_id).order_by("position", "id")


async def plan_of(event_id: UUID) -> BreakoutPlan | None:
    """Find how an event splits; None where nobody has planned anything."""
    return await BreakoutPlan.get_or_none(event_id=event_id)


async def places_of(event_id: UUID) -> list[TablePlace]:
    """List who sits where at an event; one query."""
    found = TablePlace.filter(table__event_id=event_id)
    return await found.order_by("at", "registration_id")


async def place_of(registration_id: UUID) -> TablePlace | None:
    """Find where somebody sits, table and event with it; one query."""
    found = TablePlace.filter(registration_id=registration_id)
    return await found.select_related("table__event").first()


async def has_tables(event_id: UUID) -> bool:
    return await BreakoutTable.filter(event_id=event_id).exists()


async def was_used(table_id: UUID) -> bool:
    """Whether people have met at a table."""
    return await RoomMeeting.filter(room__table_id=table_id).exists()


async def enter_tables(event_id: UUID) -> dict[UUID, BreakoutTable]:
    """Lock the tables of an event in the order of their ids, then read them.

    Whoever sits down, changes or gets up takes turns, and nobody waits crosswise.
    """
    locking = "" if is_sqlite() else " FOR UPDATE"
    locked = await rows(
        f"SELECT id FROM breakout_table WHERE event_id = :event ORDER BY id{locking}",
        event=event_id,
    )
    ids = [UUID(str(row["id"])) for row in locked]
    found = await BreakoutTable.filter(id__in=ids).order_by("position", "id")
    return {table.id: table for table in found}
