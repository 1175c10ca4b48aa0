"""The door lets the right people in at the right time, and tells the others why not."""

import logging
import re
import time
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.rooms.jitsi_verifier import RoomMismatch, Verifier
from tests.rooms.links import room_in, settings_in, token_in
from tests.rooms.room_server import room_server
from tests.rooms.visitors import HOUR, a_registration, an_online_event, door_of

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.database import rows
from werkraum_registration.models import Registration, State
from werkraum_rooms.models import Room
from werkraum_server.logs import requests

MINUTE = timedelta(minutes=1)
FROM_US = {"sec-fetch-site": "same-origin"}


async def enter(
    client: httpx.AsyncClient, registration: Registration, name: str = "Anna"
) -> httpx.Response:
    path = door_of(registration)
    return await client.post(path, data={"name": name}, headers=FROM_US)


def frame_in(page: httpx.Response) -> str:
    found = re.search(r'<iframe[^>]* src="([^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


# Any: columns of the event, here and below.
async def anna_at(starts_in: timedelta, **changes: Any) -> Registration:
    return await a_registration(await an_online_event(starts_in=starts_in, **changes))


async def test_before_the_time_the_door_says_when_it_opens_and_waits(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(2 * HOUR + 20 * MINUTE)

    shown = await client.get(door_of(anna))

    assert shown.status_code == 200
    assert "Opens in 2 hours and 5 minutes" in shown.text
    assert "(time in Berlin)" in shown.text
    assert "Try now" in shown.text
    assert "<form" not in shown.text
    assert "refresh" not in shown.headers


async def test_who_chooses_to_wait_sees_the_page_load_again_in_time(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(2 * HOUR + 20 * MINUTE)
    follow = f"{door_of(anna)}?follow=1"

    waiting = await client.get(follow)

    assert waiting.headers["refresh"] == f"600; url={follow}"
    assert "Stop loading by itself" in waiting.text


async def test_nobody_enters_before_the_time(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    refused = await enter(client, await anna_at(17 * MINUTE))

    assert refused.status_code == 409
    assert "Opens in 2 minutes" in refused.text
    assert room_server() not in refused.text


async def test_the_open_door_asks_for_the_name_that_others_see(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(14 * MINUTE)

    shown = await client.get(door_of(anna))

    assert "You enter as <strong>Anna</strong>" in shown.text
    assert re.search(r'name="name"[^>]* value="Anna"', shown.text)
    assert "http-equiv" not in shown.text


async def test_whoever_enters_gets_a_token_for_this_room_alone(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna, other = await anna_at(-HOUR), await anna_at(-HOUR)

    page = await enter(client, anna, "Anna aus Köln")
    link, elsewhere = frame_in(page), frame_in(await enter(client, other))

    assert page.status_code == 200
    claims = jitsi.enter(token_in(link), room_in(link), now=time.time())
    user = claims["context"]["user"]  # type: ignore[index]
    assert user == {"id": user["id"], "name": "Anna aus Köln"}
    assert settings_in(link)["config.subject"] == "Youth forum"
    with pytest.raises(RoomMismatch):
        jitsi.enter(token_in(link), room_in(elsewhere), now=time.time())


async def test_a_second_device_enters_as_the_same_person(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    links = [frame_in(await enter(client, anna, name)) for name in ("Anna", "Phone")]

    claims = [jitsi.login(token_in(link), now=time.time()) for link in links]
    ids = {it["context"]["user"]["id"] for it in claims}  # type: ignore[index]
    assert len(ids) == 1
    assert room_in(links[0]) == room_in(links[1])


async def test_the_page_of_the_room_may_load_it_and_nothing_else(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    page, door = await enter(client, anna), await client.get(door_of(anna))

    policy = page.headers["content-security-policy"]
    assert f"frame-src {room_server()};" in policy
    assert "default-src 'none'" in policy
    assert policy.count(room_server()) == 1
    may = page.headers["permissions-policy"].split(", ")
    for name in ("camera", "microphone", "display-capture"):
        assert f'{name}=(self "{room_server()}")' in may
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "frame-src" not in door.headers["content-security-policy"]
    assert room_server() not in door.headers["permissions-policy"]


async def test_the_room_stands_in_a_frame_with_a_plain_link_beside_it(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    page = await enter(client, await anna_at(timedelta()))

    assert 'title="Video room: Youth forum"' in page.text
    assert re.search(r'<iframe[^>]* allow="[^"]*camera;[^"]*microphone;', page.text)
    tab = re.search(r'<a [^>]*href="([^"]*)" target="_blank"', page.text)
    assert tab
    assert unescape(tab[1]) == frame_in(page)


async def test_a_look_at_the_door_tells_no_room_and_changes_nothing(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())
    before = await everything()

    looks = [
        await client.request(method, door_of(anna))
        for method in ("GET", "HEAD")
        for _ in range(20)
    ]

    assert {it.status_code for it in looks} == {200}
    assert not [it for it in looks if room_server() in it.text + str(it.headers)]
    assert await everything() == before


async def everything() -> list[list[dict[str, object]]]:
    tables = ("room", "registration", "event", "job", "audit_entry")
    return [await rows(f"SELECT * FROM {table} ORDER BY id") for table in tables]


async def test_neither_room_nor_token_reaches_a_log(
    client: httpx.AsyncClient, jitsi: Verifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    anna = await anna_at(timedelta())
    lines = StringIO()
    requests.open(lines)

    link = frame_in(await enter(client, anna))

    requests.close()
    said = lines.getvalue() + "\n".join(
        record.getMessage()
        for record in caplog.records
        # What the test itself asks for and the SQL of a debugging run.
        if not record.name.startswith(("httpx", "tortoise", "aiosqlite"))
    )
    assert '"path": "/en/my/' in said
    assert token_in(link) not in said
    assert room_in(link) not in said
    assert door_of(anna) not in said


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_after_the_end_the_door_says_that_it_is_over(
    method: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(-3 * HOUR - MINUTE)

    shown = await client.request(method, door_of(anna), headers=FROM_US)

    assert shown.status_code == (200 if method == "GET" else 410)
    assert "This event is over" in shown.text
    assert "<form" not in shown.text


@pytest.mark.parametrize(
    ("who", "words", "status"),
    [
        ({"state": State.UNCONFIRMED}, "confirm your e-mail address first", 409),
        ({"state": State.WAITLISTED}, "You are on the waiting list", 409),
        ({"state": State.OFFERED}, "A seat is free for you", 409),
        ({"state": State.PENDING_APPROVAL}, "is being looked at", 409),
        ({"state": State.REJECTED}, "was not admitted", 409),
        ({"state": State.CANCELLED}, "You are no longer registered", 409),
        ({"state": State.EXPIRED}, "This registration has expired", 409),
        ({"mode": Mode.ONSITE}, "Rathaus, Markt 1", 409),
    ],
    ids=lambda value: "" if isinstance(value, int | str) else str(value),
)
async def test_the_door_tells_the_others_what_to_do(
    who: dict[str, State | Mode],
    words: str,
    status: int,
    client: httpx.AsyncClient,
    jitsi: Verifier,
) -> None:
    event = await an_online_event(dial_in="+49 221 555 0100")
    somebody = await a_registration(event, **who)  # type: ignore[arg-type]

    shown, refused = await client.get(door_of(somebody)), await enter(client, somebody)

    assert (shown.status_code, refused.status_code) == (200, status)
    for page in (shown, refused):
        assert words in page.text
        assert "555 0100" not in page.text
        assert room_server() not in page.text
        assert 'name="name"' not in page.text


@pytest.mark.parametrize(
    ("changes", "words", "status"),
    [
        (
            {"status": Status.CANCELLED, "cancel_reason": {"en": "Storm."}},
            "Storm.",
            410,
        ),
        ({"online": False}, "takes place on site only", 409),
    ],
    ids=["called off", "no longer online"],
)
async def test_the_room_is_closed_for_an_event_that_is(
    changes: dict[str, Any],
    words: str,
    status: int,
    client: httpx.AsyncClient,
    jitsi: Verifier,
) -> None:
    anna = await anna_at(timedelta(), **changes)

    shown, refused = await client.get(door_of(anna)), await enter(client, anna)

    assert (shown.status_code, refused.status_code) == (200, status)
    assert words in shown.text
    assert words in refused.text
    assert await Room.all().count() == 0


async def test_the_door_moves_with_the_event(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())
    first = room_in(frame_in(await enter(client, anna)))
    event = await Event.get(id=anna.event_id)

    event.starts_at, event.ends_at = event.ends_at, event.ends_at + HOUR
    await event.save()
    moved = await enter(client, anna)
    await Event.filter(id=event.id).update(starts_at=event.starts_at - 2 * HOUR)
    back = room_in(frame_in(await enter(client, anna)))

    assert moved.status_code == 409
    assert back == first


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["x", "a" * 43, "..%2f..", "ä" * 20])
async def test_strangers_find_no_door(
    method: str, token: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    await anna_at(timedelta())

    refused = await client.request(method, f"/en/my/{token}/door", headers=FROM_US)

    assert refused.status_code == 404


async def test_the_door_of_a_draft_is_not_there(client: httpx.AsyncClient) -> None:
    anna = await anna_at(timedelta(), status=Status.DRAFT)

    assert (await client.get(door_of(anna))).status_code == 404
    assert (await enter(client, anna)).status_code == 404


async def test_the_door_speaks_only_our_languages(client: httpx.AsyncClient) -> None:
    anna = await anna_at(timedelta())

    assert (await client.get(door_of(anna, "xx"))).status_code == 404


async def test_a_form_of_another_site_lets_nobody_in(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    refused = await client.post(
        door_of(anna), data={"name": "Anna"}, headers={"sec-fetch-site": "cross-site"}
    )

    assert refused.status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="none"),
        pytest.param("   ", id="blanks"),
        pytest.param("A" * 201, id="too long"),
        pytest.param("Anna\nHost", id="two lines"),
        pytest.param("\u202eannA", id="turned round"),
        pytest.param("An\0na", id="a zero"),
    ],
)
async def test_a_name_that_cannot_be_is_said_at_the_field(
    name: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    refused = await enter(client, await anna_at(timedelta()), name)

    assert refused.status_code == 422
    assert 'id="name-fault"' in refused.text
    assert "<iframe" not in refused.text


@pytest.mark.parametrize(
    "name",
    [
        "</iframe><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        '#jwt="x"&config.prejoinConfig.enabled=false',
        '{"moderator": true}',
        "Zoë Ångström-Łukasz 李小龍",
        "{{ 7 * 7 }}",
    ],
)
async def test_a_name_stays_a_name(
    name: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    page = await enter(client, await anna_at(timedelta()), name)

    link = frame_in(page)
    claims = jitsi.enter(token_in(link), room_in(link), now=time.time())
    user = claims["context"]["user"]  # type: ignore[index]
    assert user == {"id": user["id"], "name": name}
    assert "<script" not in page.text
    assert "<img" not in page.text


@pytest.mark.parametrize("starts_in", [timedelta(), HOUR], ids=["open", "early"])
async def test_the_telephone_number_is_there_for_who_has_a_seat(
    starts_in: timedelta, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(starts_in, dial_in="+49 221 555 0100, PIN 4711")

    assert "+49 221 555 0100, PIN 4711" in (await client.get(door_of(anna))).text


ELSEWHERE = {"online_link": "https://talks.example/x", "dial_in": "+49 221 555 0100"}


async def test_without_a_room_server_the_door_shows_the_way_of_the_event(
    client: httpx.AsyncClient,
) -> None:
    anna = await anna_at(timedelta(), **ELSEWHERE)

    shown, page = await client.get(door_of(anna)), await enter(client, anna)

    assert "no room of its own" in shown.text
    assert "talks.example" not in shown.text
    assert page.status_code == 200
    assert 'href="https://talks.example/x"' in page.text
    assert "+49 221 555 0100" in page.text


@pytest.mark.parametrize(
    ("starts_in", "status"),
    [(HOUR, 409), (-3 * HOUR - MINUTE, 410)],
    ids=["early", "over"],
)
async def test_outside_the_times_the_way_of_the_event_stays_hidden(
    starts_in: timedelta, status: int, client: httpx.AsyncClient
) -> None:
    anna = await anna_at(starts_in, **ELSEWHERE)

    shown, refused = await client.get(door_of(anna)), await enter(client, anna)

    assert refused.status_code == status
    for page in (shown, refused):
        assert "talks.example" not in page.text
        assert "555 0100" not in page.text


async def test_without_any_way_in_the_door_says_whom_to_ask(
    client: httpx.AsyncClient,
) -> None:
    anna = await anna_at(timedelta())

    shown = await client.get(door_of(anna))

    assert "The way in is missing" in shown.text
    assert "office@network.example" in shown.text


async def test_a_link_that_is_no_web_address_is_only_text(
    client: httpx.AsyncClient,
) -> None:
    anna = await anna_at(timedelta(), online_link="javascript:alert(1)")

    assert 'href="javascript' not in (await enter(client, anna)).text


async def test_the_door_speaks_german(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(2 * HOUR)

    shown = await client.get(door_of(anna, "de"))

    assert "Öffnet in 1 Stunde und 45 Minuten" in shown.text
    assert '<html lang="de">' in shown.text


async def test_an_event_on_site_alone_has_a_door_that_says_so(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONSITE: 5})
    somebody = await a_registration(event, mode=Mode.ONSITE)

    shown = await client.get(door_of(somebody))

    assert "You are registered on site" in shown.text
    assert "rather take part online" not in shown.text
