"""Organisers set up tables at the desk and see who sits where."""

import re
from typing import Any

import httpx
import pytest
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.rooms.tables.tables import tables_at, taken
from tests.rooms.test_door import FROM_US
from tests.rooms.visitors import a_registration, an_online_event

from werkraum_events.models import Event, EventTopic, Mode, Topic
from werkraum_foundation.models import Role
from werkraum_registration.models import Registration, State
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import table_queries


def at(event: Event, step: str = "") -> str:
    return f"/desk/events/{event.id}/tables{step}"


# Any: what httpx takes as fields of a form.
async def sends(
    client: httpx.AsyncClient, event: Event, step: str, **fields: Any
) -> httpx.Response:
    return await client.post(at(event, step), data=fields, headers=FROM_US)


async def titles(event: Event) -> list[dict[str, str]]:
    return [it.title for it in await table_queries.tables_of(event.id)]


async def people(event: Event, *names: str) -> list[Registration]:
    return [await a_registration(event, name=each) for each in names]


async def test_an_event_without_tables_says_what_they_are_for(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))

    page = await client.get(at(event))

    assert "talk in small groups for a while" in page.text


async def test_each_line_becomes_a_table_and_topics_keep_their_languages(
    client: httpx.AsyncClient,
) -> None:
    organiser = await olga_signed_in(client)
    event = await an_online_event(organiser)
    name = {"de": "Jugend", "en": "Youth"}
    topic = await Topic.create(organiser=organiser, slug="youth", name=name)
    await EventTopic.create(event=event, topic=topic)
    shown = await client.get(at(event))

    done = await sends(
        client, event, "", titles="Youth\n\n Funding ", seats="6", lang="en"
    )

    assert ">\nYouth</textarea>" in shown.text
    assert done.status_code == 303
    assert await titles(event) == [name, {"en": "Funding"}]


async def test_a_line_that_is_too_long_is_shown_again(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))

    page = await sends(client, event, "", titles="x" * 201, lang="en")

    assert page.status_code == 422
    assert "x" * 201 in page.text
    assert not await BreakoutTable.exists()


async def test_the_desk_seats_several_at_once_or_nobody(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    small, large = await tables_at(event, 1, 5)
    both = [str(it.id) for it in await people(event, "Anna", "Berta")]

    full = await sends(client, event, "/place", people=both, table=str(small.id))
    assert (full.status_code, await taken()) == (409, [0, 0])
    assert "no place left at this table" in full.text
    done = await sends(client, event, "/place", people=both, table=str(large.id))

    assert (done.status_code, await taken()) == (303, [0, 2])
    page = await client.get(at(event))
    assert page.text.index("Table 2") < page.text.index("Berta")
    assert "Everybody with a seat online sits at a table." in page.text


async def test_nobody_ticked_is_said_at_the_field(client: httpx.AsyncClient) -> None:
    event = await an_online_event(await olga_signed_in(client))
    await tables_at(event, 1)

    page = await sends(client, event, "/place", table="")

    assert page.status_code == 422
    assert "Please tick somebody first." in page.text


@pytest.mark.parametrize(
    ("mode", "state"),
    [(Mode.ONSITE, State.CONFIRMED), (Mode.ONLINE, State.CANCELLED)],
    ids=["on site", "cancelled"],
)
async def test_who_is_not_in_the_video_room_gets_no_table(
    mode: Mode, state: State, client: httpx.AsyncClient
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    [table] = await tables_at(event, 5)
    anna = await a_registration(event, name="Anna Beispiel", mode=mode, state=state)

    refused = await sends(
        client, event, "/place", people=str(anna.id), table=str(table.id)
    )

    assert (refused.status_code, await taken()) == (422, [0])
    assert "Anna Beispiel" not in (await client.get(at(event))).text


async def test_the_rest_is_spread_after_a_look_and_taken_back(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    await tables_at(event, 5, 5)
    await people(event, "Anna", "Berta", "Cem")

    look = await client.get(at(event, "/spread"))
    assert (await taken(), "Nothing is done yet" in look.text) == ([0, 0], True)
    [mark] = re.findall(r'name="seen" value="([0-9a-f]+)"', look.text)
    await sends(client, event, "/spread", seen=mark)
    assert await taken() == [2, 1]
    page = (await client.get(at(event))).text
    [moment] = re.findall(r'name="at" value="([^"]+)"', page)
    assert "Take the places given last back (3 people)" in page
    await sends(client, event, "/take-back", at=moment)

    assert await taken() == [0, 0]


async def test_a_suggestion_that_changed_is_shown_again(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    await tables_at(event, 5)
    await people(event, "Anna")

    again = await sends(client, event, "/spread", seen="0" * 64)

    assert (again.status_code, await taken()) == (409, [0])
    assert "look at the suggestion again" in again.text


async def test_a_table_with_people_goes_after_a_question(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    [table] = await tables_at(event, 5)
    [anna] = await people(event, "Anna")
    await sends(client, event, "/place", people=str(anna.id), table=str(table.id))

    question = await sends(client, event, f"/one/{table.id}/remove")
    assert "One person sits here." in question.text
    await sends(client, event, f"/one/{table.id}/remove", sure="on")

    assert not await TablePlace.exists()


async def test_a_table_is_edited_but_not_below_its_people(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    [table] = await tables_at(event, 5)
    both = [str(it.id) for it in await people(event, "Anna", "Berta")]
    await sends(client, event, "/place", people=both, table=str(table.id))
    one = f"/one/{table.id}"

    refused = await sends(client, event, one, title_en="Youth", seats="1")
    assert "2 people sit at this table already." in refused.text
    await sends(client, event, one, title_en="Youth", title_de="Jugend", seats="2")

    assert await titles(event) == [{"en": "Youth", "de": "Jugend"}]


async def test_times_outside_the_event_are_refused_at_the_field(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    await tables_at(event, 5)

    page = await sends(
        client,
        event,
        "/plan",
        starts_at="2027-03-01T10:00",
        ends_at="2027-03-01T11:00",
    )
    half = await sends(client, event, "/plan", starts_at="2027-03-01T10:00")

    assert (page.status_code, half.status_code) == (422, 422)
    assert "within the times of the event" in page.text
    assert "both times, or none" in half.text


@pytest.mark.parametrize("step", ["", "/spread"])
async def test_otto_finds_no_tables(step: str, client: httpx.AsyncClient) -> None:
    event = await an_online_event()
    await otto_signed_in(client)

    assert (await client.get(at(event, step))).status_code == 404


@pytest.mark.parametrize("step", ["", "/plan", "/place", "/spread", "/take-back"])
async def test_otto_changes_nothing(step: str, client: httpx.AsyncClient) -> None:
    event = await an_online_event()
    await otto_signed_in(client)

    assert (await sends(client, event, step)).status_code == 404


@pytest.mark.parametrize(("step", "status"), [("/place", 422), ("", 403)])
async def test_hosts_place_people_and_managers_set_up_tables(
    step: str, status: int, client: httpx.AsyncClient
) -> None:
    organiser = await an_organiser()
    await signed_in(client, await a_member(organiser, role=Role.HOST))
    event = await an_online_event(organiser)

    assert (await sends(client, event, step)).status_code == status
