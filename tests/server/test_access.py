"""Who may call what: each route has its line in `access_table.txt`, and holds to it.

A new route is a new line there: methods, path, who may call it. Whoever reads the
line asks once more whether that is right.
"""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from tests.people import an_organiser

from werkraum_foundation import clock
from werkraum_foundation.access import Access, DeclaredRoute, Everybody, HolderOfLink
from werkraum_foundation.entrances import Desk, Program
from werkraum_foundation.models import ApiKey, Organiser
from werkraum_foundation.tokens import hashed, new_token
from werkraum_rooms.jaas.events import JaasCall
from werkraum_rooms.jitsi.room_server_access import JitsiServerCall
from werkraum_server.incoming.gateway import MailGateway
from werkraum_server.own_command import OwnCommand
from werkraum_server.routes import all_routes

TABLE = Path(__file__).with_name("access_table.txt")
A_YEAR = timedelta(days=365)
ANY_ID = "00000000-0000-0000-0000-000000000007"


def word(access: Access) -> str:
    """Name an access rule as the table does."""
    match access:
        case Everybody():
            return "everybody"
        case HolderOfLink():
            return "link"
        case Desk(role=role):
            return role.value
        case Program():
            return "key"
        case OwnCommand():
            return "command"
        case MailGateway():
            return "gateway"
        case JitsiServerCall():
            return "jitsi"
        case JaasCall():
            return "jaas"
    raise AssertionError(f"give {type(access).__name__} a word in this test")


def declared() -> list[DeclaredRoute]:
    routes = [it for it in all_routes() if isinstance(it, DeclaredRoute)]
    assert len(routes) == len(all_routes())
    return routes


def rows() -> set[tuple[str, ...]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return {tuple(line.split()) for line in lines if line and line[0] != "#"}


def row(route: DeclaredRoute) -> tuple[str, str, str]:
    methods = sorted((route.methods or set()) - {"HEAD"})
    return ",".join(methods), route.path, word(route.access)


def test_every_route_stands_in_the_table() -> None:
    missing = sorted({row(it) for it in declared()} - rows())
    lines = "\n".join(" ".join(it) for it in missing)
    assert not missing, f"think of who may call these, then add to {TABLE}:\n{lines}"


def test_every_line_of_the_table_is_a_route() -> None:
    assert not sorted(rows() - {row(it) for it in declared()})


SECRETS = {"{token}", "{key}"}


def test_a_secret_in_a_path_stands_behind_a_word_the_edge_knows() -> None:
    from werkraum_server.edge import SECRET, first_step

    for route in declared():
        if any(secret in route.path for secret in SECRETS):
            assert first_step(route.path.replace("{lang:lang}", "de")) in SECRET


def of(kind: type[Access]) -> list[tuple[str, str]]:
    """List method and an address of each route with this kind of access."""
    found = []
    for route in declared():
        if isinstance(route.access, kind):
            path = route.path.replace("{session}", ANY_ID)
            path = re.sub(r"\{\w+:uuid\}", ANY_ID, path.replace("{id}", ANY_ID))
            found += [(method, path) for method in sorted(route.methods or ())]
    return found


@pytest.mark.parametrize(
    "cookie",
    ["", "werkraum=of-nobody", f"werkraum={'a' * 5_000}"],
    ids=["none", "of nobody", "long"],
)
async def test_the_desk_asks_a_stranger_to_sign_in(
    client: httpx.AsyncClient, cookie: str
) -> None:
    for method, path in of(Desk):
        answer = await client.request(method, path, headers={"cookie": cookie})
        assert answer.status_code == 303, path
        assert answer.headers["location"] == "/desk/sign-in"
        assert answer.headers["cache-control"] == "no-store"


async def test_the_interface_asks_a_stranger_for_a_key(
    client: httpx.AsyncClient,
) -> None:
    for method, path in of(Program):
        answer = await client.request(method, path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


async def a_key(organiser: Organiser) -> str:
    secret, now = new_token(), clock.now()
    await ApiKey.create(
        organiser=organiser,
        key_hash=hashed(secret),
        last_four=secret[-4:],
        created_at=now,
        expires_at=now + A_YEAR,
    )
    return secret


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Bearer of-nobody",
        "Bearer " + "a" * 10_000,
        "Bearer {key}x",
        "Bearer {key[:-1]}",
        "Basic {key}",
        "{key}",
        "Bearer {key}, Bearer {key}",
        "Bearer \u00e9",
    ],
)
async def test_no_other_authorization_opens_anything(
    client: httpx.AsyncClient, sent: str
) -> None:
    key = await a_key(await an_organiser())
    shown = sent.replace("{key}", key).replace("{key[:-1]}", key[:-1])
    headers = {b"authorization": shown.encode("latin-1")}
    answer = await client.get("/api/v1/events", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "key_needed"


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
async def test_a_key_opens_until_its_end(client: httpx.AsyncClient, end: str) -> None:
    key = await a_key(await an_organiser())
    headers = {"authorization": f"bearer {key}"}
    assert (await client.get("/api/v1/events", headers=headers)).status_code == 200
    await ApiKey.all().update(**{end: clock.now()})
    assert (await client.get("/api/v1/events", headers=headers)).status_code == 401


async def test_a_key_opens_no_desk(client: httpx.AsyncClient) -> None:
    key = await a_key(await an_organiser())
    answer = await client.get("/desk/", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 303
