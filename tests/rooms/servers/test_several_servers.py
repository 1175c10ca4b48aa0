"""One door, whichever server the room is at."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.rooms.bigbluebutton.test_bigbluebutton_provider import followed
from tests.rooms.bigbluebutton_double import BigBlueButtonDouble, Meeting
from tests.rooms.conftest import forget
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.misbehaving_server import Way, is_silent, misbehaving, says
from tests.rooms.room_server import room_server
from tests.rooms.serving import serving
from tests.rooms.test_door import enter, frame_in
from tests.rooms.visitors import a_registration, an_online_event, door_of

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.jitsi.reservations import reserve
from werkraum_rooms.models import BreakoutTable, Entrant, Room
from werkraum_rooms.moving import move_to_server
from werkraum_rooms.rooms import provide, provide_for_table
from werkraum_rooms.servers.room_servers import let_go

SECRET = "of-the-bigbluebutton-4f2b8c1d9e7a6035"


@pytest.fixture
async def bbb(
    jitsi: Verifier, environment: pytest.MonkeyPatch
) -> AsyncIterator[BigBlueButtonDouble]:
    """Set a BigBlueButton up beside the Jitsi server, which comes first."""
    double = BigBlueButtonDouble(SECRET)
    async with serving(double.app()) as url:
        environment.setenv("WERKRAUM_ROOM_SERVERS", bbb_at(url))
        yield double
        await let_go()


def bbb_at(url: str) -> str:
    return (
        f'[[server]]\nkey = "bbb"\nkind = "bbb"\nname = "BigBlueButton"\n'
        f'url = "{url}/bigbluebutton"\nsecret = "{SECRET}"\n'
    )


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


LINK = "https://meetings.example.net/j/4711?pwd=abc"


async def test_a_room_at_the_events_own_link_leads_there_and_nowhere_else(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_event_at("link")
    await Event.filter(id=event.id).update(online_link=LINK)
    anna = await a_registration(event)

    door, way = await client.get(door_of(anna)), await enter(client, anna)

    assert "another service" in door.text
    assert "meetings.example.net" not in door.text
    assert f'href="{LINK}" target="_blank"' in way.text
    assert "<iframe" not in way.text
    assert bbb.meetings == {}


async def test_who_was_put_out_is_not_given_the_events_own_link_either(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_event_at("link")
    await Event.filter(id=event.id).update(online_link=LINK)
    anna = await a_registration(event)
    await Entrant.create(
        room=await Room.get(event_id=event.id),
        person_id=anna.id,
        ref="anna",
        entered_at=clock.now(),
        barred_at=clock.now(),
    )

    refused = await enter(client, anna)

    assert refused.status_code == 403
    assert LINK not in refused.text


@pytest.mark.parametrize(("server", "asked"), [("jitsi", True), ("bbb", False)])
async def test_the_box_for_being_noted_stands_where_the_rooms_own_server_tells(
    client: httpx.AsyncClient,
    bbb: BigBlueButtonDouble,
    environment: pytest.MonkeyPatch,
    server: str,
    asked: bool,
) -> None:
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm")
    forget()
    anna = await a_registration(await an_event_at(server))

    shown = await client.get(door_of(anna))

    assert ('name="noted"' in shown.text) is asked


async def test_a_jitsi_room_is_not_given_out_while_the_link_leads_in(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_event_at("link")
    room = await Room.get(event_id=event.id)

    for server in ("jitsi", "bbb"):
        answer = await reserve(server, room.slug, "", now=clock.now())
        assert answer.status == 404


@pytest.mark.parametrize("link", ["", LINK])
async def test_a_room_moves_to_the_link_only_where_there_is_one(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble, link: str
) -> None:
    event = await an_event_at("")
    await Event.filter(id=event.id).update(online_link=link)
    room = await Room.get(event_id=event.id)

    if link:
        assert await move_to_server(room.id, "link", now=clock.now())
    else:
        with pytest.raises(NotFound):
            await move_to_server(room.id, "link", now=clock.now())
    await room.refresh_from_db()
    assert room.server == ("link" if link else "")


async def test_a_table_does_not_move_to_the_one_link_of_all(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_event_at("")
    await Event.filter(id=event.id).update(online_link=LINK)
    table = await BreakoutTable.create(
        event=event, position=1, title={"en": "Youth"}, created_at=clock.now()
    )
    room = await provide_for_table(table, now=clock.now())

    with pytest.raises(NotFound):
        await move_to_server(room.id, "link", now=clock.now())


def must_be_trouble(page: httpx.Response) -> None:
    """The page says so in words of ours, and leads nobody to the server."""
    assert page.status_code == 503
    assert "<h1>" in page.text and "retry-after" in page.headers
    assert "/bigbluebutton" not in page.text and "<iframe" not in page.text


async def test_a_secret_that_differs_is_trouble_and_no_fault_of_the_person(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    bbb.secret = "another-than-ours"
    anna = await a_registration(await an_event_at("bbb"))

    must_be_trouble(await enter(client, anna))


async def test_a_run_that_was_ended_over_there_has_to_be_waited_for(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_event_at("bbb")
    anna = await a_registration(event)
    slug = (await Room.get(event_id=event.id)).slug
    bbb.meetings[slug] = Meeting({"meetingID": slug}, 1, ended=True)

    too_soon = await enter(client, anna)
    assert too_soon.status_code == 409
    assert "has just been ended" in too_soon.text
    assert "/bigbluebutton" not in too_soon.text
    bbb.forget(slug)
    assert await followed(frame_in(await enter(client, anna))) == "in the room"


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(is_silent, id="20 s slow"),
        pytest.param(says(500), id="500"),
        pytest.param(says(200, b"{"), id="invalid JSON"),
        pytest.param(says(200, b"<html>Sign in</html>"), id="login page"),
        pytest.param(says(200, b"x" * 10_000_000), id="10 MB"),
        pytest.param(says(302, headers=[("Location", "/")]), id="redirect loop"),
    ],
)
async def test_f21_a_bigbluebutton_that_misbehaves_is_trouble_at_the_door(
    way: Way,
    client: httpx.AsyncClient,
    jitsi: Verifier,
    environment: pytest.MonkeyPatch,
) -> None:
    async with misbehaving(way) as server:
        environment.setenv("WERKRAUM_ROOM_SERVERS", bbb_at(server.url))
        anna = await a_registration(await an_event_at("bbb"))

        page = await enter(client, anna)
        await let_go()

        must_be_trouble(page)
        assert len(server.seen) == 1
