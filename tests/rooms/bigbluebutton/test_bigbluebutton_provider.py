"""Rooms at a BigBlueButton, played by its double on a real socket."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.ports import free_port
from tests.rooms.bigbluebutton_double import BigBlueButtonDouble
from tests.rooms.misbehaving_server import Way, drips, is_silent, misbehaving, says
from tests.rooms.serving import serving

from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.setting_rooms import RoomServer, RoomServerKind
from werkraum_rooms.bigbluebutton.provider import BigBlueButtonProvider
from werkraum_rooms.participants import May, Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import Opening, TooEarly, TooLate
from werkraum_rooms.servers.provider_errors import (
    CapabilityUnsupported,
    ProviderAuthError,
    ProviderError,
    ProviderRejected,
    RoomConflict,
)
from werkraum_rooms.servers.providers import Finding, Health, RoomSpec

SECRET = "hush-639259d4-9dd8-4b25-bf01-95f9567eaf4b"
NOW = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
OPEN = Opening(NOW - timedelta(minutes=15), NOW + timedelta(minutes=90, seconds=1))
HOST = Participant("h-1", "Olga", Role.HOST)
ANNA = Participant("u-9c1d", "Anna Grün & Söhne", Role.ATTENDEE)


def a_room(
    *, title: str = "Jugendforum", lobby: bool = False, most: int = 0
) -> RoomSpec:
    return RoomSpec(
        uuid7(), new_slug(), title, "de", OPEN, lobby=lobby, most_people=most or None
    )


def provider_at(url: str, secret: str = SECRET) -> BigBlueButtonProvider:
    return BigBlueButtonProvider(
        RoomServer("bbb", RoomServerKind.BBB, "BBB", f"{url}/bigbluebutton", "", secret)
    )


@pytest.fixture
def bbb() -> BigBlueButtonDouble:
    return BigBlueButtonDouble(SECRET)


@pytest.fixture
async def provider(bbb: BigBlueButtonDouble) -> AsyncIterator[BigBlueButtonProvider]:
    async with serving(bbb.app()) as url:
        provider = provider_at(url)
        yield provider
        await provider.close()


async def goes_in(
    provider: BigBlueButtonProvider, room: RoomSpec, who: Participant, now: datetime
) -> str:
    """Take the link as a browser does; what the server says."""
    way = await provider.way_in(room, who, now=now)
    return await followed(way.url)


async def followed(url: str) -> str:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        return (await browser.get(url)).text


async def test_the_first_who_enters_makes_the_room(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room(most=30)

    assert await goes_in(provider, room, ANNA, NOW) == "in the room"

    terms = bbb.meetings[room.slug].terms
    assert (terms["name"], terms["duration"]) == ("Jugendforum", "91")
    assert (terms["maxParticipants"], terms["record"]) == ("30", "false")
    assert (terms["guestPolicy"], terms["muteOnStart"]) == ("ALWAYS_ACCEPT", "true")
    assert terms["logoutURL"] == "http://127.0.0.1:8000/"


async def test_each_enters_with_their_name_role_and_pseudonym(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    for who in (HOST, ANNA):
        await goes_in(provider, room, who, NOW)

    names = ("fullName", "role", "userID")
    joined = bbb.meetings[room.slug].joined
    assert [[person[name] for name in names] for person in joined] == [
        ["Olga", "MODERATOR", "h-1"],
        ["Anna Grün & Söhne", "VIEWER", "u-9c1d"],
    ]


async def test_the_room_is_asked_for_again_before_each_way_in(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    await goes_in(provider, room, ANNA, NOW)
    bbb.forget(room.slug)  # all have left, and the minutes are over

    assert await goes_in(provider, room, ANNA, LATER) == "in the room"


async def test_a_crowd_makes_the_room_once(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    for second in range(5):
        now = NOW + timedelta(seconds=second)
        await provider.ensure(room, now=now)
        await provider.way_in(room, ANNA, now=now)

    assert bbb.asked == ["create"]


async def test_a_link_of_the_last_run_leads_into_no_other(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    old = await provider.way_in(room, ANNA, now=NOW)
    bbb.forget(room.slug)
    await provider.ensure(room, now=LATER)

    assert "mismatchCreateTimeParam" in await followed(old.url)


async def test_nobody_gets_a_link_before_or_after(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    with pytest.raises(TooEarly):
        await provider.way_in(room, ANNA, now=OPEN.opens_at - timedelta(seconds=1))
    with pytest.raises(TooLate):
        await provider.way_in(room, ANNA, now=OPEN.closes_at)

    assert bbb.asked == []


async def test_in_the_lobby_attendees_wait_and_hosts_do_not(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room(lobby=True)
    speaker = Participant("u-2", "Otto", Role.ATTENDEE, lobby_bypass=True)
    for who in (ANNA, HOST, speaker):
        await goes_in(provider, room, who, NOW)

    meeting = bbb.meetings[room.slug]
    assert [person["userID"] for person in meeting.waiting] == ["u-9c1d"]
    assert [person["userID"] for person in meeting.joined] == ["h-1", "u-2"]


async def test_only_what_was_announced_is_recorded(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = replace(a_room(), recorded=True)
    await provider.ensure(room, now=NOW)

    terms = bbb.meetings[room.slug].terms
    assert (terms["record"], terms["autoStartRecording"]) == ("true", "false")


@pytest.mark.parametrize("allowed", [True, False])
async def test_attendees_chat_where_the_room_allows_it(
    allowed: bool, provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    may = frozenset({May.CHAT}) if allowed else frozenset[May]()
    room = replace(a_room(), may=may)
    await provider.ensure(room, now=NOW)

    locked = bbb.meetings[room.slug].terms["lockSettingsDisablePublicChat"]
    assert locked == ("false" if allowed else "true")


@pytest.mark.parametrize("title", ["", "A", "Ä" * 200, "a&b=c+d%20?#", "   "])
async def test_any_title_makes_a_room(
    title: str, provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room(title=title)

    await provider.ensure(room, now=NOW)

    assert bbb.meetings[room.slug].terms["name"].rstrip(".") == title.strip()[:64]


async def test_the_link_names_no_password_and_no_secret(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    way = await provider.way_in(room, ANNA, now=NOW)

    terms = bbb.meetings[room.slug].terms
    assert SECRET not in way.url and "password" not in parse_qs(urlsplit(way.url).query)
    assert terms["attendeePW"] != terms["moderatorPW"]
    assert terms["attendeePW"] not in way.url
    assert way.frame == way.url.partition("/bigbluebutton")[0]
    assert way.url not in repr(way)


async def test_rooms_are_counted(provider: BigBlueButtonProvider) -> None:
    full, empty, unknown = a_room(), a_room(), a_room()
    for who in (HOST, ANNA):
        await goes_in(provider, full, who, NOW)
    await provider.ensure(empty, now=NOW)

    slugs = [full.slug, empty.slug, unknown.slug]
    assert list((await provider.count(slugs)).values()) == [2, 0, 0]


async def test_a_room_is_ended_for_all(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    await goes_in(provider, room, ANNA, NOW)

    assert await provider.end(room.slug) is True
    assert bbb.meetings[room.slug].ended
    with pytest.raises(ProviderRejected) as refusal:
        await provider.way_in(room, ANNA, now=NOW)
    assert refusal.value.code == "ended"


async def test_a_room_where_nobody_was_is_as_good_as_ended(
    provider: BigBlueButtonProvider,
) -> None:
    assert await provider.end(new_slug()) is False


async def test_nobody_is_removed_from_here(provider: BigBlueButtonProvider) -> None:
    with pytest.raises(CapabilityUnsupported):
        await provider.remove(new_slug(), "anna")


async def test_a_room_of_somebody_else_is_left_alone(
    provider: BigBlueButtonProvider, bbb: BigBlueButtonDouble
) -> None:
    room = a_room()
    await provider.ensure(room, now=NOW)
    bbb.meetings[room.slug].terms["moderatorPW"] = "of somebody else"

    with pytest.raises(RoomConflict):
        await provider.ensure(room, now=LATER)


async def test_a_server_that_knows_us_is_well(provider: BigBlueButtonProvider) -> None:
    room = a_room()

    assert await provider.health() == Health(True)
    found = await provider.probe(room, now=NOW)
    assert [it.check for it in found] == ["name", "tls", "health", "secret"]
    assert [it.well for it in found] == [True, True, True, True]


async def test_a_wrong_secret_is_found_before_anybody_comes(
    bbb: BigBlueButtonDouble,
) -> None:
    async with serving(bbb.app()) as url:
        provider = provider_at(url, "another secret than over there")
        found = await provider.probe(a_room(), now=NOW)
        with pytest.raises(ProviderAuthError):
            await provider.ensure(a_room(), now=NOW)
        await provider.close()

    assert found[2:] == [
        Finding("health", True),
        Finding("secret", False, "not_known"),
    ]


async def test_a_server_that_wants_sha_512_does_not_know_us(
    bbb: BigBlueButtonDouble, provider: BigBlueButtonProvider
) -> None:
    bbb.accepts = frozenset({"sha512"})

    found = await provider.probe(a_room(), now=NOW)

    assert found[-1] == Finding("secret", False, "not_known")


async def test_a_server_that_is_down_is_not_asked_for_more() -> None:
    provider = provider_at(f"http://127.0.0.1:{free_port()}")

    found = await provider.probe(a_room(), now=NOW)

    assert found[2:] == [
        Finding("health", False, "refused"),
        Finding("secret", None, "not_asked"),
    ]


@pytest.mark.parametrize(
    ("way", "code"),
    [
        pytest.param(is_silent, "slow", id="20 s slow"),
        pytest.param(drips, "slow", id="1 byte a second"),
        pytest.param(says(500), "broken", id="500"),
        pytest.param(says(200, b"{"), "unreadable", id="invalid JSON"),
        pytest.param(
            says(200, b"<html><form>Sign in</form></html>"),
            "unreadable",
            id="login page",
        ),
        pytest.param(says(200, b"x" * 10_000_000), "too_long", id="10 MB"),
        pytest.param(
            says(302, headers=[("Location", "/bigbluebutton/api")]),
            "elsewhere",
            id="redirect loop",
        ),
    ],
)
async def test_a_server_that_misbehaves_is_ill_and_lets_nobody_in(
    way: Way, code: str
) -> None:
    async with misbehaving(way) as server:
        provider = provider_at(server.url)
        health = await provider.health()
        with pytest.raises(ProviderError) as trouble:
            await provider.way_in(a_room(), ANNA, now=NOW)
        await provider.close()

    assert (health.well, health.code, trouble.value.code) == (False, code, code)
