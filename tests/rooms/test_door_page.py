"""What the door says before somebody enters, and what the room's page says then."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.test_door import FROM_US, anna_at, frame_in
from tests.rooms.visitors import HOUR, door_of

from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_registration.models import Registration
from werkraum_rooms import rooms
from werkraum_rooms.models import Entrant, Room, RoomNews, RoomStay

NOBODY_LEADS = "No host is in the room yet."


async def enter(
    client: httpx.AsyncClient, registration: Registration, **typed: str
) -> httpx.Response:
    data = {"name": "Anna", **typed}
    return await client.post(door_of(registration), data=data, headers=FROM_US)


async def the_room_of(anna: Registration, **changes: Any) -> Room:  # Any: columns
    room = await rooms.provide(anna.event_id, now=clock.now())
    assert room is not None
    await Room.filter(id=room.id).update(**{"lobby": False, **changes})
    return room


async def test_number_and_pin_can_be_tapped_and_read_aloud(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta(), dial_in="+49 221 555 0100, PIN 4711")

    shown = await client.get(door_of(anna))

    assert '<a href="tel:+492215550100">+49 221 555 0100</a>' in shown.text
    assert "PIN: 47 11" in shown.text


async def test_a_number_alone_is_not_said_twice(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta(), dial_in="+49 221 555 0100")

    shown = await client.get(door_of(anna))

    assert shown.text.count("+49 221 555 0100") == 1


async def test_what_is_no_number_is_shown_as_it_was_written(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    shown = await client.get(door_of(await anna_at(timedelta(), dial_in="on request")))

    assert "<strong>on request</strong>" in shown.text
    assert "tel:" not in shown.text


@pytest.mark.parametrize("starts_in", [timedelta(), HOUR], ids=["open", "early"])
async def test_the_door_alone_may_try_out_camera_and_microphone(
    starts_in: timedelta, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(starts_in)

    door = await client.get(door_of(anna))
    page = await client.get(door_of(anna).removesuffix("/door"))

    assert "camera=(self), microphone=(self)" in door.headers["permissions-policy"]
    assert "device_check.js" in door.text
    assert "nothing is sent and nothing is kept" in door.text
    assert "camera=()" in page.headers["permissions-policy"]


async def test_a_door_that_stays_shut_asks_for_no_camera(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    door = await client.get(door_of(await anna_at(-3 * HOUR - HOUR)))

    assert "camera=()" in door.headers["permissions-policy"]
    assert "device_check.js" not in door.text


async def test_a_room_that_is_recorded_says_so_before_and_in_it(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())
    before = await client.get(door_of(anna))
    await the_room_of(anna, recorded=True)

    shown, page = await client.get(door_of(anna)), await enter(client, anna)

    assert "Nothing is recorded" in before.text
    assert "Nothing is recorded" not in shown.text
    assert "This room is recorded." in shown.text
    assert "This room is recorded." in page.text


async def test_with_a_lobby_people_learn_that_they_will_be_let_in(
    client: httpx.AsyncClient, asking: Verifier
) -> None:
    anna = await anna_at(timedelta())
    await the_room_of(anna, lobby=True)

    for page in (await client.get(door_of(anna)), await enter(client, anna)):
        assert "you will be let in" in page.text


async def test_where_the_server_does_not_ask_us_the_door_promises_nothing_of_it(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())
    await the_room_of(anna, lobby=True)

    shown, page = await client.get(door_of(anna)), await enter(client, anna)

    assert "A host lets everybody in" not in shown.text + page.text
    assert 'name="noted"' not in shown.text


async def test_nobody_is_noted_who_did_not_ask_for_it(
    client: httpx.AsyncClient, asking: Verifier
) -> None:
    anna, berta = await anna_at(timedelta()), await anna_at(timedelta())
    shown = await client.get(door_of(anna))

    await enter(client, anna)
    await enter(client, berta, noted="on")

    assert re.search(r'name="noted"[^>]*value="on"[^>]*>', shown.text)
    assert not ticked(shown)
    assert not (await Entrant.get(person_id=anna.id)).noted
    assert (await Entrant.get(person_id=berta.id)).noted
    assert ticked(await client.get(door_of(berta)))


def ticked(page: httpx.Response) -> bool:
    return bool(re.search(r'name="noted"[^>]* checked', page.text))


async def test_in_a_tab_of_its_own_nobody_is_in_the_room_twice(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    framed, tab = await enter(client, anna), await enter(client, anna, tab="on")

    assert frame_in(framed)
    assert "<iframe" not in tab.text
    assert re.search(r'href="https?://[^"]*jwt=[^"]*" target="_blank"', tab.text)
    assert "frame-src" not in tab.headers["content-security-policy"]


async def test_out_of_the_room_one_comes_back_to_the_door(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    assert f'href="{door_of(anna)}">Leave the room' in (await enter(client, anna)).text


async def test_while_no_host_is_there_the_door_says_so_calmly(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())
    room = await the_room_of(anna)
    nobody_told = await client.get(door_of(anna))
    await the_server_tells()

    alone, page = await client.get(door_of(anna)), await enter(client, anna)
    await comes_in(room, host=False)
    among_us = await client.get(door_of(anna))
    stay = await comes_in(room, host=True)
    led = await client.get(door_of(anna))
    await RoomStay.filter(id=stay.id).update(left_at=clock.now())
    left = await client.get(door_of(anna))

    assert [NOBODY_LEADS in it.text for it in (nobody_told, alone, page)] == [
        False,
        True,
        True,
    ]
    assert [NOBODY_LEADS in it.text for it in (among_us, led, left)] == [
        True,
        False,
        True,
    ]


async def the_server_tells() -> None:
    now = clock.now()
    await RoomNews.create(
        server="jitsi",
        dedupe_key="x",
        kind="opened",
        happened_at=now,
        received_at=now,
    )


async def comes_in(room: Room, *, host: bool) -> RoomStay:
    now, ref = clock.now(), uuid7().hex
    await Entrant.create(
        room=room, person_id=uuid7(), host=host, ref=ref, entered_at=now
    )
    return await RoomStay.create(room=room, occupant=ref, ref=ref, joined_at=now)
