"""Programme items people choose: their seats, and what happens when one goes."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, olga_signed_in, otto_signed_in
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up
from tests.server.postbox import delivered, html_of, text_of, throw_away, unwrapped

from werkraum_events.models import Confirmation, Event, Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.local_times import local
from werkraum_registration.models import Booking, Registration, SeatPool, State, Wanted
from werkraum_registration.registrations import Application, register

HOUR = timedelta(hours=1)
Typed = dict[str, str]


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    start = clock.now().replace(second=0, microsecond=0) + timedelta(days=14)
    return await an_event(
        await olga_signed_in(client),
        starts_at=start,
        ends_at=start + 2 * HOUR,
        seats={Mode.ONSITE: 10},
        confirmation=Confirmation.IMMEDIATE,
    )


def workshop(event: Event, **changes: str) -> Typed:
    """An item of the first hour of the event, as it is typed."""
    start = local(event.starts_at, event.timezone)
    return {
        "title_en": "Parallel workshop",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + HOUR:%Y-%m-%dT%H:%M}",
        "bookable": "on",
        "seats": "1",
        **changes,
    }


async def added(client: httpx.AsyncClient, event: Event, **changes: str) -> Session:
    typed = workshop(event, **changes)
    answer = await client.post(f"/desk/events/{event.id}/programme", data=typed)
    assert answer.status_code == 303, answer.text
    return await Session.get(event_id=event.id)


async def booked(event: Event, session: Session, name: str) -> Registration:
    wish = Application(Wanted.ONSITE, sessions=(session.id,))
    made = await register(
        event.id, applicant(name), wish, vouched=True, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def test_an_item_people_choose_has_seats_of_its_own(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    assert session.bookable
    assert (await SeatPool.get(session_id=session.id)).seats == 1
    page = await client.get(f"/desk/events/{event.id}/programme/{session.id}")
    assert 'name="seats" type="text" value="1"' in page.text
    typed = workshop(event, seats="")
    await client.post(f"/desk/events/{event.id}/programme/{session.id}", data=typed)
    assert (await SeatPool.get(session_id=session.id)).seats is None


async def test_the_running_order_tells_how_an_item_is_chosen(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    page = f"/desk/events/{event.id}/programme"
    assert "1 seat is free" in (await client.get(page)).text
    await booked(event, session, "Anna")
    assert "All seats are taken" in (await client.get(page)).text


async def test_one_item_more_leaves_the_seats_of_the_others_alone(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await added(client, event)
    await client.post(
        f"/desk/events/{event.id}/programme", data=workshop(event, seats="5")
    )
    pools = await SeatPool.filter(event_id=event.id).exclude(session_id=None)
    assert {(pool.session_id == first.id, pool.seats) for pool in pools} == {
        (True, 1),
        (False, 5),
    }


async def test_an_item_nobody_chooses_has_no_pool(
    client: httpx.AsyncClient, event: Event
) -> None:
    typed = workshop(event)
    del typed["bookable"]
    await client.post(f"/desk/events/{event.id}/programme", data=typed)
    assert not await SeatPool.exists(session_id__not_isnull=True)


async def test_fewer_seats_than_are_taken_are_refused_at_the_field(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event, seats="3")
    for name in ("Anna", "Berta"):
        await booked(event, session, name)
    answer = await client.post(
        f"/desk/events/{event.id}/programme/{session.id}", data=workshop(event)
    )
    assert answer.status_code == 409
    assert 'id="seats-fault"' in answer.text
    assert (await SeatPool.get(session_id=session.id)).seats == 3


async def test_an_item_people_have_chosen_asks_before_it_goes(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    await booked(event, session, "Anna")
    asked = await client.post(f"/desk/events/{event.id}/programme/{session.id}/remove")
    assert asked.status_code == 409
    assert "One person has chosen this item" in asked.text
    assert await Session.exists(id=session.id) and await Booking.exists()


async def test_whoever_had_chosen_it_keeps_the_seat_and_gets_a_letter(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    anna = await booked(event, session, "Anna")
    await delivered()
    throw_away()
    done = await client.post(
        f"/desk/events/{event.id}/programme/{session.id}/remove", data={"sure": "on"}
    )
    assert done.status_code == 303
    assert not await Session.exists(id=session.id) and not await Booking.exists()
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED
    [letter] = await delivered()
    assert letter["To"].endswith("anna@attendee.example>") or "anna@" in letter["To"]
    assert "Parallel workshop" in unwrapped(letter)
    must_say_the_same(text_of(letter), html_of(letter))
    await must_add_up()


async def test_an_item_nobody_has_chosen_goes_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    done = await client.post(f"/desk/events/{event.id}/programme/{session.id}/remove")
    assert done.status_code == 303
    assert not await SeatPool.exists(session_id__not_isnull=True)


async def test_choices_do_not_end_by_an_oversight(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    await booked(event, session, "Anna")
    typed = workshop(event)
    del typed["bookable"]
    path = f"/desk/events/{event.id}/programme/{session.id}"
    asked = await client.post(path, data=typed)
    assert asked.status_code == 409
    assert 'name="sure"' in asked.text
    assert (await client.post(path, data=typed | {"sure": "on"})).status_code == 303
    assert not await Booking.exists()
    await must_add_up()


async def test_a_start_in_the_past_is_asked_about(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    began = clock.now().replace(microsecond=0, second=0) - 2 * HOUR
    event = await an_event(office, starts_at=began, ends_at=began + 5 * HOUR)
    path, typed = f"/desk/events/{event.id}/programme", workshop(event)
    asked = await client.post(path, data=typed)
    assert asked.status_code == 409
    assert "begin in the past" in asked.text
    assert not await Session.exists()
    assert (await client.post(path, data=typed | {"sure": "on"})).status_code == 303


async def test_a_copy_has_the_seats_of_its_items(
    client: httpx.AsyncClient, event: Event
) -> None:
    await added(client, event, seats="4")
    start = local(event.starts_at + timedelta(days=7), event.timezone)
    page = await client.post(
        f"/desk/events/{event.id}/copy",
        data={
            "title_en": "Again",
            "kind": "forum",
            "timezone": event.timezone,
            "starts_at": f"{start:%Y-%m-%dT%H:%M}",
            "modes": ["onsite"],
            "seats_total": "8",
        },
    )
    assert page.status_code == 303, page.text
    copy = await Event.exclude(id=event.id).get()
    [item] = await Session.filter(event_id=copy.id)
    assert (await SeatPool.get(session_id=item.id)).seats == 4
    total = await SeatPool.get(event_id=copy.id, session_id=None, mode=None)
    assert total.seats == 8


async def test_otto_removes_nothing(client: httpx.AsyncClient, event: Event) -> None:
    session = await added(client, event)
    await otto_signed_in(client)
    path = f"/desk/events/{event.id}/programme/{session.id}/remove"
    answer = await client.post(path, data={"sure": "on"})
    assert answer.status_code == 404
    assert await Session.exists(id=session.id)


async def test_the_list_shows_who_has_chosen_an_item_and_who_waits_for_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await added(client, event)
    await booked(event, session, "Anna")
    await booked(event, session, "Berta")
    await register(
        event.id, applicant("Clara"), Mode.ONSITE, vouched=True, now=clock.now()
    )
    address = f"/desk/events/{event.id}/registrations"
    page = await client.get(f"{address}?session={session.id}")
    assert ">Anna</a>" in page.text and ">Berta</a>" in page.text
    assert ">Clara</a>" not in page.text
    assert "Parallel workshop" in page.text and "(place 1)" in page.text
    assert f'<option value="{session.id}" selected>' in page.text
    to = await client.get(
        f"/desk/events/{event.id}/letters/new?session={session.id}&state=confirmed"
    )
    assert "Chose a certain workshop" in to.text
