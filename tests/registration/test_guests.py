"""Personal invitations: sent, accepted, declined, withdrawn, bound to the address."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.counters import must_add_up
from tests.server.postbox import (
    delivered,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Entry, Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Job, Organiser, Role
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import guests
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.models import Guest, GuestState, Registration, Source, State
from werkraum_registration.registrations import Applicant, register
from werkraum_server.retention import purge

ANNA = "Anna Arendt <anna@attendee.example>"


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event for invited guests, with two seats on site."""
    throw_away()
    return await an_event(
        await olga_signed_in(client), seats={Mode.ONSITE: 2}, entry=Entry.INVITED
    )


async def invited(client: httpx.AsyncClient, event: Event, people: str = ANNA) -> str:
    """Invite somebody at the desk; the path of the last letter's link."""
    answer = await client.post(
        f"/desk/events/{event.id}/guests", data={"people": people, "lang": "en"}
    )
    assert answer.status_code == 303, answer.text
    *_, letter = await delivered()
    must_say_the_same(text_of(letter), html_of(letter))
    return link_in(letter, "/invited/").removeprefix("http://127.0.0.1:8000")


def accepting(event: Event, **changes: str) -> dict[str, str]:
    loaded = clock.now() - timedelta(minutes=1)
    return {
        "name": "Anna Arendt",
        "mode": "onsite",
        "form_token": new_form_token(f"registration:{event.id}", loaded),
        "website": "",
        **changes,
    }


async def state() -> GuestState:
    return (await Guest.get()).state


