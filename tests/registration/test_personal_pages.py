"""Confirming by a letter's button, the personal page, and a lost link."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import links
from werkraum_registration.confirmations import confirm
from werkraum_registration.models import Registration, SeatPool, State
from werkraum_registration.registrations import cancel, register


@pytest.fixture
async def event(database: str) -> Event:
    """A hybrid event to come, with one seat on site and two online."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 1, Mode.ONLINE: 2}
    return await an_event(await an_organiser(), seats=seats)


async def joins(event: Event, name: str, mode: Mode = Mode.ONSITE) -> Registration:
    """Register and confirm somebody."""
    found = await enters(event, name, mode)
    await confirm(links.confirm_token(found), now=clock.now())
    return await Registration.get(id=found.id)


async def enters(event: Event, name: str, mode: Mode = Mode.ONSITE) -> Registration:
    """Register somebody who has not confirmed."""
    made = await register(
        event.id, applicant(name), mode, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


def my(registration: Registration, deed: str = "") -> str:
    return f"/en/my/{links.personal_token(registration)}{deed}"


async def test_opening_the_link_of_the_letter_confirms_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await enters(event, "Anna")
    address = f"/en/confirm/{links.confirm_token(anna)}"
    for _ in range(20):
        assert (await client.get(address)).status_code == 200
    assert (await Registration.get(id=anna.id)).state is State.UNCONFIRMED


async def test_the_button_confirms_and_leads_to_the_personal_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await enters(event, "Anna")
    address = f"/en/confirm/{links.confirm_token(anna)}"
    pressed = await client.post(address)
    assert pressed.headers["location"] == my(anna)
    assert (await client.post(address)).headers["location"] == my(anna)
    assert "You have a seat" in (await client.get(my(anna))).text
    assert "confirmed already" in (await client.get(address)).text
    await must_add_up()


@pytest.mark.parametrize("end", [".", ">", ")", ">."])
async def test_what_clings_to_a_link_does_no_harm(
    client: httpx.AsyncClient, event: Event, end: str
) -> None:
    anna = await enters(event, "Anna")
    confirm_page = await client.get(f"/en/confirm/{links.confirm_token(anna)}{end}")
    assert confirm_page.status_code == 200
    assert (await client.get(my(anna) + end)).status_code == 200


BROKEN: dict[str, Callable[[str], str]] = {
    "cut": lambda token: token[:-1],
    "longer": lambda token: token + "a",
    "other case": lambda token: token.swapcase(),
    "encoded twice": lambda token: f"%2541{token}",
    "random": lambda token: "x" * 43,
    "very long": lambda token: token * 10,
}


@pytest.mark.parametrize("how", list(BROKEN))
async def test_a_broken_link_offers_the_right_one(
    client: httpx.AsyncClient, event: Event, how: str
) -> None:
    anna = await joins(event, "Anna")
    token = BROKEN[how](links.personal_token(anna))
    for address in (f"/en/my/{token}", f"/en/confirm/{token}"):
        answer = await client.get(address)
        assert answer.status_code == 404
        assert 'action="/en/my"' in answer.text
    assert (await client.post(f"/en/my/{token}/cancel")).status_code == 404
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED


async def test_a_registration_that_expired_cannot_be_confirmed(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await enters(event, "Anna")
    await cancel(anna.id, actor=ATTENDEE, now=clock.now())
    address = f"/en/confirm/{links.confirm_token(anna)}"
    shown, pressed = await client.get(address), await client.post(address)
    assert (shown.status_code, pressed.status_code) == (410, 410)
    assert "register again" in shown.text
    assert (await Registration.get(id=anna.id)).state is State.CANCELLED


async def test_each_state_has_its_own_words(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await joins(event, "Anna"), await joins(event, "Berta")
    clara = await enters(event, "Clara", Mode.ONLINE)
    assert "You have a seat" in (await client.get(my(anna))).text
    assert "at about place 1" in (await client.get(my(berta))).text
    assert "Please confirm" in (await client.get(my(clara))).text
    await cancel(clara.id, actor=ATTENDEE, now=clock.now())
    assert "registration is cancelled" in (await client.get(my(clara))).text
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    assert "This event is called off" in (await client.get(my(anna))).text


async def test_a_personal_page_is_kept_by_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    page = await client.get(my(await joins(event, "Anna")))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers


async def test_a_draft_shows_no_personal_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await Event.filter(id=event.id).update(status=Status.DRAFT)
    assert (await client.get(my(anna))).status_code == 404


async def test_cancelling_twice_is_friendly(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await joins(event, "Anna"), await joins(event, "Berta")
    for _ in range(2):
        pressed = await client.post(my(anna, "/cancel"))
        assert pressed.headers["location"] == my(anna)
    assert "registration is cancelled" in (await client.get(my(anna))).text
    assert (await Registration.get(id=berta.id)).state is State.OFFERED
    await must_add_up()


async def test_after_the_event_it_is_too_late_to_cancel(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    over = clock.now() - timedelta(hours=1)
    await Event.filter(id=event.id).update(starts_at=over, ends_at=over)
    answer = await client.post(my(anna, "/cancel"))
    assert answer.status_code == 409 and "ended on" in answer.text
    assert (await Registration.get(id=anna.id)).state is State.CONFIRMED


async def test_changing_the_mode_by_the_button(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    assert "Change to online" in (await client.get(my(anna))).text
    pressed = await client.post(my(anna, "/mode"), data={"mode": "online"})
    assert pressed.status_code == 303
    assert "/door" in (await client.get(my(anna))).text
    assert (await Registration.get(id=anna.id)).mode is Mode.ONLINE
    await must_add_up()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"mode": "onsite"}, 409),
        ({"mode": "both"}, 422),
        ({"mode": ""}, 422),
        ({"mode": "onsite", "state": "confirmed"}, 422),
    ],
)
async def test_a_change_that_is_not_possible_loses_nothing(
    client: httpx.AsyncClient, event: Event, data: dict[str, str], status: int
) -> None:
    await joins(event, "Anna")
    berta = await joins(event, "Berta", Mode.ONLINE)
    answer = await client.post(my(berta, "/mode"), data=data)
    assert answer.status_code == status
    kept = await Registration.get(id=berta.id)
    assert (kept.mode, kept.state) == (Mode.ONLINE, State.CONFIRMED)
    await must_add_up()


async def test_the_name_is_theirs_once_a_button_was_pressed(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(confirmation=Confirmation.IMMEDIATE)
    anna = await enters(event, "Anna")
    assert "Is this your name: Anna?" in (await client.get(my(anna))).text
    assert (await Registration.get(id=anna.id)).vouched_at is None
    await client.post(my(anna, "/vouch"))
    assert (await Registration.get(id=anna.id)).vouched_at is not None
    assert "Is this your name" not in (await client.get(my(anna))).text


@pytest.mark.parametrize("address", ["anna@attendee.example", "otto@elsewhere.example"])
async def test_asking_for_the_link_tells_nobody_who_is_registered(
    client: httpx.AsyncClient, event: Event, address: str
) -> None:
    await joins(event, "Anna")
    asked = await client.post("/en/my", data={"email": address})
    assert asked.status_code == 303
    page = await client.get(asked.headers["location"])
    assert "If this address is registered" in page.text
    assert address not in page.text


async def test_asking_for_the_link_of_an_event_leads_back_to_its_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    shown = await client.get(f"/en/my?event={event.slug}")
    assert "Youth forum" in shown.text
    asked = await client.post(
        "/en/my", data={"email": "anna@attendee.example", "event": event.slug}
    )
    assert f"event={event.slug}" in asked.headers["location"]


async def test_a_link_form_without_an_address_says_so(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post("/en/my", data={"email": "", "event": "\0"})
    assert answer.status_code == 422


async def test_a_robot_that_opens_everything_changes_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    before = await SeatPool.all().order_by("id").values()
    for deed in ("/cancel", "/mode", "/vouch"):
        assert (await client.get(my(anna, deed))).status_code in (404, 405)
        await client.head(my(anna))
    assert await SeatPool.all().order_by("id").values() == before


async def test_the_german_pages_speak_german(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    page = await client.get(my(anna).replace("/en/", "/de/"))
    assert "Sie haben einen Platz" in page.text
