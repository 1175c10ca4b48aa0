"""Where a form asks for the organisation, people say what it is and how large."""

import re

import httpx
import pytest
from tests.people import an_event, olga_signed_in
from tests.registration.asking import OLGA, asks
from tests.registration.joining import joins, my
from tests.registration.test_full_form import faults_in, filled, q

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_registration import organisations
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    Organisation,
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisations import OrganisationWish

TOWN, SCHOOL = OrganisationKind.MUNICIPALITY, OrganisationKind.SCHOOL
SMALL, LARGE = OrganisationSize.SMALL, OrganisationSize.LARGE


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    seats: dict[Mode, int | None] = {Mode.ONSITE: None, Mode.ONLINE: None}
    return await an_event(await olga_signed_in(client), seats=seats)


@pytest.fixture
async def home(event: Event) -> FormQuestion:
    return await asks(event, FormQuestionKind.ORGANISATION, "Woher?")


def said(
    home: FormQuestion, name: str, kind: str = "", size: str = ""
) -> dict[str, str]:
    return {q(home): name, f"{q(home)}_kind": kind, f"{q(home)}_size": size}


async def registers(
    client: httpx.AsyncClient, event: Event, entries: dict[str, str], who: str = "anna"
) -> httpx.Response:
    typed = {**filled(event, email=f"{who}@attendee.example"), **entries}
    return await client.post(f"/en/events/{event.slug}/registrations", data=typed)


async def known() -> tuple[OrganisationKind | None, OrganisationSize | None]:
    there = await Organisation.get()
    return there.kind, there.size


async def test_both_lists_stand_in_the_form_and_none_must_be_answered(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    page = (await client.get(f"/en/events/{event.slug}")).text
    assert f'<select id="{q(home)}_kind"' in page
    assert "Small: fewer than 20,000 inhabitants" in page
    assert (await registers(client, event, {q(home): "Kleve"})).is_redirect
    assert await known() == (None, None)


@pytest.mark.parametrize(
    ("kind", "size", "kept"),
    [
        ("municipality", "small", (TOWN, SMALL)),
        ("school", "", (SCHOOL, None)),
        # Whoever says how large the town is says that it is one.
        ("", "large", (TOWN, LARGE)),
    ],
)
async def test_what_is_said_of_a_new_organisation_is_kept(
    client: httpx.AsyncClient,
    event: Event,
    home: FormQuestion,
    kind: str,
    size: str,
    kept: tuple[OrganisationKind, OrganisationSize | None],
) -> None:
    entries = said(home, "Kleve", kind, size)
    assert (await registers(client, event, entries)).is_redirect
    assert await known() == kept


async def test_what_the_desk_has_set_stays(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    wish = OrganisationWish("Kleve", TOWN, SMALL)
    await organisations.add(event.organiser_id, wish, actor=OLGA, now=clock.now())
    await registers(client, event, said(home, "Kleve", "municipality", "large"))
    assert await known() == (TOWN, SMALL)


async def test_a_school_has_no_size_of_a_town(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    answer = await registers(client, event, said(home, "Kleve", "school", "small"))
    assert answer.status_code == 422 and faults_in(answer) == [f"{q(home)}_size"]
    assert "How large is the town? Only a town or municipality" in answer.text
    assert re.search(r'value="school" selected', answer.text)
    assert not await Organisation.exists()


@pytest.mark.parametrize("field", ["kind", "size"])
async def test_what_is_no_choice_is_told_at_its_list(
    client: httpx.AsyncClient, event: Event, home: FormQuestion, field: str
) -> None:
    entries = said(home, "Kleve") | {f"{q(home)}_{field}": "moon"}
    answer = await registers(client, event, entries)
    assert answer.status_code == 422
    assert faults_in(answer) == [f"{q(home)}_{field}"]


async def test_a_kind_of_nothing_makes_no_organisation(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    assert (await registers(client, event, said(home, "", "school"))).is_redirect
    assert not await Organisation.exists()


async def test_on_the_personal_page_it_can_be_said_later(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    anna = await joins(event, "Anna")
    page = (await client.get(my(anna, "/change"))).text
    assert f'<select id="{q(home)}_size"' in page
    for size in ("small", "large"):
        entries = {"name": "Anna", "seats": "1", **said(home, "Kleve", "", size)}
        answer = await client.post(my(anna, "/change"), data=entries)
        assert answer.is_redirect
    assert await known() == (TOWN, SMALL)
    wrong = {"name": "Anna", "seats": "1", **said(home, "Kleve", "school", "small")}
    refused = await client.post(my(anna, "/change"), data=wrong)
    assert refused.status_code == 422 and faults_in(refused) == [f"{q(home)}_size"]


async def test_on_behalf_it_is_asked_too(
    client: httpx.AsyncClient, event: Event, home: FormQuestion
) -> None:
    path = f"/desk/events/{event.id}/registrations/new"
    entries = {
        "name": "Anna",
        "email": "anna@attendee.example",
        "mode": "online",
        "lang": "de",
        **said(home, "Kleve", "municipality", "small"),
    }
    assert (await client.post(path, data=entries)).is_redirect
    assert await known() == (TOWN, SMALL)
    anna = await Registration.get()
    assert anna.organisation_id == (await Organisation.get()).id
