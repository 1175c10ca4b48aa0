"""Buttons of the personal page: offers, waiting, the other mode, taking back."""

from datetime import timedelta

import httpx
import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up
from tests.registration.joining import a_workshop, joins, my, now_of

from werkraum_events.models import Event, Mode, Promotion
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import changes, registrations
from werkraum_registration.changes import Details
from werkraum_registration.models import Registration, State, Wanted, Wish

ONSITE = {"mode": "onsite"}
YES, NO = ONSITE | {"answer": "accept"}, ONSITE | {"answer": "decline"}


@pytest.fixture
async def event(database: str) -> Event:
    """One seat on site, two online."""
    return await an_event(await an_organiser(), seats={Mode.ONSITE: 1, Mode.ONLINE: 2})


async def cancels(registration: Registration) -> None:
    await registrations.cancel(registration.id, actor=ATTENDEE, now=clock.now())


async def offered(event: Event) -> Registration:
    """Berta, to whom a seat is offered because Anna has left."""
    anna, berta = await joins(event, "Anna"), await joins(event, "Berta")
    await cancels(anna)
    return berta


async def page_of(client: httpx.AsyncClient, registration: Registration) -> str:
    shown = await client.get(my(registration))
    assert shown.status_code == 200
    return shown.text.replace("\u202f", " ")


# Offers


