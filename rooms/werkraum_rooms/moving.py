"""A room moves to another server; the link to its door stays the same."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.meetings import take_turns
from werkraum_rooms.models import Room, RoomStay
from werkraum_rooms.queries import placed_room
from werkraum_rooms.servers.room_servers import choices_for, server_called, server_of


@unit_of_work
async def move_to_server(
    room_id: UUID, key: str, *, now: datetime, by_itself: bool = False
) -> bool:
    """Have the room at the server of this key from now on; False if nothing moved.

    Whoever enters next enters there. Who is in the room stays where they are until
    they leave, so by itself it moves only while nobody is in it. Raises `NotFound`
    for a server or room that is not there. Harmless the second time.
    """
    await take_turns(room_id)
    placed = await placed_room(room_id)
    room = placed.room if placed else None
    target, here = server_called(key), server_of(room)
    if placed is None or room is None or target is None or here is None:
        raise NotFound
    if target not in choices_for(placed):
        raise NotFound
    if by_itself and (target.key == here.key or await _somebody_is_in(room)):
        return False
    room.server, room.fallen_from = target.key, here.key if by_itself else ""
    if target.key == here.key:
        await room.save(update_fields=["server", "fallen_from"])
        return False
    # How many are in it there, nobody knows yet.
    room.present = room.present_at = None
    await room.save(update_fields=["server", "fallen_from", "present", "present_at"])
    # The old server may tell of its end later, or never.
    await changed(
        "UPDATE room_meeting SET closed_at = :now, open_for = NULL"
        " WHERE open_for = :room",
        now=now,
        room=room_id,
    )
    return True


async def _somebody_is_in(room: Room) -> bool:
    stays = RoomStay.filter(
        room_id=room.id, joined_at__isnull=False, left_at__isnull=True
    )
    return bool(room.present) or await stays.exists()
