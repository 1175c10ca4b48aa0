"""Signing in to the desk."""

import re
from datetime import timedelta

import httpx
import pytest
from tests.server.postbox import delivered, text_of

from werkraum_foundation import clock, sign_in
from werkraum_foundation.models import (
    LinkOrigin,
    Membership,
    Organiser,
    Person,
    Role,
    SignInLink,
)
from werkraum_foundation.outbox.worker import drain


@pytest.fixture
async def olga(database: str) -> Person:
    organiser = await Organiser.create(
        slug="netz",
        name="Netzwerkstelle",
        contact="kontakt@example.org",
        imprint={},
        privacy={},
        accessibility={},
        created_at=clock.now(),
    )
    person = await Person.create(
        name="Olga",
        email="olga@example.org",
        email_key="olga@example.org",
        created_at=clock.now(),
    )
    await Membership.create(person=person, organiser=organiser, role=Role.OWNER)
    return person


async def printed(person: Person) -> str:
    link = await sign_in.make_link(
        person.id, LinkOrigin.COMMAND, browser_hash=None, now=clock.now()
    )
    return link.token


async def asked_for(client: httpx.AsyncClient) -> tuple[str, str]:
    """Ask for a link by letter; the link's path and the code in it."""
    await client.post("/desk/sign-in", data={"email": "olga@example.org"})
    (letter,) = await delivered()
    path = re.search(r"/sign-in/[\w-]{43}", text_of(letter))
    code = re.search(r"\b\d{6}\b", text_of(letter))
    assert path and code
    return path[0], code[0]


async def test_the_printed_link_signs_in_once_and_by_its_button(
    client: httpx.AsyncClient, olga: Person
) -> None:
    path = f"/sign-in/{await printed(olga)}"
    for _ in range(20):
        assert (await client.get(path)).status_code == 200
        assert (await client.head(path)).status_code == 200
    assert (await client.get("/desk/sign-out")).status_code == 405
    pressed = await client.post(path)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/desk/")
    cookie = pressed.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    again = await client.post(path)
    assert again.status_code == 410
    assert "used or is too old" in again.text


async def test_a_letter_brings_a_link_that_belongs_to_the_asking_browser(
    client: httpx.AsyncClient, olga: Person
) -> None:
    path, _ = await asked_for(client)
    pressed = await client.post(path)
    assert pressed.headers.get("location") == "/desk/"


async def test_another_browser_types_the_code(
    client: httpx.AsyncClient, olga: Person
) -> None:
    path, code = await asked_for(client)
    client.cookies.clear()
    assert 'name="code"' in (await client.get(path)).text
    assert (await client.post(path)).status_code == 409
    pressed = await client.post(path, data={"code": code})
    assert pressed.headers.get("location") == "/desk/"


async def test_the_sixth_wrong_code_finds_the_link_burnt(
    client: httpx.AsyncClient, olga: Person
) -> None:
    path, code = await asked_for(client)
    client.cookies.clear()
    wrong = "000000" if code != "000000" else "111111"
    answers = [(await client.post(path, data={"code": wrong})) for _ in range(6)]
    assert [it.status_code for it in answers] == [422, 422, 422, 422, 429, 410]
    assert (await client.post(path, data={"code": code})).status_code == 410


async def test_an_old_link_is_refused(client: httpx.AsyncClient, olga: Person) -> None:
    path, _ = await asked_for(client)
    await SignInLink.all().update(expires_at=clock.now() - timedelta(seconds=1))
    assert (await client.post(path)).status_code == 410


async def test_nobody_learns_which_addresses_belong_to_somebody(
    client: httpx.AsyncClient, olga: Person
) -> None:
    known = await client.post("/desk/sign-in", data={"email": "olga@example.org"})
    unknown = await client.post("/desk/sign-in", data={"email": "otto@example.org"})
    assert known.status_code == unknown.status_code == 303
    assert known.headers["location"] == unknown.headers["location"]
    assert await drain() == 1


async def test_signing_out_ends_it_on_the_server(
    client: httpx.AsyncClient, olga: Person
) -> None:
    await client.post(f"/sign-in/{await printed(olga)}")
    kept = dict(client.cookies)
    assert (await client.post("/desk/sign-out")).status_code == 303
    client.cookies.update(kept)
    left = await client.post("/desk/sign-out")
    assert left.headers["location"] == "/desk/sign-in"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ],
    ids=["cross-site", "same-site", "origin"],
)
async def test_a_page_of_another_site_cannot_press_the_button(
    client: httpx.AsyncClient, olga: Person, headers: dict[str, str]
) -> None:
    path = f"/sign-in/{await printed(olga)}"
    assert (await client.post(path, headers=headers)).status_code == 403
    assert (await client.post(path)).status_code == 303