async def test_an_offer_shows_its_deadline_and_two_buttons(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta = await offered(event)
    page = await page_of(client, berta)
    assert "A seat is free for you: do you want it?" in page
    assert "We keep it until" in page and "(time in Berlin)" in page
    assert "Yes, I take the seat" in page and "No, somebody else may have it" in page
    assert "If you say no, your registration ends with it." in page


async def test_the_seat_is_taken_with_one_button_and_twice_is_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta = await offered(event)
    for _ in range(2):
        pressed = await client.post(my(berta, "/offer"), data=YES)
        assert pressed.headers["location"] == my(berta)
    assert "You have a seat" in await page_of(client, berta)
    assert (await now_of(berta)).state is State.CONFIRMED
    await must_add_up()


async def test_declining_gives_the_seat_to_the_next_and_twice_is_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta, clara = [await joins(event, it) for it in ("Anna", "Berta", "Clara")]
    await cancels(anna)
    for _ in range(2):
        pressed = await client.post(my(berta, "/offer"), data=NO)
        assert pressed.headers["location"] == my(berta)
    assert (await now_of(berta)).state is State.CANCELLED
    assert (await now_of(clara)).state is State.OFFERED
    await must_add_up()


async def test_declining_and_then_accepting_is_too_late(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta = await offered(event)
    await client.post(my(berta, "/offer"), data=NO)
    answer = await client.post(my(berta, "/offer"), data=YES)
    assert answer.status_code == 409
    assert "no longer offered" in answer.text
    assert (await now_of(berta)).state is State.CANCELLED


async def test_accepting_after_the_deadline_is_too_late(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta = await offered(event)
    await Wish.all().update(offered_until=clock.now() - timedelta(seconds=1))
    answer = await client.post(my(berta, "/offer"), data=YES)
    assert answer.status_code == 409
    assert (await now_of(berta)).state is State.OFFERED


async def test_nobody_takes_the_offer_of_somebody_else(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta, clara = await offered(event), await joins(event, "Clara", Wanted.ONLINE)
    answer = await client.post(my(clara, "/offer"), data=YES)
    assert answer.status_code == 409
    assert (await now_of(berta)).state is State.OFFERED
    assert (await now_of(clara)).mode is Mode.ONLINE


@pytest.mark.parametrize(
    "data",
    [{}, ONSITE, {"answer": "accept"}, YES | {"answer": "maybe"}, YES | {"x": "1"}],
    ids=["nothing", "no answer", "no mode", "maybe", "more"],
)
async def test_an_answer_that_is_none_changes_nothing(
    client: httpx.AsyncClient, event: Event, data: dict[str, str]
) -> None:
    berta = await offered(event)
    answer = await client.post(my(berta, "/offer"), data=data)
    assert answer.status_code == 422
    assert (await now_of(berta)).state is State.OFFERED


async def test_the_better_seat_is_offered_beside_the_one_there_is(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    berta = await joins(event, "Berta", Wanted.ONSITE_ELSE_ONLINE)
    page = await page_of(client, berta)
    assert "You also wait" in page and "at about place 1" in page
    await cancels(anna)
    page = await page_of(client, berta)
    assert "You have a seat" in page and "A seat on site for you" in page
    assert "you keep that one" in page
    await client.post(my(berta, "/offer"), data=YES)
    assert (await now_of(berta)).mode is Mode.ONSITE
    await must_add_up()


# Waiting for the other mode


async def test_somebody_online_waits_for_a_seat_on_site_and_stops(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    berta = await joins(event, "Berta", Wanted.ONLINE)
    assert "Wait for a seat on site" in await page_of(client, berta)
    for _ in range(2):
        pressed = await client.post(my(berta, "/wait"), data=ONSITE)
        assert pressed.status_code == 303
    page = await page_of(client, berta)
    assert "You also wait" in page and "No longer wait for a seat on site" in page
    for _ in range(2):
        pressed = await client.post(my(berta, "/stop-waiting"), data=ONSITE)
        assert pressed.status_code == 303
    assert "You also wait" not in await page_of(client, berta)
    kept = await now_of(berta)
    assert (kept.state, kept.mode) == (State.CONFIRMED, Mode.ONLINE)
    await must_add_up()


async def test_somebody_who_waits_takes_a_seat_of_the_other_kind_and_keeps_waiting(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    berta = await joins(event, "Berta")
    assert "Take a seat online now" in await page_of(client, berta)
    await client.post(my(berta, "/wait"), data={"mode": "online"})
    page = await page_of(client, berta)
    assert "You have a seat" in page and "You also wait" in page
    await must_add_up()


async def test_a_full_mode_is_no_change_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    berta = await joins(event, "Berta", Wanted.ONLINE)
    assert "Change to on site" not in await page_of(client, berta)
    answer = await client.post(my(berta, "/mode"), data=ONSITE)
    assert answer.status_code == 409
    assert (await now_of(berta)).mode is Mode.ONLINE


async def test_an_event_without_a_waiting_list_offers_none(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(waiting_list=False)
    await joins(event, "Anna")
    berta = await joins(event, "Berta", Wanted.ONLINE)
    assert "Wait for a seat" not in await page_of(client, berta)
    answer = await client.post(my(berta, "/wait"), data=ONSITE)
    assert answer.status_code == 409


# Taking back


async def test_a_cancellation_is_taken_back_with_one_button(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    assert (await client.post(my(anna, "/cancel"))).status_code == 303
    page = await page_of(client, anna)
    assert "Take the cancellation back" in page and "Until " in page
    for _ in range(2):
        pressed = await client.post(my(anna, "/restore"))
        assert pressed.headers["location"] == my(anna)
    assert "You have a seat" in await page_of(client, anna)
    await must_add_up()


async def test_a_seat_that_is_gone_comes_back_as_the_head_of_the_queue(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(promotion=Promotion.CONFIRM)
    anna, _, _ = [await joins(event, it) for it in ("Anna", "Berta", "Clara")]
    await client.post(my(anna, "/cancel"))
    await client.post(my(anna, "/restore"))
    assert "at about place 1" in await page_of(client, anna)
    await must_add_up()


async def test_after_a_quarter_of_an_hour_it_is_too_late(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await cancels(anna)
    ended = clock.now() - timedelta(minutes=15)
    await Registration.filter(id=anna.id).update(ended_at=ended)
    assert "Take the cancellation back" not in await page_of(client, anna)
    answer = await client.post(my(anna, "/restore"))
    assert answer.status_code == 410
    assert (await now_of(anna)).state is State.CANCELLED


async def test_what_the_organiser_has_ended_nobody_takes_back(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await registrations.cancel(anna.id, actor="person:olga", now=clock.now())
    page = await page_of(client, anna)
    assert "has taken you off the list" in page
    assert "Take the cancellation back" not in page
    assert (await client.post(my(anna, "/restore"))).status_code == 410


# What the page shows besides


async def test_a_party_and_its_workshops_are_on_the_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(largest_party=2)
    full, free = await a_workshop(event), await a_workshop(event, "B", seats=5)
    other = await joins(event, "Otto", Wanted.ONLINE)
    await changes.change(
        other.id,
        Details("Otto", sessions=frozenset({full.id})),
        actor=ATTENDEE,
        now=clock.now(),
    )
    anna = await joins(event, "Anna", Wanted.ONLINE)
    details = Details("Anna", sessions=frozenset({full.id, free.id}))
    await changes.change(anna.id, details, actor=ATTENDEE, now=clock.now())
    page = await page_of(client, anna)
    assert "Workshop A" in page and "you wait at about place 1" in page
    assert "Workshop B" in page and "You have a seat there." in page


async def test_the_page_costs_the_same_however_much_was_chosen(
    client: httpx.AsyncClient, event: Event
) -> None:
    workshops = [await a_workshop(event, name, seats=5) for name in "ABC"]
    anna = await joins(event, "Anna", Wanted.ONLINE)
    costs = []
    for chosen in (workshops[:1], workshops):
        details = Details("Anna", sessions=frozenset(it.id for it in chosen))
        await changes.change(anna.id, details, actor=ATTENDEE, now=clock.now())
        with counted() as statements:
            await page_of(client, anna)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 25


async def test_the_letter_comes_again_for_whoever_asks(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    assert (await client.post(my(anna, "/resend"))).status_code == 303
    await cancels(anna)
    assert (await client.post(my(anna, "/resend"))).status_code == 410
