"""One door, whichever server the room is at."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.rooms.bigbluebutton_double import BigBlueButtonDouble
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.room_server import room_server
from tests.rooms.serving import serving
from tests.rooms.test_bigbluebutton_provider import followed
from tests.rooms.test_door import enter, frame_in
from tests.rooms.visitors import a_registration, an_online_event

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_rooms.models import Room
from werkraum_rooms.room_servers import let_go
from werkraum_rooms.rooms import provide


@pytest.fixture
async def bbb(
    jitsi: Verifier, environment: pytest.MonkeyPatch
) -> AsyncIterator[BigBlueButtonDouble]:
    """Set a BigBlueButton up beside the Jitsi server, which comes first."""
    double = BigBlueButtonDouble("of-the-bigbluebutton-4f2b8c1d9e7a6035")
    async with serving(double.app()) as url:
        environment.setenv(
            "WERKRAUM_ROOM_SERVERS",
            f'[[server]]\nkey = "bbb"\nkind = "bbb"\nname = "BigBlueButton"\n'
            f'url = "{url}/bigbluebutton"\nsecret = "{double.secret}"\n',
        )
        yield double
        await let_go()


async def an_event_at(server: str) -> Event:
    event = await an_online_event()
    room = await provide(event.id, now=clock.now())
    assert room
    await Room.filter(id=room.id).update(server=server)
    return event


async def test_a_room_at_the_bigbluebutton_leads_there(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    anna = await a_registration(await an_event_at("bbb"))

    page = await enter(client, anna, "Anna aus Köln")
    link = frame_in(page)

    assert await followed(link) == "in the room"
    [meeting] = bbb.meetings.values()
    assert [person["fullName"] for person in meeting.joined] == ["Anna aus Köln"]
    origin = link.partition("/bigbluebutton")[0]
    assert f"frame-src {origin};" in page.headers["content-security-policy"]
    assert f'camera=(self "{origin}")' in page.headers["permissions-policy"]
    assert 'target="_blank"' in page.text


async def test_a_room_that_chose_nothing_is_at_the_first_server(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    anna = await a_registration(await an_event_at(""))

    link = frame_in(await enter(client, anna))

    assert link.startswith(f"{room_server()}/")
    assert bbb.asked == []


async def test_a_person_has_another_pseudonym_in_each_room(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    for _ in range(2):
        anna = await a_registration(await an_event_at("bbb"))
        await followed(frame_in(await enter(client, anna)))

    first, second = (it.joined[0]["userID"] for it in bbb.meetings.values())
    assert first != second
