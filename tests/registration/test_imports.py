"""A sent list: how its columns and lines are read, and that it is taken in once."""

from datetime import datetime, timedelta

import httpx
import pytest
from tests.people import an_event, olga_signed_in, otto_signed_in
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import imports
from werkraum_registration.import_columns import guess, guess_by_rows, wanted_of
from werkraum_registration.import_lines import Layout, read_line
from werkraum_registration.models import (
    BulkDeed,
    ImportBatch,
    ImportRow,
    Registration,
    RegistrationTag,
    Source,
    Wanted,
)
from werkraum_registration.registrations import register

LIST = """Vorname;Nachname;E-Mail;Stadt;Teilnahme;Schlagwort;Bemerkung
Änne;Ärger;aenne@attendee.example;Stadt Köln;vor Ort;Presse, Jury;kommt später
Bo;;bo@attendee.example;;online;;
;;nobody@attendee.example;;online;;
Clara;C;no address;;vor Ort;;
Anna;Again;AENNE@attendee.example;;online;;
"""


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event, where she is signed in."""
    return await an_event(
        await olga_signed_in(client),
        seats={Mode.ONSITE: 1, Mode.ONLINE: None},
        confirmation=Confirmation.IMMEDIATE,
    )


async def sends(
    client: httpx.AsyncClient, event: Event, text: str = LIST
) -> httpx.Response:
    file = {"file": ("Liste.csv", text.encode("utf-8"), "text/csv")}
    return await client.post(f"/desk/events/{event.id}/import", files=file)


async def names() -> list[str]:
    return [it.name for it in await Registration.all().order_by("id")]


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["Name", "E-Mail"], ["name", "email"]),
        (["Vorname ", "NACHNAME:", "E-Mail-Adresse*"], "first last email".split()),
        (["Teilnehmer/in", "Mailadresse", "x"], ["name", "email", ""]),
        (["Email", "E-Mail"], ["email", ""]),
        (["Full name", "Email address", "Organization"], "name email org".split()),
    ],
)
def test_headings_are_understood(headings: list[str], columns: list[str]) -> None:
    longer = {"first": "first_name", "last": "last_name", "org": "organisation"}
    assert guess(headings) == [longer.get(it, it) for it in columns]


def test_without_headings_the_addresses_are_found() -> None:
    assert guess_by_rows([["Anna", "a@x.example"]]) == ["name", "email"]
    assert guess_by_rows([["a@x.example"]]) == ["email"]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Vor Ort", Wanted.ONSITE),
        ("in Präsenz", Wanted.ONSITE),
        ("ONLINE", Wanted.ONLINE),
        ("vor Ort, sonst online", Wanted.ONSITE_ELSE_ONLINE),
        ("vielleicht", None),
    ],
)
def test_how_somebody_takes_part_is_understood(
    cell: str, wanted: Wanted | None
) -> None:
    assert wanted_of(cell) is wanted


def test_a_formula_of_our_own_file_is_the_name_again() -> None:
    layout = Layout(("name", "email"), Wanted.ONLINE, (Mode.ONLINE,), ("de",))
    entrant = read_line(["'=1+1", "a@x.example"], layout)
    assert (entrant.name, entrant.faults) == ("=1+1", ())


async def test_a_list_is_looked_at_before_anybody_is_registered(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await sends(client, event)
    assert sent.status_code == 303
    page = await client.get(sent.headers["location"])
    assert "Änne Ärger" in page.text and "Stadt Köln; Presse, Jury" in page.text
    assert "Whole name: Please fill in this field." in page.text
    assert "E-mail address: Please enter one complete e-mail address" in page.text
    assert "The same address stands in line 2." in page.text
    assert await names() == []


async def test_all_lines_without_faults_are_taken_in_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    batch = (await sends(client, event)).headers["location"]
    for _ in range(2):
        answer = await client.post(f"{batch}/take", data={"what": "all"})
        assert answer.status_code == 303
        await drain()
    assert await names() == ["Änne Ärger", "Bo"]
    anne = await Registration.get(name="Änne Ärger").select_related("organisation")
    assert (anne.source, anne.note, anne.mode) == (
        Source.IMPORT,
        "kommt später",
        Mode.ONSITE,
    )
    assert anne.organisation and anne.organisation.name == "Stadt Köln"
    tags = await RegistrationTag.filter(registration=anne).order_by("tag")
    assert [it.tag for it in tags] == ["Jury", "Presse"]
    assert await AuditEntry.filter(action="registration.import").count() == 1
    page = await client.get(batch)
    assert "registered" in page.text and "2 of 2" not in page.text
    await must_add_up()


async def test_only_the_chosen_lines_are_taken_in(
    client: httpx.AsyncClient, event: Event
) -> None:
    batch = (await sends(client, event)).headers["location"]
    # The fourth and fifth have faults; the 99th is none.
    chosen = {"what": "chosen", "line": ["3", "4", "5", "99"]}
    await client.post(f"{batch}/take", data=chosen)
    await drain()
    assert await names() == ["Bo"]
    nobody = await client.post(f"{batch}/take", data={"what": "chosen"})
    assert nobody.status_code == 422


async def test_who_is_registered_stays_as_they_are(
    client: httpx.AsyncClient, event: Event
) -> None:
    await register(
        event.id, applicant("Bo"), Mode.ONLINE, vouched=False, now=clock.now()
    )
    batch = (await sends(client, event)).headers["location"]
    assert "is registered already" in (await client.get(batch)).text
    await client.post(f"{batch}/take", data={"what": "all"})
    await drain()
    assert await names() == ["Bo", "Änne Ärger"]
    assert await ImportRow.filter(outcome="known", registration_id=None).count() == 1
    assert "was registered before" in (await client.get(batch)).text


async def test_where_nobody_may_wait_the_line_says_why(
    client: httpx.AsyncClient, event: Event
) -> None:
    event.waiting_list = False
    await event.save()
    two = "Name,Email,Teilnahme\nA,a@x.example,vor Ort\nB,b@x.example,vor Ort\n"
    batch = (await sends(client, event, two)).headers["location"]
    await client.post(f"{batch}/take", data={"what": "all"})
    await drain()
    page = await client.get(f"{batch}?show=refused")
    assert await names() == ["A"]
    assert "not registered: all seats are taken" in page.text


async def test_columns_can_be_said_anew(
    client: httpx.AsyncClient, event: Event
) -> None:
    text = "Wer;Kontakt\nAnna;anna@x.example\n"
    batch = (await sends(client, event, text)).headers["location"]
    assert (await imports.progress_of((await ImportBatch.get()).id)).faulty == 1
    twice = await client.post(f"{batch}/columns", data={"column": ["name", "name"]})
    assert twice.status_code == 422
    said = {"column": ["name", "email"], "wanted": "onsite_else_online"}
    await client.post(f"{batch}/columns", data=said)
    await client.post(f"{batch}/take", data={"what": "all"})
    await drain()
    anna = await Registration.get()
    assert (anna.name, anna.wanted) == ("Anna", Wanted.ONSITE_ELSE_ONLINE)


async def test_a_job_that_broke_off_takes_in_nobody_twice(
    client: httpx.AsyncClient, event: Event
) -> None:
    batch = (await sends(client, event)).headers["location"]
    await client.post(f"{batch}/take", data={"what": "all"})
    batch_id = batch.rpartition("/")[2]
    await imports.take_chosen(batch_id, "olga")
    await imports.take_chosen(batch_id, "olga")
    await drain()
    assert await names() == ["Änne Ärger", "Bo"]


async def test_who_came_by_a_list_can_be_cancelled_together(
    client: httpx.AsyncClient, event: Event
) -> None:
    await register(
        event.id, applicant("Dora"), Mode.ONLINE, vouched=False, now=clock.now()
    )
    batch = (await sends(client, event)).headers["location"]
    await client.post(f"{batch}/take", data={"what": "all"})
    await drain()
    page = await client.get(batch)
    query = f"batch={batch.rpartition('/')[2]}"
    assert f"/registrations?{query}" in page.text
    preview = await client.get(
        f"/desk/events/{event.id}/registrations/bulk?deed=cancel&whom=all&{query}"
    )
    assert "2 registrations change" in preview.text and "Dora" not in preview.text


async def test_a_week_later_the_list_is_forgotten(
    client: httpx.AsyncClient, event: Event
) -> None:
    await sends(client, event)
    await imports.forget(clock.now() + timedelta(days=6))
    assert await ImportRow.exists()
    await imports.forget(clock.now() + timedelta(days=7, minutes=1))
    assert not await ImportRow.exists() and not await ImportBatch.exists()
    assert not await BulkDeed.exists()


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    batch = (await sends(client, event)).headers["location"]
    await otto_signed_in(client)
    answers = [
        await client.get(batch),
        await client.get(f"/desk/events/{event.id}/import"),
        await sends(client, event),
        await client.post(f"{batch}/take", data={"what": "all"}),
        await client.post(f"{batch}/columns", data={"column": ["name"]}),
    ]
    assert [it.status_code for it in answers] == [404] * 5
    await drain()
    assert await names() == [] and await ImportBatch.all().count() == 1


async def test_a_list_for_an_event_that_is_over_is_refused(
    client: httpx.AsyncClient, event: Event, now: datetime
) -> None:
    event.starts_at, event.ends_at = now - timedelta(days=2000), clock.now()
    await event.save()
    assert (await sends(client, event)).status_code == 409
    assert not await ImportBatch.exists()
