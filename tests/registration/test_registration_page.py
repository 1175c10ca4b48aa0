"""One registration at the desk: what is shown, what is put right, what was before."""

from uuid import uuid4

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
from tests.registration.hand_made import answers
from tests.registration.joining import a_workshop

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser, Role
from werkraum_registration import registrations, tags
from werkraum_registration.models import (
    Attendance,
    Booking,
    FormQuestion,
    FormQuestionKind,
    Need,
    Presence,
    Registration,
    RegistrationTag,
    SeatPool,
)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event, where she is signed in."""
    return await an_event(
        await olga_signed_in(client), confirmation=Confirmation.IMMEDIATE
    )


@pytest.fixture
async def anna(event: Event) -> Registration:
    made = await registrations.register(
        event.id, applicant("Anna"), Mode.ONSITE, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


def page_of(anna: Registration) -> str:
    return f"/desk/registrations/{anna.id}"


def typed(**changes: str) -> dict[str, str]:
    return {"name": "Anna", "email": "anna@attendee.example", **changes}


async def a_need(event: Event, anna: Registration) -> None:
    now = clock.now()
    question = await FormQuestion.create(
        event=event,
        position=1,
        kind=FormQuestionKind.NEED,
        label={"en": "What do you need?"},
        purpose={"en": "To prepare"},
        retention_days=30,
    )
    await answers(anna, question, "A ramp")
    await Need.create(
        registration=anna, question=question, text="A ramp", created_at=now
    )


async def test_the_page_tells_everything_of_somebody(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    now = clock.now()
    await a_need(event, anna)
    await Attendance.create(
        event_id=event.id,
        registration_id=anna.id,
        source=Presence.QR,
        client_key=str(uuid4()),
        came_at=now,
        recorded_at=now,
        recorded_by="olga",
    )
    page = await client.get(page_of(anna))
    assert page.status_code == 200
    for words in ("anna@attendee.example", "QR code", "A ramp", "Registered"):
        assert words in page.text


async def test_what_was_put_right_stands_in_the_history(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    sent = typed(name="Anna Berg", note="Knows the mayor.", tags="Presse, Jury")
    answer = await client.post(page_of(anna), data=sent)
    again = await client.post(page_of(anna), data=sent)
    assert (answer.status_code, again.status_code) == (303, 303)
    noted = await AuditEntry.get(action="registration.edit")
    assert noted.changes == {
        "name": ["…", "…"],
        "note": ["", "…"],
        "tags": [[], ["Jury", "Presse"]],
    }
    page = await client.get(answer.headers["location"])
    assert "Anna Berg" in page.text and "Knows the mayor." in page.text
    assert "Tags: – → Jury, Presse" in page.text and "by Olga" in page.text
    assert "Name: (not kept) → (not kept)" in page.text


async def test_the_owner_of_a_new_address_is_asked_first(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    await client.post(page_of(anna), data=typed(email="berg@attendee.example"))
    page = await client.get(page_of(anna))
    assert "berg@attendee.example, not confirmed by its owner yet" in page.text
    assert (await Registration.get(id=anna.id)).email == "anna@attendee.example"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A\u202eB"),
        ("email", "nobody"),
        ("tags", "x" * 41),
        ("tags", ",".join("abcdefghijk")),
        ("note", "x" * 501),
        ("state", "confirmed"),
    ],
)
async def test_faults_are_said_and_what_was_typed_is_kept(
    client: httpx.AsyncClient, anna: Registration, field: str, value: str
) -> None:
    sent = typed(note="Keep me") | {field: value}
    answer = await client.post(page_of(anna), data=sent)
    assert answer.status_code == 422
    assert field == "note" or "Keep me" in answer.text
    assert (await Registration.get(id=anna.id)).note == ""


async def test_the_history_tells_of_every_deed(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    now = clock.now()
    await tags.put_on(anna.id, "Presse", actor="system", now=now)
    await registrations.cancel(anna.id, actor="attendee", now=now)
    page = await client.get(page_of(anna))
    assert "State: Registered → Cancelled" in page.text
    assert "by the person" in page.text and "by itself" in page.text


async def test_nothing_is_put_right_in_what_was_deleted(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    await Registration.filter(id=anna.id).update(name="", email="")
    page = await client.get(page_of(anna))
    answer = await client.post(page_of(anna), data=typed(tags="x"))
    assert "Put right" not in page.text and answer.status_code == 410
    assert not await RegistrationTag.exists()


@pytest.mark.parametrize(
    ("role", "sees_need"), [(Role.READER, False), (Role.HOST, True)]
)
async def test_who_only_reads_neither_changes_nor_sees_needs(
    client: httpx.AsyncClient,
    event: Event,
    anna: Registration,
    role: Role,
    sees_need: bool,
) -> None:
    await a_need(event, anna)
    olgas = await Organiser.get(id=event.organiser_id)
    await signed_in(client, await a_member(olgas, "Rita", "r@network.example", role))
    page = await client.get(page_of(anna))
    assert page.status_code == 200 and ("A ramp" in page.text) is sees_need
    answer = await client.post(page_of(anna), data=typed(name="Rita"))
    assert answer.status_code == 403


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    await otto_signed_in(client)
    page = await client.get(page_of(anna))
    answer = await client.post(page_of(anna), data=typed(name="Otto"))
    assert (page.status_code, answer.status_code) == (404, 404)
    assert (await Registration.get(id=anna.id)).name == "Anna"


async def test_what_somebody_has_chosen_is_shown(
    client: httpx.AsyncClient, anna: Registration, event: Event
) -> None:
    workshop = await a_workshop(event, "Weaving")
    pool = await SeatPool.get(session_id=workshop.id)
    await Booking.create(registration=anna, pool=pool, holds_seat=True)
    shown = (await client.get(page_of(anna))).text
    assert "Workshop Weaving" in shown and "has a seat there" in shown
