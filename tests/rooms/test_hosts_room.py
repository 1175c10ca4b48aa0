"""Hosts enter from the desk, earlier than everybody else."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in, token_in
from tests.rooms.room_server import room_server
from tests.rooms.test_door import FROM_US, frame_in
from tests.rooms.visitors import HOUR, an_online_event

from werkraum_events.models import Event, Status
from werkraum_foundation.models import Role
from werkraum_rooms.models import Room

MINUTE = timedelta(minutes=1)


def room_of(event: Event) -> str:
    return f"/desk/events/{event.id}/room"


async def enter(client: httpx.AsyncClient, event: Event) -> httpx.Response:
    return await client.post(room_of(event), headers=FROM_US)


async def test_a_host_enters_within_the_hour_before_as_moderator(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event(await olga_signed_in(client), starts_in=59 * MINUTE)

    shown, page = await client.get(room_of(event)), await enter(client, event)

    assert "Open for hosts" in shown.text
    assert "Enter as host" in shown.text
    assert page.status_code == 200
    link = frame_in(page)
    claims = jitsi.enter(token_in(link), room_in(link), now=time.time())
    user = claims["context"]["user"]  # type: ignore[index]
    assert (user["name"], user["moderator"], user["lobby_bypass"]) == (
        "Olga",
        True,
        True,
    )
    assert page.headers["cache-control"] == "no-store"
    assert f"frame-src {room_server()}" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("starts_in", "status", "words"),
    [
        (61 * MINUTE, 409, "Not open yet"),
        (-3 * HOUR - MINUTE, 410, "Closed"),
    ],
    ids=["early", "over"],
)
async def test_outside_its_times_no_host_enters(
    starts_in: timedelta,
    status: int,
    words: str,
    client: httpx.AsyncClient,
    jitsi: Verifier,
) -> None:
    event = await an_online_event(await olga_signed_in(client), starts_in=starts_in)

    shown, refused = await client.get(room_of(event)), await enter(client, event)

    assert (shown.status_code, refused.status_code) == (200, status)
    assert words in shown.text
    assert "Enter as host" not in shown.text
    assert "<iframe" not in refused.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": Status.DRAFT}, "still a draft"),
        ({"status": Status.CANCELLED}, "called off"),
        ({"online": False}, "on site only"),
    ],
    ids=["draft", "called off", "on site"],
)
async def test_an_event_without_a_room_says_why(
    changes: dict[str, Any],
    words: str,
    client: httpx.AsyncClient,
    jitsi: Verifier,
) -> None:
    event = await an_online_event(await olga_signed_in(client), **changes)

    shown, refused = await client.get(room_of(event)), await enter(client, event)

    assert words in shown.text
    assert refused.status_code == 409
    assert await Room.all().count() == 0


async def test_without_a_room_server_the_desk_says_what_people_will_see(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(
        await olga_signed_in(client), online_link="https://talks.example/x"
    )

    shown, refused = await client.get(room_of(event)), await enter(client, event)

    assert "No room server is set up" in shown.text
    assert "https://talks.example/x" in shown.text
    assert refused.status_code == 409


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_otto_finds_no_room(
    method: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    event = await an_online_event()
    await otto_signed_in(client)

    refused = await client.request(method, room_of(event), headers=FROM_US)

    assert refused.status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("role", "status"), [(Role.READER, 403), (Role.HOST, 200)])
async def test_hosts_and_those_above_run_the_room(
    role: Role, status: int, method: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    organiser = await an_organiser()
    await signed_in(client, await a_member(organiser, role=role))
    event = await an_online_event(organiser)

    answer = await client.request(method, room_of(event), headers=FROM_US)

    assert answer.status_code == status


async def test_nobody_gets_in_without_a_sign_in(client: httpx.AsyncClient) -> None:
    event = await an_online_event()

    assert (await enter(client, event)).headers["location"] == "/desk/sign-in"
