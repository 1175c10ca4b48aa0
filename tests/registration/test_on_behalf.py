"""An organiser registers somebody, and the letter says who did it."""

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
    calendar_of,
    delivered,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Entry, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser, Person, Role
from werkraum_registration import registrations
from werkraum_registration.models import Registration, Source, State

ANNA = {
    "name": "Anna Arendt",
    "email": "anna@attendee.example",
    "mode": "onsite",
    "seats": "1",
    "lang": "en",
    "note": "Has called.",
}


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event with one seat on site, for invited guests; opens tomorrow."""
    throw_away()
    return await an_event(
        await olga_signed_in(client),
        seats={Mode.ONSITE: 1, Mode.ONLINE: None},
        entry=Entry.INVITED,
        approval=True,
    )


async def sent(
    client: httpx.AsyncClient, event: Event, **changes: str
) -> httpx.Response:
    path = f"/desk/events/{event.id}/registrations/new"
    return await client.post(path, data=ANNA | changes)


async def test_the_person_has_a_seat_and_learns_who_did_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    done = await sent(client, event)
    assert done.status_code == 303
    said = (await client.get(done.headers["location"])).text
    assert "Anna Arendt is registered, and a letter is on its way." in said
    anna = await Registration.get()
    assert (anna.state, anna.source) == (State.CONFIRMED, Source.DESK)
    assert anna.note == "Has called."
    [letter] = await delivered()
    assert letter["Subject"] == "You were registered: Youth forum"
    must_say_the_same(text_of(letter), html_of(letter))
    assert "Olga has registered you for this event" in unwrapped(letter)
    assert calendar_of(letter)[0] == "REQUEST"
    page = await client.get(link_in(letter, "/my/"))
    assert page.status_code == 200
    await must_add_up()


async def test_the_audit_names_who_registered_whom(
    client: httpx.AsyncClient, event: Event
) -> None:
    await sent(client, event)
    anna, olga = await Registration.get(), await Person.get(name="Olga")
    noted = await AuditEntry.get(action="registration.register")
    assert (noted.subject_id, noted.actor) == (anna.id, f"person:{olga.id}")


async def test_without_a_seat_the_letter_says_the_place_in_the_queue(
    client: httpx.AsyncClient, event: Event
) -> None:
    await sent(client, event, email="berta@attendee.example", name="Berta")
    await delivered()
    await sent(client, event)
    [letter] = await delivered()
    assert "put on the waiting list" in letter["Subject"]
    must_say_the_same(text_of(letter), html_of(letter))
    assert "You are number 1 in the queue." in unwrapped(letter)


async def test_a_seat_that_comes_later_is_told_of_as_usual(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(promotion="confirm", approval=False)
    await sent(client, event, email="berta@attendee.example", name="Berta")
    await sent(client, event)
    await delivered()
    berta = await Registration.get(name="Berta")
    await registrations.cancel(berta.id, actor="attendee", now=clock.now())
    subjects = [letter["Subject"] for letter in await delivered()]
    assert "You were registered: Youth forum" not in subjects
    assert len(subjects) == 2


async def test_on_site_or_else_online(client: httpx.AsyncClient, event: Event) -> None:
    await sent(client, event, email="berta@attendee.example", name="Berta")
    await sent(client, event, mode="onsite_else_online")
    anna = await Registration.get(name="Anna Arendt")
    assert (anna.state, anna.mode) == (State.CONFIRMED, Mode.ONLINE)


async def test_somebody_who_is_registered_stays_as_they_are(
    client: httpx.AsyncClient, event: Event
) -> None:
    await sent(client, event)
    await delivered()
    again = await sent(client, event, note="Twice")
    said = (await client.get(again.headers["location"])).text
    assert "this address is registered already" in said
    assert (await Registration.get()).note == "Has called."
    assert await delivered() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "),
        ("email", "anna"),
        ("mode", "moon"),
        ("seats", "0"),
        ("seats", "1e9"),
        ("lang", "xx"),
        ("note", "x" * 501),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    client: httpx.AsyncClient, event: Event, field: str, typed: str
) -> None:
    answer = await sent(client, event, **{field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert not await Registration.exists()


async def test_a_past_event_takes_nobody(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    long_ago = clock.now().replace(year=2020)
    event = await an_event(office, now=long_ago)
    assert (await sent(client, event)).status_code == 409


async def test_otto_registers_nobody_and_is_told_of_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    await sent(client, event)
    anna = await Registration.get()
    otto = await otto_signed_in(client)
    path = f"/desk/events/{event.id}/registrations/new"
    assert (await client.get(path)).status_code == 404
    assert (await sent(client, event, email="x@y.example")).status_code == 404
    own = await an_event(otto)
    page = await client.get(f"/desk/events/{own.id}/registrations/new?made={anna.id}")
    assert page.status_code == 200 and "Anna" not in page.text


async def test_a_host_registers_nobody(client: httpx.AsyncClient, event: Event) -> None:
    olgas = await Organiser.get(id=event.organiser_id)
    await signed_in(
        client, await a_member(olgas, "Hans", "hans@network.example", Role.HOST)
    )
    assert (await sent(client, event)).status_code == 403
