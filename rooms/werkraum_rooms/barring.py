"""Somebody is put out of a room, and does not come in again until a host lets them.

Their token is good for hours and no room server takes one back. So the door makes no
new way in for them, and whenever the room server tells that they have come, they are
put out again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.outbox import GivesUp, enqueue, job
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.models import Entrant, Room, RoomMeeting, RoomStay
from werkraum_rooms.queries import room_at
from werkraum_rooms.rules import Barred
from werkraum_rooms.servers.provider_errors import ProviderError
from werkraum_rooms.servers.providers import Capability, RoomProvider
from werkraum_rooms.servers.room_servers import server_called, server_of


class Outcome(StrEnum):
    """What became of whoever was put out."""

    OUT = "out"
    HAD_LEFT = "had_left"
    # The server puts nobody out of a room inside the room; the bar waits for them.
    IN_BREAKOUT = "in_breakout"
    # Only a host inside the room can; the entrance is shut to them all the same.
    BARRED = "barred"


@dataclass(frozen=True)
class BarredPerson:
    """Somebody who is not let in: a registration's id, and since when."""

    person_id: UUID
    since: datetime


async def put_out(
    event: Event, room_id: UUID, stay_id: UUID, *, actor: str, now: datetime
) -> Outcome:
    """Bar whoever this device belongs to, and have all devices of theirs leave.

    Hosts, and who came by telephone, are put out but not barred: the desk is open to
    the ones, and nobody knows the others. Raises `NotFound`, and `ProviderError`
    where the server does not do it right now; the bar stands even so.
    """
    placed = await room_at(event, room_id)
    stay = await RoomStay.get_or_none(id=stay_id, room_id=room_id)
    if stay is None:
        raise NotFound
    await _bar(event, placed.room, stay, actor=actor, now=now)
    server = await _server_at(placed.room)
    if server is None or Capability.REMOVE not in server.capabilities:
        return Outcome.BARRED
    there = await _devices_of(stay)
    gone = [
        await server.remove(placed.room.slug, it.address)
        for it in there
        if not it.in_breakout
    ]
    if any(it.in_breakout for it in there):
        return Outcome.IN_BREAKOUT
    return Outcome.OUT if any(gone) else Outcome.HAD_LEFT


@unit_of_work
async def let_in_again(
    event: Event, room_id: UUID, person_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a bar back; the second time nothing happens. Raises `NotFound`."""
    placed = await room_at(event, room_id)
    freed = await changed(
        "UPDATE entrant SET barred_at = NULL WHERE room_id = :room"
        " AND person_id = :person AND barred_at IS NOT NULL",
        room=room_id,
        person=person_id,
    )
    if freed:
        await _note(event, "room.let_in_again", placed.room, actor=actor, now=now)


async def must_not_be_barred(room_id: UUID, person_id: UUID) -> None:
    """Refuse whoever was put out of a room (Barred); one query."""
    found = Entrant.filter(room_id=room_id, person_id=person_id)
    if await found.filter(barred_at__not_isnull=True).exists():
        raise Barred


async def barred_from(room_id: UUID) -> list[BarredPerson]:
    """List who is not let into a room any more, the latest first; one query."""
    found = Entrant.filter(room_id=room_id, barred_at__not_isnull=True)
    return [
        BarredPerson(it.person_id, it.barred_at)
        for it in await found.order_by("-barred_at")
        if it.barred_at
    ]


async def put_out_again(stay: RoomStay, organiser_id: UUID) -> None:
    """Have somebody who came in although they are barred put out, if they are."""
    if not stay.in_breakout and await _is_barred(stay):
        args = {"stay_id": str(stay.id)}
        await enqueue("room:put_out", args, organiser_id=organiser_id)


@job("room:put_out")
async def put_out_by_itself(stay_id: str) -> None:
    """Put a device out that is still in, unless its person may be by now."""
    stay = await RoomStay.get_or_none(id=UUID(stay_id)).select_related("room")
    if stay is None or stay.left_at or not stay.address or not await _is_barred(stay):
        return
    server = await _server_at(stay.room)
    if server is None or Capability.REMOVE not in server.capabilities:
        return
    try:
        await server.remove(stay.room.slug, stay.address)
    except ProviderError as trouble:
        if trouble.retryable:
            raise
        raise GivesUp(f"the room server puts nobody out ({trouble.code})") from None


async def _devices_of(stay: RoomStay) -> list[RoomStay]:
    """List what is in the room of the person of a stay; of a telephone, itself."""
    ours = {"ref": stay.ref} if stay.ref else {"id": stay.id}
    there = RoomStay.filter(room_id=stay.room_id, left_at__isnull=True, **ours)
    return [it for it in await there if it.address]


async def _is_barred(stay: RoomStay) -> bool:
    found = Entrant.filter(room_id=stay.room_id, ref=stay.ref)
    return bool(stay.ref) and await found.filter(barred_at__not_isnull=True).exists()


async def _server_at(room: Room) -> RoomProvider | None:
    """Find where its meeting is; the room may have moved since."""
    meeting = await RoomMeeting.get_or_none(open_for=room.id)
    return (server_called(meeting.server) if meeting else None) or server_of(room)


@unit_of_work
async def _bar(
    event: Event, room: Room, stay: RoomStay, *, actor: str, now: datetime
) -> None:
    if stay.ref:
        await changed(
            "UPDATE entrant SET barred_at = :now WHERE room_id = :room"
            " AND ref = :ref AND NOT host AND barred_at IS NULL",
            now=now,
            room=room.id,
            ref=stay.ref,
        )
    await _note(event, "room.put_out", room, actor=actor, now=now)


async def _note(
    event: Event, action: str, room: Room, *, actor: str, now: datetime
) -> None:
    await audit.record(event.organiser_id, action, room.id, actor=actor, now=now)