async def test_an_invitation_brings_a_link_of_ones_own(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    page = await client.get(path)
    assert page.status_code == 200
    assert "anna@attendee.example" in page.text
    assert 'value="Anna Arendt"' in page.text
    assert 'name="email"' not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert await state() is GuestState.OPEN
    noted = await AuditEntry.get(action="guest.invite")
    assert noted.changes == {"guests": [None, 1]}


async def test_whoever_accepts_has_a_seat_without_another_letter_to_confirm(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    done = await client.post(path, data=accepting(event))
    assert done.status_code == 303 and "/my/" in done.headers["location"]
    [letter] = await delivered()
    assert letter["Subject"] == "You are registered: Youth forum"
    anna = await Registration.get()
    assert (anna.state, anna.source) == (State.CONFIRMED, Source.INVITATION)
    assert anna.email == "anna@attendee.example"
    guest = await Guest.get()
    assert (guest.state, guest.registration_id) == (GuestState.ACCEPTED, anna.id)
    await must_add_up()


async def test_accepting_twice_is_accepting_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    for _ in range(2):
        assert (await client.post(path, data=accepting(event))).status_code == 303
    assert await Registration.all().count() == 1
    assert "You are registered" in (await client.get(path)).text


async def test_the_link_registers_nobody_else(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    stolen = accepting(event) | {"email": "otto@elsewhere.example"}
    await client.post(path, data=stolen)
    assert not await Registration.exists(email="otto@elsewhere.example")


async def test_a_fault_comes_back_with_all_that_was_typed(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    answer = await client.post(path, data=accepting(event, name=" "))
    assert answer.status_code == 422
    assert 'id="name-fault"' in answer.text
    assert await state() is GuestState.OPEN


async def test_declining_is_one_button_and_can_be_taken_back(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    assert (await client.post(f"{path}/decline")).status_code == 303
    assert "You have declined" in (await client.get(path)).text
    assert await state() is GuestState.DECLINED
    assert (await client.post(f"{path}/reconsider")).status_code == 303
    assert await state() is GuestState.OPEN
    assert (await client.post(path, data=accepting(event))).status_code == 303


async def test_whoever_is_registered_cancels_instead_of_declining(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    await client.post(path, data=accepting(event))
    assert (await client.post(f"{path}/decline")).status_code == 409
    assert await state() is GuestState.ACCEPTED


async def test_looking_changes_nothing(client: httpx.AsyncClient, event: Event) -> None:
    path = await invited(client, event)
    for method in ("HEAD", "GET"):
        await client.request(method, path)
    assert await state() is GuestState.OPEN
    assert not await Registration.exists()


async def test_a_withdrawn_invitation_says_so(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await invited(client, event)
    guest = await Guest.get()
    address = f"/desk/events/{event.id}/guests"
    assert (await client.post(f"{address}/{guest.id}/withdraw")).status_code == 303
    shown = await client.get(path)
    assert shown.status_code == 410
    assert "withdrawn this invitation" in shown.text
    assert (await client.post(path, data=accepting(event))).status_code == 410
    again = await invited(client, event)
    assert again != path and (await client.get(path)).status_code == 404
    assert (await client.get(again)).status_code == 200


async def test_inviting_twice_sends_one_letter(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event)
    form = {"people": f"{ANNA}\nberta@attendee.example", "lang": "de"}
    answer = await client.post(f"/desk/events/{event.id}/guests", data=form)
    said = (await client.get(answer.headers["location"])).text
    assert "One invitation is on its way. One person had been invited already" in said
    [letter] = await delivered()
    assert "berta@attendee.example" in letter["To"]
    assert "Sie sind eingeladen" in letter["Subject"]


async def test_whoever_has_not_answered_is_reminded_but_not_on_the_same_day(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event)
    address = f"/desk/events/{event.id}/guests/remind"
    await client.post(address)
    assert await delivered() == []
    long_ago = clock.now() - timedelta(days=2)
    await Guest.all().update(sent_at=long_ago)
    for _ in range(2):
        await client.post(address)
    [letter] = await delivered()
    assert letter["Subject"] == "Will you come? Youth forum"
    must_say_the_same(text_of(letter), html_of(letter))
    assert "/invited/" in unwrapped(letter)


async def test_a_line_that_cannot_be_read_invites_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = {"people": f"{ANNA}\nBerta", "lang": "en"}
    answer = await client.post(f"/desk/events/{event.id}/guests", data=form)
    assert answer.status_code == 422
    assert "Line 2: " in answer.text and "Anna Arendt &lt;anna@" in answer.text
    assert not await Guest.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
async def test_nobody_is_invited_to_what_nobody_can_attend(
    client: httpx.AsyncClient, event: Event, status: Status
) -> None:
    await Event.filter(id=event.id).update(status=status)
    form = {"people": ANNA, "lang": "en"}
    answer = await client.post(f"/desk/events/{event.id}/guests", data=form)
    assert answer.status_code in (409, 410)
    assert not await Guest.exists() and not await Job.exists()


async def test_an_unconfirmed_registration_is_confirmed_by_the_invitation(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(entry=Entry.OPEN)
    there = Applicant("Anna", "anna@attendee.example", "en")
    made = await register(event.id, there, Mode.ONSITE, vouched=False, now=clock.now())
    await delivered()
    path = await invited(client, event)
    assert (await client.post(path, data=accepting(event))).status_code == 303
    assert (await Registration.get(id=made.id)).state is State.CONFIRMED
    await must_add_up()


async def test_a_full_event_puts_guests_on_the_waiting_list(
    client: httpx.AsyncClient, event: Event
) -> None:
    for name in ("Berta", "Clara"):
        await guests.invite(
            event,
            [Invitee(f"{name.lower()}@attendee.example", name)],
            language="en",
            actor="person:olga",
            now=clock.now(),
        )
    for guest in await Guest.all():
        path = f"/en/invited/{guests.guest_token(guest)}"
        await client.post(path, data=accepting(event, name=guest.name))
    path = await invited(client, event)
    await client.post(path, data=accepting(event))
    anna = await Registration.get(email="anna@attendee.example")
    assert anna.state is State.WAITLISTED


async def test_a_link_that_is_none_offers_the_right_one(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.get("/en/invited/nobody-knows-this-one")
    assert answer.status_code == 404
    assert "Send me the link" in answer.text


async def test_the_list_counts_and_filters(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event, f"{ANNA}\nberta@attendee.example")
    anna = await Guest.get(email="anna@attendee.example")
    await guests.decline(guests.guest_token(anna), now=clock.now())
    address = f"/desk/events/{event.id}/guests"
    listed = (await client.get(address)).text
    declined = (await client.get(f"{address}?state=declined")).text
    assert "berta@attendee.example" in listed
    assert "anna@attendee.example" in declined and "berta@" not in declined


async def test_otto_sees_and_invites_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event)
    guest = await Guest.get()
    await otto_signed_in(client)
    address = f"/desk/events/{event.id}/guests"
    assert (await client.get(address)).status_code == 404
    for path in ("", "/remind", f"/{guest.id}/withdraw"):
        form = {"people": "x@y.example", "lang": "en"} if not path else {}
        assert (await client.post(address + path, data=form)).status_code == 404
    ottos = await Organiser.exclude(id=event.organiser_id).get()
    own = await an_event(ottos)
    foreign = f"/desk/events/{own.id}/guests/{guest.id}/withdraw"
    assert (await client.post(foreign)).status_code == 404
    assert await state() is GuestState.OPEN


async def test_a_reader_sees_the_list_and_invites_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event)
    olgas = await Organiser.get(id=event.organiser_id)
    await signed_in(
        client, await a_member(olgas, "Rita", "rita@network.example", Role.READER)
    )
    address = f"/desk/events/{event.id}/guests"
    assert (await client.get(address)).status_code == 200
    form = {"people": "x@y.example", "lang": "en"}
    assert (await client.post(address, data=form)).status_code == 403


async def test_invitations_are_deleted_ninety_days_after_the_event(
    client: httpx.AsyncClient, event: Event
) -> None:
    await invited(client, event)
    await purge(event.ends_at + timedelta(days=89))
    assert await Guest.exists()
    await purge(event.ends_at + timedelta(days=91))
    assert not await Guest.exists()
