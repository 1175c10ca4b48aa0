"""A room in use: it opens, and once it stands empty its meeting is over."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import announce
from werkraum_rooms.announcements import StayNoted


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


async def take_turns(room_id: UUID) -> None:
    """Lock a room, before its meeting and its stays: deeds on one room take turns."""
    await changed("UPDATE room SET present = present WHERE id = :room", room=room_id)


async def all_have_left(
    room_id: UUID, *, now: datetime, breakouts: bool = True
) -> None:
    """Note that a room stands empty, and tell of those who want their stay noted.

    Without `breakouts` people may still be in rooms inside it.
    """
    await take_turns(room_id)
    there = "" if breakouts else " AND NOT in_breakout"
    noted = await rows(
        "SELECT s.id, r.event_id, v.organiser_id FROM room_stay s"
        " JOIN entrant e ON e.room_id = s.room_id AND e.ref = s.ref"
        " JOIN room r ON r.id = s.room_id JOIN event v ON v.id = r.event_id"
        " WHERE s.room_id = :room AND s.left_at IS NULL AND s.joined_at <= :now"
        f" AND s.ref <> '' AND e.noted = :yes{there}",
        room=room_id,
        now=now,
        yes=True,
    )
    await changed(
        "UPDATE room_stay SET left_at = :now, address = ''"
        " WHERE room_id = :room AND left_at IS NULL AND joined_at <= :now" + there,
        room=room_id,
        now=now,
    )
    await changed(
        "UPDATE room SET present = 0, present_at = :now WHERE id = :room",
        room=room_id,
        now=now,
    )
    for stay in noted:
        organiser, event, who = (
            UUID(str(stay[it])) for it in ("organiser_id", "event_id", "id")
        )
        await announce(StayNoted(organiser, event, who))
