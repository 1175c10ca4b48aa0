"""The inner port of a Jitsi server: counting, ending, asking to leave."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from tests.rooms.bare_http import Asked, Said, served
from tests.rooms.jitsi.test_jitsi_server import RSA_PEM, pem_of
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.prosody_double import Prosody

from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms.jitsi.prosody_calls import nick_of
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.servers.provider_errors import (
    CapabilityUnsupported,
    ProviderAuthError,
    ProviderError,
    ProviderProtocolError,
)
from werkraum_rooms.servers.providers import Capability

SECRET = "Zw4sY0gTnq8vKk1bQm6hXr3uLd9eJp2cAf7i"
SYSTEM_PEM = pem_of(generate_private_key(65537, 2048))
BY_SECRET = Verifier("werkraum", SECRET.encode())
BOTH = pytest.mark.parametrize("january", [False, True], ids=["august", "january"])


def a_server(internal_url: str, **more: str) -> JitsiProvider:
    """A server under our own keys, unless `more` says otherwise."""
    keys = {"private_key": RSA_PEM, "system_key": SYSTEM_PEM}
    keys = {} if "app_secret" in more else keys
    # Any: each field of the settings has a type of its own.
    given: dict[str, Any] = {"domain": "meet.jitsi", **keys, **more}
    return JitsiProvider(
        RoomServer(
            url="https://meet.example.org",
            app_id="werkraum",
            internal_url=internal_url,
            **given,
        )
    )


def knows_us() -> Verifier:
    """The key server over there is our address for system keys."""
    return Verifier("werkraum", key_files=a_server("").system_keys)


@asynccontextmanager
async def beside(prosody: Prosody, **more: str) -> AsyncIterator[JitsiProvider]:
    async with served(prosody) as url:
        server = a_server(url, **more)
        yield server
        await server.close()


@BOTH
async def test_it_counts_all_rooms_with_one_call(january: bool) -> None:
    prosody = Prosody(knows_us(), january=january)
    full, empty = new_slug(), new_slug()
    prosody.open(full, "anna", "olga")
    async with beside(prosody) as server:
        found = await server.count([full, empty])
        again = await server.count([full])

    assert (found, again) == ({full: 2, empty: 0}, {full: 2})
    assert len(prosody.calls) == 1


@BOTH
async def test_a_server_without_a_room_counts_nobody(january: bool) -> None:
    async with beside(Prosody(knows_us(), january=january)) as server:
        slug = new_slug()
        assert await server.count([slug]) == {slug: 0}


async def test_rooms_of_a_tenant_do_not_count() -> None:
    prosody, slug = Prosody(knows_us()), new_slug()
    prosody.open(slug, "anna", tenant="other")
    prosody.open(slug, "anna", "olga")
    async with beside(prosody) as server:
        assert await server.count([slug]) == {slug: 2}


@BOTH
async def test_it_ends_a_room_once(january: bool) -> None:
    prosody, slug = Prosody(knows_us(), january=january), new_slug()
    prosody.open(slug, "anna")
    async with beside(prosody) as server:
        assert await server.end(slug) is True
        assert await server.end(slug) is False

    assert not prosody.rooms


async def test_where_nobody_is_the_usual_names_of_domains_do() -> None:
    debian = Prosody(knows_us(), prefix="conference", domain="meet.example.org")
    async with beside(debian, domain="") as server:
        await server.end(slug := new_slug())

    asked = debian.calls[-1].query["conference"]
    assert asked == f"{slug}@conference.meet.example.org"


async def test_plugins_of_january_end_a_room_by_the_shared_secret() -> None:
    prosody, slug = Prosody(BY_SECRET, repo=False, january=True), new_slug()
    prosody.open(slug, "anna")
    async with beside(prosody, app_secret=SECRET) as server:
        assert await server.end(slug) is True
        with pytest.raises(CapabilityUnsupported):
            await server.remove(slug, "anna")


async def test_plugins_of_august_do_not_and_that_is_said() -> None:
    async with beside(Prosody(BY_SECRET, repo=False), app_secret=SECRET) as server:
        with pytest.raises(CapabilityUnsupported) as refusal:
            await server.end(new_slug())

    assert refusal.value.code == "no_module"


@BOTH
async def test_it_asks_one_device_to_leave(january: bool) -> None:
    prosody, slug = Prosody(knows_us(), january=january), new_slug()
    prosody.open(slug, "6286b70f", "0a1b2c3d")
    async with beside(prosody) as server:
        address = "6286b70f-0c1e-4d2a-9a55-d3a0919246e8@meet.jitsi/frA8"
        assert await server.remove(slug, address) is True
        assert await server.remove(slug, address) is False

    assert list(prosody.rooms.values()) == [["0a1b2c3d"]]


@BOTH
async def test_nobody_is_asked_to_leave_a_room_that_is_gone(january: bool) -> None:
    async with beside(Prosody(knows_us(), january=january)) as server:
        assert await server.remove(new_slug(), "6286b70f") is False


@BOTH
@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda it, slug: it.end(slug), id="end"),
        pytest.param(lambda it, slug: it.remove(slug, "anna"), id="remove"),
    ],
)
async def test_a_server_that_does_not_know_our_key_says_so(
    deed: Callable[[JitsiProvider, str], Awaitable[bool]], january: bool
) -> None:
    stranger, slug = Verifier("werkraum", key_files={}), new_slug()
    prosody = Prosody(stranger, january=january)
    prosody.open(slug, "anna")
    async with beside(prosody) as server:
        with pytest.raises(ProviderAuthError):
            await deed(server, slug)

    assert list(prosody.rooms.values()) == [["anna"]]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Said(404, b"<!DOCTYPE html>"), CapabilityUnsupported),
        (Said(200, b"<!DOCTYPE html>"), ProviderProtocolError),
        (Said(200, b"[]"), ProviderProtocolError),
        (Said(200, b'{"room_census":[{"room_name":"a@b"}]}'), ProviderProtocolError),
        (Said(200, b'{"room_census":null}'), ProviderProtocolError),
        (Said(400), ProviderError),
        (Said(200, b"x" * 2_000_000), ProviderProtocolError),
    ],
)
async def test_a_census_that_is_none_is_trouble_with_a_name(
    answer: Said, trouble: type[ProviderError]
) -> None:
    async def strange(asked: Asked) -> Said:
        return answer

    async with served(strange) as url:
        server = a_server(url)
        with pytest.raises(trouble):
            await server.count([new_slug()])
        await server.close()


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ({}, {Capability.COUNT, Capability.END, Capability.REMOVE}),
        ({"system_key": ""}, {Capability.COUNT}),
        ({"app_secret": SECRET}, {Capability.COUNT, Capability.END}),
        ({"internal_url": ""}, set()),
    ],
    ids=["two keys", "one key", "a secret", "no inner port"],
)
def test_what_it_can_do_follows_from_its_settings(
    given: dict[str, str], more: set[Capability]
) -> None:
    given = dict(given)
    server = a_server(given.pop("internal_url", "http://prosody:5280"), **given)

    inner = {Capability.COUNT, Capability.END, Capability.REMOVE}
    assert server.capabilities & inner == more


def test_what_hangs_on_its_asking_us_is_there_where_it_shows_a_token() -> None:
    given = RoomServer(
        url="https://meet.example.org", app_id="werkraum", app_secret=SECRET
    )
    silent = JitsiProvider(given)
    asking = JitsiProvider(replace(given, api_tokens=(SECRET[1:],)))

    assert asking.capabilities - silent.capabilities == {
        Capability.LOBBY,
        Capability.LIMIT,
        Capability.RESERVATIONS,
        Capability.NEWS,
    }


@pytest.mark.parametrize(
    ("address", "nick"),
    [
        ("6286B70F-0c1e-4d2a-9a55-d3a0919246e8@meet.jitsi/frA8", "6286b70f"),
        ("6286b70f", "6286b70f"),
    ],
)
def test_a_device_is_called_by_the_beginning_of_its_address(
    address: str, nick: str
) -> None:
    assert nick_of(address) == nick
