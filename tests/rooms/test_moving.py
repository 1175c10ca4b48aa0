"""A room moves to another server behind the same door."""

import asyncio
from datetime import datetime

import pytest
from tests.rooms.servers.servers import two_servers
from tests.rooms.test_rooms import an_online_event

from werkraum_foundation.refusals import NotFound
from werkraum_rooms import rooms
from werkraum_rooms.models import Room, RoomMeeting
from werkraum_rooms.moving import move_to_server
from werkraum_rooms.servers.room_servers import server_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def servers(environment: pytest.MonkeyPatch) -> None:
    two_servers(environment)


async def a_room(now: datetime) -> Room:
    room = await rooms.provide((await an_online_event()).id, now=now)
    assert room is not None
    return room


async def where(room: Room) -> tuple[str, str]:
    await room.refresh_from_db()
    server = server_of(room)
    assert server is not None
    return server.key, room.fallen_from


async def test_a_room_moves_by_hand_and_back(now: datetime) -> None:
    room = await a_room(now)

    assert await move_to_server(room.id, "second", now=now)
    assert await where(room) == ("second", "")
    assert await move_to_server(room.id, "jitsi", now=now)
    assert await where(room) == ("jitsi", "")


async def test_by_itself_it_says_where_it_was(now: datetime) -> None:
    room = await a_room(now)

    assert await move_to_server(room.id, "second", now=now, by_itself=True)

    assert await where(room) == ("second", "jitsi")


async def test_by_itself_it_leaves_nobody_behind(now: datetime) -> None:
    room = await a_room(now)
    await Room.filter(id=room.id).update(present=2)

    assert not await move_to_server(room.id, "second", now=now, by_itself=True)
    assert await where(room) == ("jitsi", "")
    assert await move_to_server(room.id, "second", now=now)
    assert await where(room) == ("second", "")


async def test_its_meeting_at_the_old_server_is_over(now: datetime) -> None:
    room = await a_room(now)
    await RoomMeeting.create(room=room, server="jitsi", opened_at=now, open_for=room.id)

    await move_to_server(room.id, "second", now=now)

    meeting = await RoomMeeting.get(room=room)
    assert (meeting.closed_at, meeting.open_for) == (now, None)


async def test_whoever_chooses_the_server_again_ends_the_standing_in(
    now: datetime,
) -> None:
    room = await a_room(now)
    await move_to_server(room.id, "second", now=now, by_itself=True)

    assert not await move_to_server(room.id, "second", now=now)

    assert await where(room) == ("second", "")


async def test_it_moves_to_no_server_that_is_not_there(now: datetime) -> None:
    room = await a_room(now)

    with pytest.raises(NotFound):
        await move_to_server(room.id, "third", now=now)


async def test_however_many_move_it_at_once_it_moves_once(now: datetime) -> None:
    room = await a_room(now)

    moved = await asyncio.gather(
        *(move_to_server(room.id, "second", now=now) for _ in range(8))
    )

    assert sorted(moved) == [False] * 7 + [True]
