"""Changing one's details and one's address on the personal page."""

from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up
from tests.registration.joining import a_workshop, joins, my, now_of

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.models import AuditEntry
from werkraum_registration import addresses, registrations
from werkraum_registration.models import (
    AddressChange,
    Booking,
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    Registration,
    State,
    Wanted,
)


@pytest.fixture
async def event(database: str) -> Event:
    """Four seats on site for parties of up to four."""
    return await an_event(
        await an_organiser(), seats={Mode.ONSITE: 4, Mode.ONLINE: None}, largest_party=4
    )


async def sends(
    client: httpx.AsyncClient, registration: Registration, **data: str | list[str]
) -> httpx.Response:
    return await client.post(my(registration, "/change"), data=data)


async def audited(registration: Registration) -> dict[str, object]:
    """What the audit says of changes to somebody, the newest of each field."""
    entries = await AuditEntry.filter(
        subject_id=registration.id, action="registration.change"
    ).order_by("id")
    return {name: it.changes[name] for it in entries for name in it.changes}


async def test_the_form_shows_what_there_is(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna", seats=2)
    shown = await client.get(my(anna, "/change"))
    assert 'value="Anna"' in shown.text and 'value="2"' in shown.text
    assert shown.headers["cache-control"] == "no-store"


async def test_name_and_party_change_and_the_seats_follow(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna", seats=2)
    answer = await sends(
        client, anna, name="Anna B.", seats="4", companions="Berta\r\n\r\nClara"
    )
    assert answer.headers["location"] == my(anna)
    changed = await now_of(anna)
    assert (changed.name, changed.seats) == ("Anna B.", 4)
    assert changed.companions == ["Berta", "Clara"]
    page = await client.get(my(anna))
    assert "You have 4 seats" in page.text and "you and Berta, Clara" in page.text
    assert (await audited(anna))["seats"] == [2, 4]
    await must_add_up()


async def test_the_audit_holds_no_names(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna", seats=2)
    await sends(client, anna, name="Berta", seats="2", companions="Clara")
    entries = str([it.changes for it in await AuditEntry.filter(subject_id=anna.id)])
    assert "name" in await audited(anna)
    assert not any(name in entries for name in ("Anna", "Berta", "Clara"))


async def test_fewer_seats_are_given_on_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna", seats=4)
    berta = await joins(event, "Berta")
    await sends(client, anna, name="Anna", seats="1")
    assert (await now_of(anna)).seats == 1
    assert (await now_of(berta)).state is State.OFFERED
    await must_add_up()


async def test_more_seats_than_are_free_change_nothing_and_keep_what_was_typed(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna", seats=2)
    await joins(event, "Berta", seats=2)
    answer = await sends(client, anna, name="Anna B.", seats="3", companions="Clara")
    assert answer.status_code == 422
    assert "not that many free seats" in answer.text
    assert 'value="Anna B."' in answer.text and "Clara" in answer.text
    kept = await now_of(anna)
    assert (kept.name, kept.seats, kept.companions) == ("Anna", 2, [])
    await must_add_up()


@pytest.mark.parametrize(
    "data",
    [
        {"name": ""},
        {"name": "\u202eAnna"},
        {"name": "Anna", "seats": "0"},
        {"name": "Anna", "seats": "5"},
        {"name": "Anna", "seats": "١"},
        {"name": "Anna", "seats": "1", "companions": "Berta"},
        {"name": "Anna", "seats": "2", "companions": "Berta\u202e"},
        {"name": "Anna", "sessions": "0190f3c4-0000-7000-8000-00000000000g"},
        {"name": "Anna", "state": "confirmed"},
    ],
    ids=lambda data: ", ".join(data),
)
async def test_what_cannot_be_is_refused_at_the_field(
    client: httpx.AsyncClient, event: Event, data: dict[str, str]
) -> None:
    anna = await joins(event, "Anna")
    answer = await client.post(my(anna, "/change"), data=data)
    assert answer.status_code == 422
    assert "fault-summary" in answer.text
    kept = await now_of(anna)
    assert (kept.name, kept.seats) == ("Anna", 1)


async def test_a_workshop_is_chosen_and_left(
    client: httpx.AsyncClient, event: Event
) -> None:
    first, second = await a_workshop(event), await a_workshop(event, "B")
    anna = await joins(event, "Anna")
    await sends(client, anna, name="Anna", sessions=[str(first.id)])
    assert await Booking.filter(holds_seat=True).count() == 1
    await sends(client, anna, name="Anna", sessions=[str(second.id)])
    [booked] = await Booking.all().select_related("pool")
    assert (booked.pool.session_id, booked.holds_seat) == (second.id, True)
    assert (await audited(anna))["sessions"] == [[str(first.id)], [str(second.id)]]
    await must_add_up()


async def test_a_workshop_of_another_event_cannot_be_chosen(
    client: httpx.AsyncClient, event: Event
) -> None:
    foreign = await a_workshop(await an_event(await an_organiser("Another office")))
    anna = await joins(event, "Anna")
    answer = await sends(client, anna, name="Anna", sessions=[str(foreign.id)])
    assert answer.status_code == 409
    assert await Booking.all().count() == 0


async def a_question(event: Event, *, required: bool = False) -> FormQuestion:
    return await FormQuestion.create(
        event=event,
        position=1,
        kind=FormQuestionKind.TEXT,
        label={"en": "What do you bring?"},
        purpose={"en": "To plan."},
        retention_days=7,
        required=required,
    )


async def test_answers_change_with_the_rest(
    client: httpx.AsyncClient, event: Event
) -> None:
    question = await a_question(event)
    anna = await joins(event, "Anna")
    await sends(client, anna, name="Anna", **{f"q_{question.id}": "Bread"})
    await sends(client, anna, name="Anna", **{f"q_{question.id}": "Butter"})
    assert [it.value for it in await FormAnswer.all()] == ["Butter"]
    assert "Butter" in (await client.get(my(anna))).text


async def test_a_question_that_must_be_answered_is(
    client: httpx.AsyncClient, event: Event
) -> None:
    await a_question(event, required=True)
    anna = await joins(event, "Anna")
    answer = await sends(client, anna, name="Berta")
    assert answer.status_code == 422
    assert (await now_of(anna)).name == "Anna"


async def test_saving_what_is_there_changes_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    before = await AuditEntry.all().count()
    assert (await sends(client, anna, name="Anna")).status_code == 303
    assert await AuditEntry.all().count() == before


async def test_a_change_is_looked_at_again_where_the_event_wants_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await Event.filter(id=event.id).update(approval=True, approval_again=True)
    assert (
        "looks at your registration again"
        in (await client.get(my(anna, "/change"))).text
    )
    await sends(client, anna, name="Anna B.")
    assert (await now_of(anna)).state is State.PENDING_APPROVAL
    assert "is being looked at" in (await client.get(my(anna))).text


@pytest.mark.parametrize("page", ["/change", "/address"])
async def test_whoever_has_left_changes_nothing(
    client: httpx.AsyncClient, event: Event, page: str
) -> None:
    anna = await joins(event, "Anna")
    await registrations.cancel(anna.id, actor=ATTENDEE, now=clock.now())
    assert (await client.get(my(anna, page))).status_code == 410
    data = {"name": "Berta"} if page == "/change" else {"email": "a@b.example"}
    assert (await client.post(my(anna, page), data=data)).status_code == 410


# Another address


async def asks(
    client: httpx.AsyncClient, registration: Registration, email: str
) -> httpx.Response:
    return await client.post(my(registration, "/address"), data={"email": email})


async def link_of(registration: Registration) -> str:
    change = await AddressChange.get(registration_id=registration.id)
    return f"/en/address/{addresses.token_of(change)}"


async def test_another_address_counts_after_the_button_there(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    asked = await asks(client, anna, "new@attendee.example")
    assert asked.headers["location"] == my(anna, "/address")
    assert "letter is on its way" in (await client.get(my(anna, "/address"))).text
    assert (await now_of(anna)).email == "anna@attendee.example"
    link = await link_of(anna)
    for _ in range(3):
        shown = await client.get(link)
        assert "new@attendee.example" in shown.text
        assert shown.headers["cache-control"] == "no-store"
    assert (await now_of(anna)).email == "anna@attendee.example"
    pressed = await client.post(link)
    moved = await now_of(anna)
    assert (moved.email, moved.generation) == ("new@attendee.example", 2)
    assert pressed.headers["location"] == my(moved)
    assert (await client.post(link)).headers["location"] == my(moved)
    assert (await client.get(my(anna))).status_code == 404
    assert (await client.get(my(moved))).status_code == 200


async def test_a_newer_wish_makes_the_older_link_open_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await asks(client, anna, "first@attendee.example")
    old = await link_of(anna)
    await asks(client, anna, "second@attendee.example")
    assert (await client.get(old)).status_code == 404
    assert (await client.post(old)).status_code == 404


async def test_a_link_of_yesterday_asks_for_a_new_one(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await asks(client, anna, "new@attendee.example")
    yesterday = clock.now() - timedelta(hours=25)
    await AddressChange.all().update(created_at=yesterday)
    answer = await client.post(await link_of(anna))
    assert answer.status_code == 410
    assert (await now_of(anna)).generation == 1


async def test_an_address_that_is_registered_is_told_to_its_owner_alone(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await joins(event, "Berta", Wanted.ONLINE)
    asked = await asks(client, anna, "berta@attendee.example")
    assert asked.headers["location"] == my(anna, "/address")
    answer = await client.post(await link_of(anna))
    assert answer.status_code == 409 and "registered" in answer.text
    assert (await now_of(anna)).email == "anna@attendee.example"


@pytest.mark.parametrize("email", ["", "anna", "a@x.org,b@x.org", "a\0@x.org"])
async def test_what_is_no_address_is_refused_at_the_field(
    client: httpx.AsyncClient, event: Event, email: str
) -> None:
    anna = await joins(event, "Anna")
    answer = await asks(client, anna, email)
    assert answer.status_code == 422 and "fault-summary" in answer.text
    assert await AddressChange.all().count() == 0
