"""The list of registrations at the desk, its file, and taking somebody out."""

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser, Person, Role
from werkraum_registration.models import Registration, State
from werkraum_registration.registrations import Applicant, register


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event with one seat on site, where she is signed in."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 1, Mode.ONLINE: None}
    return await an_event(
        await olga_signed_in(client), seats=seats, confirmation=Confirmation.IMMEDIATE
    )


async def joins(event: Event, name: str, mode: Mode = Mode.ONSITE) -> Registration:
    made = await register(
        event.id, applicant(name), mode, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def test_the_list_says_who_has_a_seat_and_who_waits(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    await joins(event, "Berta")
    page = await client.get(f"/desk/events/{event.id}/registrations")
    assert page.status_code == 200
    assert "berta@attendee.example" in page.text and "place 1" in page.text
    assert "1 / 1" in page.text and "one person waiting" in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=ann", ["Anna"]),
        ("q=ATTENDEE.example", ["Anna", "Berta", "Clara"]),
        ("q=%25", []),
        ("q=_", []),
        ("state=waitlisted", ["Berta"]),
        ("mode=online", ["Clara"]),
        ("state=confirmed&mode=onsite", ["Anna"]),
        ("state=nonsense&mode=-1&page=1e9", ["Anna", "Berta", "Clara"]),
        ("page=2", []),
    ],
)
async def test_the_list_is_searched_and_filtered(
    client: httpx.AsyncClient, event: Event, query: str, shown: list[str]
) -> None:
    await joins(event, "Anna")
    await joins(event, "Berta")
    await joins(event, "Clara", Mode.ONLINE)
    page = await client.get(f"/desk/events/{event.id}/registrations?{query}")
    names = [name for name in ("Anna", "Berta", "Clara") if f">{name}</a>" in page.text]
    assert names == shown


async def test_a_page_holds_a_hundred_and_leads_on(
    client: httpx.AsyncClient, event: Event
) -> None:
    for number in range(101):
        await joins(event, f"P{number:03}", Mode.ONLINE)
    address = f"/desk/events/{event.id}/registrations"
    first, second = await client.get(address), await client.get(f"{address}?page=2")
    assert ">P099<" in first.text and ">P100<" not in first.text
    assert "page=2" in first.text and "page=1" in second.text
    assert ">P100<" in second.text and ">P099<" not in second.text


async def test_the_file_guards_every_cell(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    formula = Applicant('=HYPERLINK("x")', "berta@attendee.example", "en")
    await register(event.id, formula, Mode.ONSITE, vouched=False, now=clock.now())
    answer = await client.get(f"/desk/events/{event.id}/registrations.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[1].startswith("Anna;anna@attendee.example;On site;Registered;;20")
    assert lines[2].startswith('"\'=HYPERLINK(""x"")";berta@attendee.example;')
    assert ";On the waiting list;1;" in lines[2]


async def test_whoever_was_forgotten_is_said_to_be_deleted_and_still_counts(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await Registration.filter(id=anna.id).update(name="", email="")
    address = f"/desk/events/{event.id}/registrations"
    page, file = await client.get(address), await client.get(f"{address}.csv")
    assert "(deleted)" in page.text and "1 / 1" in page.text
    assert "\n(deleted);(deleted);On site;Registered;" in file.text


async def test_each_file_is_noted_with_the_number_of_its_rows(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    await joins(event, "Berta")
    await client.get(f"/desk/events/{event.id}/registrations.csv?q=anna")
    olga = await Person.get(email="olga@network.example")
    noted = await AuditEntry.get(action="registration.export")
    assert (noted.actor, noted.subject_id) == (f"person:{olga.id}", event.id)
    assert noted.changes == {"rows": [None, 1]}


@pytest.mark.parametrize("role", [Role.READER, Role.HOST])
async def test_the_file_asks_for_a_manager(
    client: httpx.AsyncClient, event: Event, role: Role
) -> None:
    await joins(event, "Anna")
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", role)
    await signed_in(client, rita)
    address = f"/desk/events/{event.id}/registrations"
    answer = await client.get(f"{address}.csv")
    assert answer.status_code == 403 and "anna" not in answer.text
    assert ".csv" not in (await client.get(address)).text
    assert not await AuditEntry.exists(action="registration.export")


async def test_taking_somebody_out_needs_a_second_look(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    berta = await joins(event, "Berta")
    address = f"/desk/registrations/{anna.id}/cancel"
    asked = await client.get(address)
    assert "cannot be undone" in asked.text
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED
    done = await client.post(address)
    assert done.status_code == 303
    assert "is cancelled" in (await client.get(done.headers["location"])).text
    assert (await Registration.get(id=anna.id)).state is State.CANCELLED
    assert (await Registration.get(id=berta.id)).state is State.OFFERED
    await must_add_up()


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await otto_signed_in(client)
    for path in (
        f"/desk/events/{event.id}/registrations",
        f"/desk/events/{event.id}/registrations.csv",
        f"/desk/registrations/{anna.id}/cancel",
    ):
        assert (await client.get(path)).status_code == 404
    answer = await client.post(f"/desk/registrations/{anna.id}/cancel")
    assert answer.status_code == 404
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED


async def test_a_reader_sees_the_list_and_takes_nobody_out(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)
    listed = await client.get(f"/desk/events/{event.id}/registrations")
    answer = await client.post(f"/desk/registrations/{anna.id}/cancel")
    assert (listed.status_code, answer.status_code) == (200, 403)
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED


async def test_without_a_sign_in_the_desk_asks_for_one(
    client: httpx.AsyncClient, event: Event
) -> None:
    client.cookies.clear()
    answer = await client.get(f"/desk/events/{event.id}/registrations")
    assert answer.headers["location"] == "/desk/sign-in"
