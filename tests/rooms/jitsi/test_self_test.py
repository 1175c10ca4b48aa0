"""The self-test says which points of the recipe hold at a room server."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
from tests.people import a_member, an_organiser, olga_signed_in, signed_in
from tests.rooms.bare_http import served
from tests.rooms.conftest import SECRET, forget
from tests.rooms.jitsi.test_jitsi_server import RSA_PEM
from tests.rooms.jitsi.test_prosody_calls import SYSTEM_PEM, knows_us
from tests.rooms.jitsi_verifier import LoginRefused, Verifier
from tests.rooms.jitsi_web_double import JitsiWeb
from tests.rooms.prosody_double import Prosody

from werkraum_foundation import clock
from werkraum_foundation.database import rows
from werkraum_foundation.models import Role
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.jitsi.self_test import points
from werkraum_rooms.models import ServerCall
from werkraum_rooms.servers import server_calls
from werkraum_rooms.servers.providers import Finding
from werkraum_rooms.servers.room_servers import room_servers

PAGE = "/desk/room-servers"
EVENT = "/jitsi/events/room/created"


class LetsAllIn(Verifier):
    def login(self, token: str | None, *, now: float) -> dict[str, object]:
        if token is None:
            raise LoginRefused("token required")
        return {}


@dataclass
class Doubles:
    web: JitsiWeb
    prosody: Prosody


@pytest.fixture
async def doubles(
    environment: pytest.MonkeyPatch, client: httpx.AsyncClient
) -> AsyncIterator[Doubles]:
    """A server under two keys of ours, set up as the recipe says."""
    environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
    environment.setenv("WERKRAUM_JITSI_PRIVATE_KEY", RSA_PEM)
    environment.setenv("WERKRAUM_JITSI_SYSTEM_KEY", SYSTEM_PEM)
    environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
    both = Doubles(JitsiWeb(Verifier("werkraum")), Prosody(knows_us()))
    async with served(both.web) as outside, served(both.prosody) as inside:
        environment.setenv("WERKRAUM_JITSI_URL", outside)
        environment.setenv("WERKRAUM_JITSI_INTERNAL_URL", inside)
        forget()
        [server] = room_servers()
        both.web.verifier = Verifier("werkraum", key_files=server.public_keys)
        yield both


async def look() -> Mapping[str, Finding]:
    [server] = room_servers()
    return {it.check: it for it in await points(server, now=clock.now())}


def troubles(found: Mapping[str, Finding]) -> list[tuple[str, str]]:
    return [(it.check, it.why) for it in found.values() if it.well is False]


async def test_a_server_set_up_by_the_recipe_has_no_trouble(doubles: Doubles) -> None:
    found = await look()

    assert troubles(found) == []
    assert {it for it in found if found[it].well} == {
        *("name", "tls", "page", "way", "token", "guests", "forged", "side_door"),
        *("inside", "system", "size"),
    }
    assert doubles.prosody.rooms == {}


async def test_what_shows_only_at_entering_says_how_to_try(doubles: Doubles) -> None:
    found = await look()

    assert {it for it in found if found[it].why == "to_try"} == {
        "auto_owner",
        "domain",
        "wildcard",
    }


async def test_each_door_that_stands_open_is_named(doubles: Doubles) -> None:
    doubles.web.guests = doubles.web.side_door = True
    doubles.web.verifier = LetsAllIn("werkraum")
    doubles.prosody.size_verified = False

    assert troubles(await look()) == [
        ("guests", "let_in"),
        ("forged", "let_in"),
        ("side_door", "open"),
        ("size", "open"),
    ]


@pytest.mark.parametrize("instead", ["drops", "breaks", "ends", "nothing"])
async def test_a_side_door_that_could_not_be_tried_is_not_said_to_be_shut(
    doubles: Doubles, instead: str
) -> None:
    doubles.web.instead = instead

    found = await look()

    tried = [found[it] for it in ("guests", "forged")]
    assert [(it.well, it.why) for it in tried] == [(None, "silent")] * 2


async def test_an_inner_port_without_our_modules_is_named(doubles: Doubles) -> None:
    doubles.prosody.modules = frozenset()

    found = await look()

    assert troubles(found) == [("inside", "no_census"), ("system", "no_module")]
    assert found["size"].why == "not_loaded"


async def test_a_system_key_it_does_not_know_is_named(doubles: Doubles) -> None:
    doubles.prosody.system = Verifier("werkraum", key_files={})

    assert troubles(await look()) == [("system", "not_known")]


async def test_a_shared_secret_is_said_to_be_the_weaker_way(
    doubles: Doubles, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("WERKRAUM_JITSI_PRIVATE_KEY")
    environment.delenv("WERKRAUM_JITSI_SYSTEM_KEY")
    environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
    forget()
    doubles.web.verifier = Verifier("werkraum", SECRET.encode())
    doubles.prosody.repo = False

    found = await look()

    assert troubles(found) == []
    assert (found["keys"].why, found["system"].why) == ("secret", "no_key")


async def test_the_page_shows_what_was_called_here_and_asks_nobody(
    doubles: Doubles, client: httpx.AsyncClient
) -> None:
    await olga_signed_in(client)
    await server_calls.note("jitsi", "event", 200, {}, now=clock.now())

    shown = (await client.get(PAGE)).text

    assert "Who comes and leaves is told to us" in shown
    assert "The last time was on" in shown
    assert doubles.prosody.calls == []


async def test_a_call_with_a_token_that_is_none_of_ours_is_on_the_page(
    doubles: Doubles, client: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", SECRET)
    forget()
    await olga_signed_in(client)
    await server_calls.note("jitsi", "reservation", 200, {}, now=clock.now())
    wrong = {"authorization": f"Bearer {SECRET[1:]}"}

    assert (await client.post("/jitsi/conference", headers=wrong)).status_code == 401
    assert (await client.post(EVENT, headers=wrong)).status_code == 401

    shown = (await client.get(PAGE)).text
    assert shown.count("somebody called with a token that is none of ours") == 2
    assert "in reservations_api_headers over there" in shown
    assert SECRET[1:] not in str(await rows("SELECT * FROM server_call"))


async def test_who_brings_no_token_leaves_no_trace(
    doubles: Doubles, client: httpx.AsyncClient
) -> None:
    for lines in ({}, {"authorization": "Bearer"}, {"authorization": "Basic eDp5"}):
        await client.post("/jitsi/conference", headers=lines)

    assert await ServerCall.all().count() == 0


async def test_a_key_that_is_fetched_is_on_the_page(
    doubles: Doubles, client: httpx.AsyncClient
) -> None:
    await olga_signed_in(client)
    [server] = room_servers()
    assert isinstance(server, JitsiProvider)
    [name] = server.system_keys
    before = (await client.get(PAGE)).text

    await client.get(f"/jitsi/system-keys/{name}")

    after = (await client.get(PAGE)).text
    assert before.count("The last time was on") == 0
    assert after.count("The last time was on") == 1


async def test_a_look_shows_what_to_set(
    doubles: Doubles, client: httpx.AsyncClient
) -> None:
    doubles.web.side_door = True
    await olga_signed_in(client)

    answer = await client.post(PAGE, data={"server": "jitsi"})

    assert answer.status_code == 200
    assert "One point does not hold" in answer.text
    assert "jicofo.rest.conference-request.enabled=false" in answer.text


async def test_a_reader_sees_the_page_and_does_not_look(
    doubles: Doubles, client: httpx.AsyncClient
) -> None:
    await signed_in(client, await a_member(await an_organiser(), role=Role.READER))

    assert "Look at this server" not in (await client.get(PAGE)).text
    answer = await client.post(PAGE, data={"server": "jitsi"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"server": "other"}, 404), ({}, 422), ({"server": "<script>"}, 422)],
)
async def test_another_server_is_not_looked_at(
    sent: dict[str, str], status: int, doubles: Doubles, client: httpx.AsyncClient
) -> None:
    await olga_signed_in(client)

    assert (await client.post(PAGE, data=sent)).status_code == status


async def test_without_a_room_server_the_page_says_so(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)

    assert "No room server is set up." in (await client.get(PAGE)).text
