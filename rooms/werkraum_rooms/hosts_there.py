"""Whether a host is in a room already, as far as its server tells us."""

from collections.abc import Iterable
from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_rooms.models import Entrant, Room, RoomNews
from werkraum_rooms.servers.room_servers import server_of


async def rooms_without_host(asked: Iterable[Room]) -> frozenset[UUID]:
    """Say in which of these rooms of one event no host is.

    Only where their server has ever told us who comes and goes: elsewhere nobody
    knows, and nothing is said. Two queries, where all are at one server.
    """
    places = [(room, server.key) for room in asked if (server := server_of(room))]
    told = {
        key
        for key in {key for _, key in places}
        if await RoomNews.filter(server=key).exists()
    }
    known = [room for room, key in places if key in told]
    if not known:
        return frozenset()
    with_host = await rows(
        "SELECT DISTINCT room.id FROM room"
        " JOIN entrant ON entrant.room_id = room.id AND entrant.host"
        " JOIN room_stay ON room_stay.room_id = room.id"
        " AND room_stay.ref = entrant.ref WHERE room.event_id = :event"
        " AND room_stay.joined_at IS NOT NULL AND room_stay.left_at IS NULL",
        event=known[0].event_id,
    )
    there = {str(row["id"]) for row in with_host}
    return frozenset(room.id for room in known if str(room.id) not in there)


async def wants_to_be_noted(registration_id: UUID) -> bool:
    """Whether somebody has asked at this door to have their being there noted."""
    return await Entrant.filter(person_id=registration_id, noted=True).exists()
