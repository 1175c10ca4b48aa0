"""Several rooms behind one door, each for those whom it is meant for."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from tests.events.statements import counted
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in
from tests.rooms.test_door import FROM_US, frame_in
from tests.rooms.visitors import (
    HOUR,
    a_registration,
    a_room_for,
    a_table,
    an_online_event,
    books,
    door_of,
    sits_at,
)

from werkraum_foundation.identifiers import uuid7
from werkraum_registration.models import Registration
from werkraum_rooms.models import Room

MINUTE = timedelta(minutes=1)


def buttons_on(page: httpx.Response) -> list[str]:
    """The words on the buttons that lead in, from the top."""
    found = re.findall(r"<button[^>]*>([^<]+)</button>", page.text)
    return [unescape(it) for it in found if it.startswith("Enter")]


def words_on(page: httpx.Response) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page.text))


async def enter(
    client: httpx.AsyncClient, registration: Registration, room: str
) -> httpx.Response:
    data = {"name": "Anna", "room": room}
    return await client.post(door_of(registration), data=data, headers=FROM_US)


async def test_a_part_of_the_programme_has_a_room_of_its_own_at_its_own_time(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    anna = await a_registration(event)
    _, now = await a_room_for(event, "Youth")
    _, later = await a_room_for(event, "Funding", starts_in=HOUR)

    shown = await client.get(door_of(anna))

    assert buttons_on(shown) == ["Enter: Youth", "Enter: Main room"]
    assert "Rooms that open later" in shown.text
    # At, or on another day: shortly before midnight it opens tomorrow.
    assert re.search(r"Funding.*\(opens (at|on) ", words_on(shown))
    assert room_in(frame_in(await enter(client, anna, str(now.id)))) == now.slug
    early = await enter(client, anna, str(later.id))
    assert early.status_code == 409
    assert "Funding: this room is not open yet." in words_on(early)


async def test_with_one_open_room_there_is_one_button(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    anna = await a_registration(event)
    await a_room_for(event, "Funding", starts_in=HOUR)

    assert buttons_on(await client.get(door_of(anna))) == ["Enter the room"]


async def test_a_bookable_part_is_for_those_with_a_seat_in_it(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    session, room = await a_room_for(event, "Workshop A", bookable=True)
    anna, berta, cem = [await a_registration(event) for _ in range(3)]
    await books(anna, session, seat=True)
    await books(berta, session, seat=False)

    entered = [await enter(client, who, str(room.id)) for who in (anna, berta, cem)]

    assert [it.status_code for it in entered] == [200, 404, 404]
    assert room_in(frame_in(entered[0])) == room.slug
    assert "Workshop A" not in (await client.get(door_of(berta))).text


async def test_a_table_is_for_those_who_sit_at_it_while_its_time_runs(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    table, room = await a_table(event, "Youth")
    other, others_room = await a_table(event, "Funding")
    anna = await a_registration(event)
    await sits_at(anna, table)

    shown = await client.get(door_of(anna))

    assert buttons_on(shown) == ["Enter: Your table: Youth", "Enter: Main room"]
    assert room_in(frame_in(await enter(client, anna, str(room.id)))) == room.slug
    assert (await enter(client, anna, str(others_room.id))).status_code == 404


async def test_after_the_tables_all_are_back_in_the_main_room(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event(starts_in=-HOUR)
    table, room = await a_table(event, "Youth", starts_in=-MINUTE)
    anna = await a_registration(event)
    await sits_at(anna, table)

    assert buttons_on(await client.get(door_of(anna))) == ["Enter the room"]
    late = await enter(client, anna, str(room.id))
    assert late.status_code == 410
    assert "Your table: Youth: this room is closed again." in words_on(late)


async def test_the_main_room_needs_no_name_and_answers_to_its_own(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    anna = await a_registration(event)
    await a_room_for(event, "Youth")

    unnamed = room_in(frame_in(await enter(client, anna, "")))
    main = await Room.get(belongs_to=f"event:{event.id}")

    assert unnamed == main.slug
    assert room_in(frame_in(await enter(client, anna, str(main.id)))) == main.slug


async def test_a_room_of_somewhere_else_is_unknown_here(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await a_registration(await an_online_event())
    _, elsewhere = await a_room_for(await an_online_event(), "Youth")

    for room in (str(elsewhere.id), str(uuid7())):
        refused = await enter(client, anna, room)
        assert refused.status_code == 404
        assert elsewhere.slug not in refused.text
    assert (await enter(client, anna, "x")).status_code == 422


async def test_the_titles_of_rooms_are_in_the_language_of_the_page(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    anna = await a_registration(event)
    await a_room_for(event, "Youth")

    shown = await client.get(door_of(anna, "de"))

    assert "Betreten: Youth (de)" in shown.text
    assert "Betreten: Gemeinsamer Raum" in shown.text


@pytest.mark.parametrize("count", [1, 3])
async def test_a_door_asks_as_often_for_three_rooms_as_for_one(
    count: int, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    anna = await a_registration(event)
    for number in range(count):
        session, _ = await a_room_for(event, f"Part {number}", bookable=True)
        await books(anna, session, seat=True)

    with counted() as statements:
        shown = await client.get(door_of(anna))

    assert len(buttons_on(shown)) == count + 1
    assert len(statements) <= 8, statements
