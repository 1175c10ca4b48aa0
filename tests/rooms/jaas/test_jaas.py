"""Tokens for 8x8's JaaS, read by a verifier of its rules."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from tests.rooms.jaas_verifier import JaasVerifier
from tests.rooms.jitsi_verifier import ClientComplains, LoginRefused, RoomMismatch
from tests.rooms.links import settings_in, token_in
from tests.rooms.misbehaving_server import misbehaving, says
from tests.rooms.serving import serving

from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.setting_rooms import RoomServer, RoomServerKind
from werkraum_rooms.jaas.provider import JaasProvider
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import Opening, TooEarly, TooLate
from werkraum_rooms.servers.provider_errors import CapabilityUnsupported
from werkraum_rooms.servers.providers import Capability, Finding, Health, RoomSpec

APP = "vpaas-magic-cookie-0123456789abcdef"
KID = f"{APP}/4f21a0"
KEY = generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
VERIFIER = JaasVerifier({KID: PUBLIC.decode()})

NOW = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
OPEN = Opening(NOW - timedelta(minutes=15), NOW + timedelta(hours=9))
ROOM = RoomSpec(uuid7(), new_slug(), "Jugend & Europa", "de", OPEN, recorded=True)
HOST = Participant("h-1", "Olga", Role.HOST)
ANNA = Participant("u-9c1d", "Anna", Role.ATTENDEE)


def provider_at(url: str = "https://8x8.vc", told: bool = False) -> JaasProvider:
    tokens = ("secret of the webhooks",) if told else ()
    return JaasProvider(
        RoomServer("jaas", RoomServerKind.JAAS, "8x8", url, APP, "", PEM, KID, tokens)
    )


async def link_for(who: Participant, now: datetime = NOW) -> str:
    return (await provider_at().way_in(ROOM, who, now=now)).url


# Any: JSON, here and below.
def entered(link: str, now: datetime = NOW) -> Any:
    place = urlsplit(link).path.strip("/")
    return VERIFIER.enter(token_in(link), place, now=now.timestamp())


@pytest.mark.parametrize(("who", "moderates"), [(HOST, True), (ANNA, False)])
async def test_each_enters_as_what_they_are(who: Participant, moderates: bool) -> None:
    claims = entered(await link_for(who))

    assert claims["context"]["user"] == {
        "id": who.ref,
        "name": who.name,
        "moderator": moderates,
    }
    assert claims["context"]["features"]["recording"] is False
    assert claims["context"]["features"]["moderation"] is moderates


async def test_the_link_is_one_into_our_tenant_and_may_stand_in_a_frame() -> None:
    way = await provider_at().way_in(ROOM, ANNA, now=NOW)

    assert way.url.startswith(f"https://8x8.vc/{APP}/{ROOM.slug}?lang=de#")
    assert way.frame == "https://8x8.vc"
    assert settings_in(way.url)["config.subject"] == "Jugend & Europa"
    assert "jwt" not in urlsplit(way.url).query


async def test_a_token_holds_four_hours_at_most() -> None:
    link = await link_for(ANNA)
    last = NOW + timedelta(hours=4)

    entered(link, last - timedelta(seconds=1))
    with pytest.raises(LoginRefused):
        entered(link, last)


async def test_a_token_ends_with_the_room() -> None:
    late = OPEN.closes_at - timedelta(minutes=1)
    link = await link_for(ANNA, late)

    entered(link, late)
    with pytest.raises(LoginRefused):
        entered(link, OPEN.closes_at)


async def test_a_clock_that_is_a_little_behind_lets_in() -> None:
    entered(await link_for(ANNA), NOW - timedelta(seconds=30))


async def test_nobody_gets_a_token_before_or_after() -> None:
    with pytest.raises(TooEarly):
        await link_for(ANNA, OPEN.opens_at - timedelta(seconds=1))
    with pytest.raises(TooLate):
        await link_for(ANNA, OPEN.closes_at)


async def test_a_token_opens_no_other_room_and_no_other_tenant() -> None:
    token, at = token_in(await link_for(ANNA)), NOW.timestamp()

    with pytest.raises(RoomMismatch):
        VERIFIER.enter(token, f"{APP}/{new_slug()}", now=at)
    with pytest.raises(LoginRefused):
        VERIFIER.enter(token, f"{APP}0/{ROOM.slug}", now=at)


# What the verifier refuses, so that its yes means something.
REFUSED: list[tuple[str, type[Exception], Callable[[dict[str, Any]], object]]] = [
    ("iss", LoginRefused, lambda it: it.update(iss="werkraum")),
    ("aud", LoginRefused, lambda it: it.update(aud=["jitsi"])),
    ("sub", LoginRefused, lambda it: it.update(sub="vpaas-magic-cookie-ffff")),
    ("no exp", LoginRefused, lambda it: it.pop("exp")),
    ("exp with a fraction", ClientComplains, lambda it: it.update(exp=2e9 + 0.5)),
    ("no features", ClientComplains, lambda it: it["context"].pop("features")),
    ("moderator", ClientComplains, lambda it: it["context"]["user"].pop("moderator")),
    ("any room", RoomMismatch, lambda it: it.update(room="*")),
    (
        "a feature of nobody",
        ClientComplains,
        lambda it: it["context"]["features"].update(dance=True),
    ),
]


@pytest.mark.parametrize(
    ("kind", "change"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED]
)
async def test_the_verifier_refuses(
    kind: type[Exception], change: Callable[[dict[str, Any]], object]
) -> None:
    claims = entered(await link_for(ANNA))
    change(claims)
    token = jwt.encode(claims, PEM, algorithm="RS256", headers={"kid": KID})

    with pytest.raises(kind):
        VERIFIER.enter(token, f"{APP}/{ROOM.slug}", now=NOW.timestamp())


async def test_another_key_or_a_shared_secret_opens_nothing() -> None:
    claims, other = entered(await link_for(ANNA)), generate_private_key(65537, 2048)
    for token in (
        jwt.encode(claims, other, algorithm="RS256", headers={"kid": KID}),
        jwt.encode(claims, PEM, algorithm="RS256", headers={"kid": f"{APP}/x"}),
        jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": KID}),
    ):
        with pytest.raises(LoginRefused):
            VERIFIER.enter(token, f"{APP}/{ROOM.slug}", now=NOW.timestamp())


async def test_it_can_be_asked_for_nothing_and_tells_what_it_was_set_up_to() -> None:
    silent, told = provider_at(), provider_at(told=True)

    assert silent.capabilities == {
        Capability.FRAME,
        Capability.CHAT,
        Capability.SHARE,
    }
    assert told.capabilities - silent.capabilities == {Capability.NEWS}
    assert silent.public_keys == {}
    for call in (silent.count([]), silent.end("a"), silent.remove("a", "b")):
        with pytest.raises(CapabilityUnsupported):
            await call


def test_it_shows_no_key() -> None:
    assert "PRIVATE" not in repr(provider_at().server)


async def test_it_is_well_where_browsers_find_their_script() -> None:
    script = Response("var JitsiMeetExternalAPI = …")
    path = f"/{APP}/external_api.js"
    async with serving(Starlette(routes=[Route(path, lambda _: script)])) as url:
        provider = provider_at(url)

        assert await provider.health() == Health(True)
        assert (await provider.probe(ROOM, now=NOW))[2:] == [
            Finding("page", True),
            Finding("token", None, "hosted"),
        ]
        await provider.close()


async def test_a_login_page_is_no_room_server() -> None:
    async with misbehaving(says(200, b"<html>Sign in</html>")) as server:
        provider = provider_at(server.url)
        health = await provider.health()
        await provider.close()

    assert (health.well, health.code) == (False, "unreadable")
    assert server.seen == [f"GET /{APP}/external_api.js HTTP/1.1"]
