"""People stand before a room and cannot get in: the organiser learns of it."""

from uuid import UUID

from werkraum_foundation.database import unit_of_work
from werkraum_foundation.limits import HOUR, Limit, must_be_within
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import TooMany
from werkraum_rooms.queries import PlacedRoom

# For each room; what has not changed within the hour is known.
TOLD = Limit("room-trouble", 1, HOUR)


async def tell_of_trouble(placed: PlacedRoom) -> None:
    """Have a letter sent about a room nobody gets into; once an hour."""
    try:
        await must_be_within(TOLD, str(placed.room.id))
    except TooMany:
        return
    await _tell(placed.room.id, placed.event.organiser_id)


@unit_of_work
async def _tell(room_id: UUID, organiser_id: UUID) -> None:
    await enqueue(
        "letter:room_trouble",
        {"room_id": str(room_id)},
        # While one waits, no second one is written.
        dedupe=f"room-trouble:{room_id}",
        organiser_id=organiser_id,
    )
