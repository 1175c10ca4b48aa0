"""The team of an organiser at the desk."""

import re
from datetime import datetime

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.server.postbox import delivered, html_of, link_in, text_of, unwrapped

from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import ApiKey, Membership, Person, Role
from werkraum_foundation.people import add_member

TEAM = "/desk/organiser/team"
BERTA = {"name": "Berta", "email": "berta@example.org", "role": "host"}


async def test_an_owner_adds_somebody_who_can_then_sign_in(
    client: httpx.AsyncClient,
) -> None:
    organiser = await olga_signed_in(client)
    added = await client.post(TEAM, data=BERTA)
    assert (added.status_code, added.headers["location"]) == (303, TEAM)
    member = await Membership.get(organiser=organiser, person__name="Berta")
    assert member.role is Role.HOST
    assert "berta@example.org" in (await client.get(TEAM)).text


async def test_a_new_colleague_is_told_by_whom_and_how_to_sign_in(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    await client.post(TEAM, data=BERTA)
    (letter,) = await delivered()
    assert letter["To"] == "berta@example.org"
    assert letter["Subject"] == "You now work for Netzwerkstelle"
    assert "Olga has added you to the team of Netzwerkstelle." in unwrapped(letter)
    assert (await client.get(link_in(letter, "/desk/"))).status_code == 200
    assert link_in(letter, "/desk/").endswith("/desk/sign-in")
    must_say_the_same(text_of(letter), html_of(letter))


async def test_whoever_is_added_by_a_command_reads_german(
    client: httpx.AsyncClient, now: datetime
) -> None:
    office = await an_organiser()
    await add_member(
        office.id, "Olga", "olga@example.org", Role.OWNER, actor=SYSTEM, now=now
    )
    (letter,) = await delivered()
    assert letter["Subject"] == "Sie arbeiten jetzt für Netzwerkstelle"
    assert "in das Team von Netzwerkstelle aufgenommen" in unwrapped(letter)
    must_say_the_same(text_of(letter), html_of(letter))


async def test_whoever_has_left_again_hears_nothing(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    await client.post(TEAM, data=BERTA)
    berta = await Person.get(name="Berta")
    await client.post(f"{TEAM}/{berta.id}/remove")
    assert await delivered() == []


async def test_a_wrong_entry_is_shown_again_with_its_reason(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    answer = await client.post(TEAM, data=BERTA | {"email": "berta@"})
    assert answer.status_code == 422
    assert 'value="Berta"' in answer.text and 'id="email-fault"' in answer.text
    assert await Person.filter(name="Berta").count() == 0


async def test_the_last_owner_stays(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    olga = await Person.get(name="Olga")
    assert (await client.post(f"{TEAM}/{olga.id}/remove")).status_code == 409
    demoted = await client.post(f"{TEAM}/{olga.id}/role", data={"role": "reader"})
    assert demoted.status_code == 409


async def test_a_key_is_shown_once_and_can_be_revoked(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    made = await client.post("/desk/organiser/keys")
    shown = re.search(r"wkr_[\w-]{43}", made.text)
    assert shown
    api = {"authorization": f"Bearer {shown[0]}"}
    assert (await client.get("/api/v1/events", headers=api)).status_code == 200
    assert shown[0] not in (await client.get(TEAM)).text
    key = await ApiKey.get()
    await client.post(f"/desk/organiser/keys/{key.id}/revoke")
    assert (await client.get("/api/v1/events", headers=api)).status_code == 401


@pytest.mark.parametrize("role", [Role.READER, Role.HOST, Role.MANAGER])
async def test_only_owners_change_the_team(
    client: httpx.AsyncClient, role: Role
) -> None:
    organiser = await an_organiser()
    await signed_in(client, await a_member(organiser, role=role))
    assert (await client.get(TEAM)).status_code == 200
    assert (await client.post(TEAM, data=BERTA)).status_code == 403
    assert (await client.post("/desk/organiser/keys")).status_code == 403


async def test_otto_reaches_nobody_of_olgas_team(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    olga = await Person.get(name="Olga")
    client.cookies.clear()
    await otto_signed_in(client)
    assert "Olga" not in (await client.get(TEAM)).text
    for verb in ("remove", "role"):
        answer = await client.post(f"{TEAM}/{olga.id}/{verb}", data={"role": "host"})
        assert answer.status_code in (404, 422), verb
    assert await Membership.filter(person=olga).count() == 1
