"""Who is in a room, and who was, as far as the room server has told us."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed, moment, rows, unit_of_work


@dataclass(frozen=True)
class NotedStay:
    """A stay of somebody who wants it noted."""

    id: UUID
    person_id: UUID
    session_id: UUID | None
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class Present:
    """A device that is in the room now; `person_id` is None for a telephone."""

    stay_id: UUID
    person_id: UUID | None
    host: bool
    since: datetime
    address: str
    in_breakout: bool


async def noted_stay(stay_id: UUID) -> NotedStay | None:
    """Find a stay of an attendee that may be noted, once it is known to have begun."""
    found = await rows(
        "SELECT s.id, e.person_id, r.session_id, s.joined_at, s.left_at"
        " FROM room_stay s JOIN room r ON r.id = s.room_id"
        " JOIN entrant e ON e.room_id = s.room_id AND e.ref = s.ref"
        " WHERE s.id = :stay AND e.noted = :yes AND e.host = :no"
        " AND s.joined_at IS NOT NULL",
        stay=stay_id,
        yes=True,
        no=False,
    )
    if not found:
        return None
    row = found[0]
    return NotedStay(
        UUID(str(row["id"])),
        UUID(str(row["person_id"])),
        UUID(str(row["session_id"])) if row["session_id"] else None,
        moment(row["joined_at"]),
        moment(row["left_at"]) if row["left_at"] else None,
    )


async def present_in(room_id: UUID) -> list[Present]:
    """List the devices that are in a room, the longest there first; one query."""
    found = await rows(
        "SELECT s.id, s.address, s.joined_at, s.in_breakout, e.person_id, e.host"
        " FROM room_stay s LEFT JOIN entrant e ON e.room_id = s.room_id"
        " AND e.ref = s.ref AND s.ref <> '' WHERE s.room_id = :room"
        " AND s.joined_at IS NOT NULL AND s.left_at IS NULL ORDER BY s.joined_at, s.id",
        room=room_id,
    )
    return [
        Present(
            UUID(str(row["id"])),
            UUID(str(row["person_id"])) if row["person_id"] else None,
            bool(row["host"]),
            moment(row["joined_at"]),
            row["address"],
            bool(row["in_breakout"]),
        )
        for row in found
    ]


async def in_breakouts(room_id: UUID) -> int:
    """Count the devices in the rooms inside a room, as far as we were told."""
    [found] = await rows(
        "SELECT count(*) AS n FROM room_stay WHERE room_id = :room AND in_breakout"
        " AND joined_at IS NOT NULL AND left_at IS NULL",
        room=room_id,
    )
    return int(found["n"])


@unit_of_work
async def forget(person_id: UUID) -> None:
    """Forget whom the door let in, and cut what led from the room to the person."""
    await changed(
        "UPDATE room_stay SET ref = '', address = '' WHERE EXISTS (SELECT 1"
        " FROM entrant e WHERE e.room_id = room_stay.room_id AND e.ref = room_stay.ref"
        " AND e.person_id = :person)",
        person=person_id,
    )
    await changed("DELETE FROM entrant WHERE person_id = :person", person=person_id)


# What hangs on people, 90 days after the event; the numbers of meetings stay.
_OVER = (
    "room_id IN (SELECT r.id FROM room r JOIN event e ON e.id = r.event_id"
    " WHERE e.ends_at < :registrations)"
)
ENTRANTS = _OVER
STAYS = _OVER
PROBES = _OVER
# A server that tells again does so within minutes.
NEWS = "received_at < :news"
