"""Organisations at the desk: found, written down, made one, told apart again."""

import re
from datetime import datetime
from uuid import UUID

import httpx
import pytest
from tests.events.statements import counted
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.people_by_hand import takes_part

from werkraum_foundation.models import Organiser, Role
from werkraum_registration import organisations
from werkraum_registration.models import Organisation, OrganisationKind, Registration
from werkraum_registration.organisations import OrganisationWish

LIST = "/desk/organisations"


@pytest.fixture
async def office(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


async def typed(office: Organiser, name: str, *, now: datetime) -> UUID:
    return await organisations.typed(office.id, name, now=now)


def rows_of(answer: httpx.Response) -> list[str]:
    return re.findall(rf'<a href="{LIST}/[\w-]+">([^<]+)</a>', answer.text)


async def test_an_empty_list_says_what_it_is_for(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    assert "There is no organisation yet" in (await client.get(LIST)).text


async def test_olga_writes_one_down(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    sent = await client.post(
        f"{LIST}/new",
        data={
            "name": "Stadt Kleve",
            "kind": "municipality",
            "size": "medium",
            "region": "Niederrhein",
            "partner_towns": "Ronse\r\n\r\nFitchburg",
            "suggested": "on",
        },
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{LIST}?added=1")
    made = await Organisation.get()
    assert (made.name, made.kind, made.size) == (
        "Stadt Kleve",
        "municipality",
        "medium",
    )
    assert (made.partner_towns, made.suggested) == (["Ronse", "Fitchburg"], True)
    assert "One organisation is new." in (await client.get(f"{LIST}?added=1")).text


async def test_a_taken_name_is_said_at_the_field_and_all_is_kept(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    await typed(office, "Kleve", now=now)
    answer = await client.post(
        f"{LIST}/new", data={"name": "KLEVE", "region": "Niederrhein"}
    )
    assert answer.status_code == 422
    assert 'id="name-fault"' in answer.text and 'value="Niederrhein"' in answer.text


async def test_olga_changes_what_is_known(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    kleve = await typed(office, "Klewe", now=now)
    path = f"{LIST}/{kleve}"
    assert 'value="Klewe"' in (await client.get(path)).text
    saved = await client.post(path, data={"name": "Kleve", "kind": "municipality"})
    assert saved.headers["location"] == f"{path}?saved=1"
    there = await Organisation.get()
    assert (there.name, there.kind) == ("Kleve", OrganisationKind.MUNICIPALITY)


async def test_many_names_are_added_at_once(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    names = [f"Ort {number:04}" for number in range(1_000)]
    sent = await client.post(
        f"{LIST}/import",
        data={"names": "\r\n".join(names), "kind": "municipality"},
    )
    assert sent.headers["location"] == f"{LIST}?added=1000"
    with counted() as statements:
        shown = await client.get(LIST)
    assert rows_of(shown) == names[:100]
    # The sign-in takes its own; the list two, and one for who works here.
    assert len(statements) <= 6
    assert rows_of(await client.get(f"{LIST}?page=10")) == names[900:]
    assert rows_of(await client.get(f"{LIST}?q=ort+0007")) == ["Ort 0007"]


@pytest.mark.parametrize(
    "lines", ["\r\n".join(map(str, range(1_001))), "Kle\u202eve", "a" * 201, " \r\n "]
)
async def test_lines_that_cannot_be_names_come_back(
    client: httpx.AsyncClient, office: Organiser, lines: str
) -> None:
    answer = await client.post(f"{LIST}/import", data={"names": lines})
    assert answer.status_code == 422
    assert 'id="names-fault"' in answer.text
    assert await Organisation.all().count() == 0


async def test_what_attendees_typed_becomes_a_suggestion_by_a_tick(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    ids = [str(await typed(office, name, now=now)) for name in ("Kleve", "Goch")]
    sent = await client.post(f"{LIST}/suggest", data={"id": ids})
    assert sent.headers["location"] == f"{LIST}?suggested=2"
    assert await Organisation.filter(suggested=True).count() == 2
    assert (await client.post(f"{LIST}/suggest")).status_code == 303


async def test_several_get_their_kind_at_once(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    ids = [str(await typed(office, name, now=now)) for name in ("Kleve", "Goch")]
    await typed(office, "Heimatverein", now=now)
    sent = await client.post(
        f"{LIST}/classify",
        data={"id": ids, "set_kind": "municipality", "set_size": ""},
    )
    assert sent.headers["location"] == f"{LIST}?classified=2"
    assert rows_of(await client.get(f"{LIST}?kind=municipality")) == ["Goch", "Kleve"]
    assert rows_of(await client.get(f"{LIST}?kind=none")) == ["Heimatverein"]
    again = {"id": ids, "set_kind": "municipality"}
    sent = await client.post(f"{LIST}/classify", data=again)
    assert sent.headers["location"] == f"{LIST}?classified=0"


async def test_a_merge_says_before_what_it_does_and_can_be_undone(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    kept, double = [await typed(office, it, now=now) for it in ("Köln", "Koeln")]
    for number in range(3):
        await takes_part(event, f"Anna{number}", now=now, organisation_id=double)
    hints = await client.get(f"{LIST}/doubles")
    assert "Köln · Koeln" in hints.text or "Koeln · Köln" in hints.text
    asked = await client.get(f"{LIST}/merge?id={kept}&id={double}")
    assert "If it stays, 3 registrations move to it." in asked.text
    both = {"id": [str(kept), str(double)], "kept": str(kept)}
    merged = await client.post(f"{LIST}/merge", data=both)
    assert merged.headers["location"] == f"{LIST}/{kept}"
    assert await Registration.filter(organisation_id=kept).count() == 3
    assert rows_of(await client.get(LIST)) == ["Köln"]
    assert "Split off again" in (await client.get(f"{LIST}/{kept}")).text
    assert "Split off again" in (await client.get(f"{LIST}/{double}")).text
    await client.post(f"{LIST}/{double}/split")
    assert await Registration.filter(organisation_id=double).count() == 3


@pytest.mark.parametrize("sent", [{}, {"id": ["x"]}, {"kept": "1"}])
async def test_a_merge_of_nothing_is_asked_again(
    client: httpx.AsyncClient, office: Organiser, sent: dict[str, str]
) -> None:
    assert (await client.get(f"{LIST}/merge?id=1&id=")).status_code == 200
    assert (await client.post(f"{LIST}/merge", data=sent)).status_code == 422


async def test_the_one_that_stays_is_one_of_them(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    one, other, third = [
        str(await typed(office, name, now=now)) for name in ("Bonn", "Kleve", "Goch")
    ]
    answer = await client.post(
        f"{LIST}/merge", data={"id": [one, other], "kept": third}
    )
    assert answer.status_code == 422
    assert await Organisation.filter(merged_into_id=None).count() == 3


async def test_what_nobody_names_can_be_taken_away(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    kleve, typo = [await typed(office, it, now=now) for it in ("Kleve", "Klewe")]
    await takes_part(event, now=now, organisation_id=kleve)
    assert (await client.post(f"{LIST}/{typo}/remove")).status_code == 303
    assert (await client.post(f"{LIST}/{kleve}/remove")).status_code == 409
    assert "Take it away" not in (await client.get(f"{LIST}/{kleve}")).text


@pytest.mark.parametrize("role", [Role.READER, Role.HOST])
async def test_readers_look_and_change_nothing(
    client: httpx.AsyncClient, now: datetime, role: Role
) -> None:
    office = await an_organiser()
    await signed_in(client, await a_member(office, role=role))
    kleve = await typed(office, "Kleve", now=now)
    for path in (LIST, f"{LIST}/{kleve}"):
        shown = await client.get(path)
        assert shown.status_code == 200
        assert "<button" not in shown.text.partition("<h1>")[2].replace(
            '<button class="button quiet"><svg', ""
        )
    data = {"name": "X"}
    assert (await client.post(f"{LIST}/{kleve}", data=data)).status_code == 403
    assert (await client.post(f"{LIST}/new", data=data)).status_code == 403


async def test_otto_sees_and_changes_nothing(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    wish = OrganisationWish("Stadt Kleve")
    kleve = await organisations.add(office.id, wish, actor="olga", now=now)
    client.cookies.clear()
    otto = await otto_signed_in(client)
    mine = await typed(otto, "Mine", now=now)
    for path in (LIST, f"{LIST}/doubles", f"{LIST}/merge?id={kleve}&id={mine}"):
        assert "Kleve" not in (await client.get(path)).text
    assert (await client.get(f"{LIST}/{kleve}")).status_code == 404
    for deed in ("", "/remove", "/split"):
        sent = await client.post(f"{LIST}/{kleve}{deed}", data={"name": "X"})
        assert sent.status_code == 404
    both = {"id": [str(kleve), str(mine)], "kept": str(mine)}
    assert (await client.post(f"{LIST}/merge", data=both)).status_code == 404
    for step in ("suggest", "classify"):
        ticked = await client.post(f"{LIST}/{step}", data={"id": str(kleve)})
        assert ticked.status_code == 404
    there = await Organisation.get(id=kleve)
    assert (there.name, there.merged_into_id) == ("Stadt Kleve", None)
