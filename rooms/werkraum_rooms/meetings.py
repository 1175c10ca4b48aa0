"""A room in use: it opens, and once it stands empty its meeting is over."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7


@unit_of_work
async def open_meeting(room_id: UUID, server: str, *, now: datetime) -> UUID:
    """Note that a room opens at this server; the meeting that is open already stays.

    One that was left open at another server, before the room moved, is over.
    """
    await changed(
        "UPDATE room_meeting SET closed_at = :now, open_for = NULL"
        " WHERE open_for = :room AND server <> :server",
        room=room_id,
        server=server,
        now=now,
    )
    # Two may ask at once: both get the one that is written first.
    await changed(
        "INSERT INTO room_meeting (id, room_id, server, opened_at, open_for,"
        " most_present) VALUES (:id, :room, :server, :now, :room, 0)"
        " ON CONFLICT (open_for) DO NOTHING",
        id=uuid7(),
        room=room_id,
        server=server,
        now=now,
    )
    [row] = await rows(
        "SELECT id FROM room_meeting WHERE open_for = :room", room=room_id
    )
    return UUID(str(row["id"]))


async def all_have_left(room_id: UUID, *, now: datetime) -> None:
    """Note that a room stands empty."""
    await changed(
        "UPDATE room_stay SET left_at = :now, address = ''"
        " WHERE room_id = :room AND left_at IS NULL AND joined_at <= :now",
        room=room_id,
        now=now,
    )
    await changed(
        "UPDATE room SET present = 0, present_at = :now WHERE id = :room",
        room=room_id,
        now=now,
    )
