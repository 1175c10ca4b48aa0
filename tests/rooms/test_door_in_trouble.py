"""The room server fails in every way it can; the door and registering go on (F21)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser
from tests.ports import free_port
from tests.rooms.conftest import SECRET
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in, token_in
from tests.rooms.misbehaving_server import (
    Misbehaving,
    Way,
    is_silent,
    misbehaving,
    says,
    self_made_certificate,
)
from tests.rooms.test_door import FROM_US, anna_at, frame_in
from tests.rooms.visitors import door_of
from tests.server.postbox import (
    delivered,
    everything_in,
    html_of,
    links_in,
    text_of,
    throw_away,
)

from werkraum_events.models import Mode
from werkraum_foundation import clock
from werkraum_registration import registrations
from werkraum_registration.models import Registration
from werkraum_registration.registrations import Applicant
from werkraum_rooms.bigbluebutton.provider import BigBlueButtonProvider
from werkraum_rooms.models import Room
from werkraum_rooms.servers.room_servers import let_go, room_servers

HELP = {
    "dial_in": "+49 221 555 0100, PIN 4711",
    "online_link": "https://talks.example/x",
}
LOGIN = b"<!doctype html><title>Sign in</title><form action=/login></form>"
ELSEWHERE = [("Location", "/external_api.js")]
MADE = (
    b"<response><returncode>SUCCESS</returncode><version>2.0</version>"
    b"<createTime>1795358567000</createTime></response>"
)
WAYS: dict[str, Way] = {
    "20 seconds of silence": is_silent,
    "500": says(500),
    "broken JSON": says(200, b'{"half'),
    "a login page": says(200, LOGIN),
    "10 MB": says(200, b"x" * 10_000_000),
    "a redirect loop": says(302, b"", ELSEWHERE),
}


@asynccontextmanager
async def failing(
    name: str, kind: str, environment: pytest.MonkeyPatch, folder: Path
) -> AsyncIterator[None]:
    if name == "down":
        _set_up(kind, f"http://127.0.0.1:{free_port()}", environment)
        yield
    else:
        tls = self_made_certificate(folder) if name == "a wrong certificate" else None
        async with misbehaving(WAYS.get(name, says(200)), tls=tls) as server:
            _set_up(kind, server.url, environment)
            yield
    await let_go()


def _set_up(kind: str, url: str, environment: pytest.MonkeyPatch) -> None:
    if kind == "jitsi":
        environment.setenv("WERKRAUM_JITSI_URL", url)
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
        return
    environment.setenv(
        "WERKRAUM_ROOM_SERVERS",
        f'[[server]]\nkey = "bbb"\nkind = "bbb"\nname = "BigBlueButton"\n'
        f'url = "{url}/bigbluebutton"\nsecret = "{SECRET}"\n',
    )


async def enter(
    client: httpx.AsyncClient, anna: Registration, **typed: str
) -> httpx.Response:
    data = {"name": "Anna aus Köln", **typed}
    return await client.post(door_of(anna), data=data, headers=FROM_US)


@pytest.mark.parametrize("kind", ["jitsi", "bbb"])
@pytest.mark.parametrize("name", ["down", *WAYS, "a wrong certificate"])
async def test_the_door_says_what_can_be_done_while_others_register(
    name: str,
    kind: str,
    client: httpx.AsyncClient,
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    async with failing(name, kind, environment, tmp_path):
        anna = await anna_at(timedelta(), **HELP)
        event = await an_event(await an_organiser())
        # The silence lasts longer than this.
        async with asyncio.timeout(15):
            door, refused, registered = await asyncio.gather(
                client.get(door_of(anna)),
                enter(client, anna, noted="on"),
                registrations.register(
                    event.id,
                    Applicant("Berta", "berta@home.example", "de"),
                    Mode.ONLINE,
                    vouched=False,
                    now=clock.now(),
                ),
            )

    assert door.status_code == 200
    # A name can be entered without asking; a room that must be made first, not.
    assert refused.status_code == (200 if kind == "jitsi" else 503)
    assert bool(re.search("<iframe", refused.text)) is (kind == "jitsi")
    for words in (
        "The video server does not answer right now",
        'href="tel:+492215550100"',
        'href="https://talks.example/x"',
        'name="name" value="Anna aus Köln"',
        'name="noted" value="on"',
        "Try again",
    ):
        assert words in refused.text
    assert registered.state


async def test_one_may_enter_all_the_same_where_only_our_look_is_wrong(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with failing("down", "jitsi", environment, tmp_path):
        anna = await anna_at(timedelta())
        page = await enter(client, anna)
        in_tab = await enter(client, anna, tab="on")

    # One step further, and not loaded before that step.
    details = page.text.partition("<details")[2].partition("</details>")[0]
    assert "Enter all the same" in details
    assert 'loading="lazy"' in details
    link = frame_in(page)
    Verifier("werkraum", SECRET.encode(), domain="127.0.0.1").enter(
        token_in(link), room_in(link), now=time.time()
    )
    assert "<iframe" not in in_tab.text
    assert "jwt=" in in_tab.text


async def test_the_organiser_is_told_once_with_the_way_to_help(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with failing("down", "jitsi", environment, tmp_path):
        throw_away()
        anna = await anna_at(timedelta())
        for _ in range(3):
            await enter(client, anna)

        [letter] = await delivered()

    assert letter["to"] == "Netzwerkstelle <office@network.example>"
    desk = f"/desk/events/{anna.event_id}/room"
    assert [it for it in links_in(letter) if it.endswith(desk)]
    room = await Room.get()
    assert room.slug not in everything_in(letter)
    must_say_the_same(text_of(letter), html_of(letter))


async def test_a_server_that_is_down_is_left_alone_and_heals(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    ways = [says(500)]

    async def as_it_is(writer: asyncio.StreamWriter) -> None:
        await ways[-1](writer)

    async with misbehaving(as_it_is) as server:
        _set_up("bbb", server.url, environment)
        anna = await anna_at(timedelta())
        await asked_until_it_rests(client, anna, server)
        asked = len(server.seen)
        assert (await enter(client, anna)).status_code == 503
        assert len(server.seen) == asked

        ways.append(says(200, MADE))
        # The half minute is over.
        (bbb,) = room_servers()
        assert isinstance(bbb, BigBlueButtonProvider)
        bbb.calls.breaker.open_until = 0.0
        bbb._health.forget()
        healed = await enter(client, anna)
        await let_go()

    assert healed.status_code == 200
    assert server.url in frame_in(healed)


async def asked_until_it_rests(
    client: httpx.AsyncClient, anna: Registration, server: Misbehaving
) -> None:
    for _ in range(5):
        assert (await enter(client, anna)).status_code == 503
    assert server.seen


async def test_a_well_server_is_looked_at_once_for_all(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    anna = await anna_at(timedelta())

    entered = await asyncio.gather(*(enter(client, anna) for _ in range(5)))

    assert {it.status_code for it in entered} == {200}
