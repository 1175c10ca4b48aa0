"""A look at a Jitsi server says what keeps people out, and why."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.ports import free_port
from tests.rooms.bare_http import Asked, Said, served
from tests.rooms.certificates import CertificateMaker
from tests.rooms.jitsi.test_jitsi_server import RSA_PEM
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.jitsi_web_double import JitsiWeb

from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import Opening
from werkraum_rooms.servers.providers import Finding, RoomSpec

SECRET = "Zw4sY0gTnq8vKk1bQm6hXr3uLd9eJp2cAf7i"
OTHER = "pW8fVt3qKz6nYb1rXc5mGh9dLs2jTe7uAo4i"
VERIFIER = Verifier("werkraum", SECRET.encode(), domain="meet.jitsi")
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
CLOSED = RoomSpec(uuid7(), new_slug(), "Forum", "en", Opening(NOW, NOW))


def a_server(url: str, **more: Any) -> JitsiProvider:
    # Any: fields of the settings.
    trusted = more.pop("trusted", None)
    given = {"app_secret": SECRET, "domain": "meet.jitsi", "app_id": "werkraum"}
    return JitsiProvider(RoomServer(url=url, **{**given, **more}), trusted=trusted)


async def look(web: JitsiWeb, **more: Any) -> Mapping[str, Finding]:
    """Look at the server from now on this machine; findings by what was looked at."""
    async with served(web) as url:
        server = a_server(url, **more)
        found = await server.probe(CLOSED, now=datetime.now(UTC))
    return {it.check: it for it in found}


def troubles(found: Mapping[str, Finding]) -> list[tuple[str, str]]:
    return [(it.check, it.why) for it in found.values() if it.well is False]


@pytest.mark.parametrize("hesitates", [False, True])
async def test_a_server_that_lets_people_in_is_well(hesitates: bool) -> None:
    web = JitsiWeb(VERIFIER, hesitates=hesitates)

    found = await look(web)

    assert troubles(found) == []
    assert found["token"].well is True
    assert found["way"].values == {"ways": "WebSocket, BOSH"}
    assert (web.logins, web.tokens) == (1, {})


async def test_a_login_by_our_own_key_is_well() -> None:
    server = a_server("https://meet.example.org", app_secret="", private_key=RSA_PEM)
    verifier = Verifier("werkraum", key_files=server.public_keys, domain="meet.jitsi")

    found = await look(JitsiWeb(verifier), app_secret="", private_key=RSA_PEM)

    assert found["token"].well is True


@pytest.mark.parametrize(
    ("web", "more", "trouble"),
    [
        pytest.param(
            JitsiWeb(Verifier("werkraum", OTHER.encode())),
            {},
            ("token", "signature"),
            id="another secret",
        ),
        pytest.param(
            JitsiWeb(VERIFIER, ahead=600), {}, ("token", "clock"), id="its clock"
        ),
        pytest.param(
            JitsiWeb(VERIFIER, ahead=-600), {}, ("token", "clock"), id="our clock"
        ),
        pytest.param(
            JitsiWeb(Verifier("other", SECRET.encode())),
            {},
            ("token", "issuer"),
            id="another app id",
        ),
        pytest.param(
            JitsiWeb(Verifier("werkraum", SECRET.encode(), audience="else")),
            {},
            ("token", "audience"),
            id="another audience",
        ),
        pytest.param(
            JitsiWeb(Verifier("werkraum", key_files={})),
            {"app_secret": "", "private_key": RSA_PEM},
            ("token", "key"),
            id="cannot fetch our key",
        ),
        pytest.param(
            JitsiWeb(Verifier("werkraum", key_files={})),
            {},
            ("token", "kind_of_key"),
            id="wants keys",
        ),
        pytest.param(
            JitsiWeb(VERIFIER, prosody_away=True),
            {},
            ("way", "broken"),
            id="no XMPP server",
        ),
        pytest.param(
            JitsiWeb(VERIFIER, websocket=False),
            {"domain": "meet.example.org"},
            ("way", "host-unknown"),
            id="another domain",
        ),
        pytest.param(
            JitsiWeb(VERIFIER, page=b"<html>Login</html>"),
            {},
            ("page", "unreadable"),
            id="a login page",
        ),
    ],
)
async def test_what_keeps_people_out_is_named(
    web: JitsiWeb, more: dict[str, str], trouble: tuple[str, str]
) -> None:
    assert troubles(await look(web, **more)) == [trouble]


@pytest.mark.parametrize("instead", ["drops", "breaks", "ends", "nothing"])
async def test_a_login_without_a_verdict_is_said_to_be_one(instead: str) -> None:
    found = await look(JitsiWeb(VERIFIER, instead=instead))

    assert troubles(found) == [("token", "silent")]


async def test_one_of_the_two_ways_is_enough() -> None:
    only_bosh = await look(JitsiWeb(VERIFIER, websocket=False))
    only_websocket = await look(JitsiWeb(VERIFIER, bosh=False))

    assert troubles(only_bosh) == troubles(only_websocket) == []
    assert only_bosh["token"].well is True
    assert (only_websocket["token"].well, only_websocket["token"].why) == (
        None,
        "no_bosh",
    )


async def test_a_look_opens_no_room_and_its_token_ends_at_once() -> None:
    seen: list[str | None] = []
    web = JitsiWeb(VERIFIER)

    async def watched(asked: Asked) -> Said:
        seen.append(asked.query.get("token"))
        assert CLOSED.slug not in str(asked)
        return await web(asked)

    async with served(watched) as url:
        await a_server(url).probe(CLOSED, now=datetime.now(UTC))

    [token] = {it for it in seen if it}
    claims = VERIFIER.login(token, now=time.time())
    assert claims["exp"] - time.time() <= 60  # type: ignore[operator]


async def test_where_nobody_listens_only_that_is_said() -> None:
    found = await a_server(f"http://127.0.0.1:{free_port()}").probe(CLOSED, now=NOW)

    assert [(it.check, it.why) for it in found if it.well is False] == [
        ("page", "refused"),
        ("way", "refused"),
    ]


async def test_a_name_that_leads_nowhere_is_said_alone() -> None:
    found = await a_server("https://meet.invalid").probe(CLOSED, now=NOW)

    assert [(it.check, it.well, it.why) for it in found] == [
        ("name", False, "no_such_name")
    ]


@pytest.mark.parametrize(
    ("days", "name", "well", "why"),
    [
        (60, "localhost", True, ""),
        (13, "localhost", True, "ends_soon"),
        (-1, "localhost", False, "expired"),
        (60, "elsewhere.example", False, "other_name"),
    ],
)
async def test_the_certificate_must_hold(
    days: int, name: str, well: bool, why: str, certificates: CertificateMaker
) -> None:
    theirs, trusted = certificates(name, timedelta(days=days, hours=1))
    async with served(JitsiWeb(VERIFIER), tls=theirs) as url:
        server = a_server(url, trusted=trusted)
        found = {
            it.check: it for it in await server.probe(CLOSED, now=datetime.now(UTC))
        }

    assert (found["tls"].well, found["tls"].why) == (well, why)
    assert ("token" in found) == (days > 0 and name == "localhost")
    if days > 0 and name == "localhost":
        assert found["tls"].values["days"] == str(days)


async def test_a_certificate_nobody_vouches_for_is_refused(
    certificates: CertificateMaker,
) -> None:
    theirs, _ = certificates("localhost", timedelta(days=60))
    async with served(JitsiWeb(VERIFIER), tls=theirs) as url:
        found = await a_server(url).probe(CLOSED, now=datetime.now(UTC))

    assert [(it.check, it.why) for it in found if not it.well] == [
        ("tls", "unknown_authority")
    ]
