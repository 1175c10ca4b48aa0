"""Fewer seats than are taken: nobody loses one before the organiser has agreed."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.people import an_event, olga_signed_in
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_registration.models import Registration, SeatPool, State
from werkraum_registration.registrations import register

Typed = dict[str, str | list[str]]


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event on site, in which Anna, Berta and Clara have the three seats."""
    event = await an_event(
        await olga_signed_in(client),
        seats={Mode.ONSITE: 3},
        confirmation=Confirmation.IMMEDIATE,
        now=clock.now().replace(second=0),
    )
    for name in ("Anna", "Berta", "Clara"):
        await register(
            event.id, applicant(name), Mode.ONSITE, vouched=False, now=clock.now()
        )
    return event


def typed(event: Event, **changes: str | list[str]) -> Typed:
    return {
        "title_de": "Forum Jugend",
        "kind": "forum",
        "timezone": "Europe/Berlin",
        "starts_at": f"{event.starts_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}",
        "ends_at": f"{event.ends_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}",
        "modes": ["onsite"],
        "place_name": event.place_name,
        "place_address": event.place_address,
        "seats_onsite": "1",
        "confirmation": "immediate",
        "waiting_list": "on",
        **changes,
    }


async def saved(client: httpx.AsyncClient, event: Event, form: Typed) -> httpx.Response:
    return await client.post(f"/desk/events/{event.id}/edit", data=form)


async def states() -> dict[str, State]:
    return {it.name: it.state for it in await Registration.all()}


async def test_those_who_came_last_are_named_and_nothing_is_saved(
    client: httpx.AsyncClient, event: Event
) -> None:
    asked = await saved(client, event, typed(event))
    assert asked.status_code == 409
    assert "2 people would lose their seats" in asked.text
    assert "Berta, berta@attendee.example" in asked.text
    assert "Clara, clara@" in asked.text and "Anna, anna@" not in asked.text
    assert 'name="take_back" type="checkbox" value="2"' in asked.text
    assert (await SeatPool.get(event_id=event.id)).seats == 3
    assert set((await states()).values()) == {State.CONFIRMED}


async def test_whoever_agrees_moves_them_to_the_head_of_the_queue(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Job.all().delete()
    done = await saved(client, event, typed(event, take_back="2"))
    assert done.status_code == 303
    assert await states() == {
        "Anna": State.CONFIRMED,
        "Berta": State.WAITLISTED,
        "Clara": State.WAITLISTED,
    }
    told = await Job.filter(name="SeatTakenBack:tell_it_is_taken_back")
    assert len(told) == 2
    await must_add_up()


async def test_what_was_agreed_for_fewer_people_is_asked_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    asked = await saved(client, event, typed(event, take_back="1"))
    assert asked.status_code == 409
    assert set((await states()).values()) == {State.CONFIRMED}


async def test_a_total_below_what_is_taken_asks_as_well(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = typed(event, seats_onsite="3", seats_total="2")
    asked = await saved(client, event, form)
    assert asked.status_code == 409
    assert "One person would lose their seat" in asked.text
    done = await saved(client, event, form | {"take_back": "1"})
    assert done.status_code == 303
    assert (await states())["Clara"] is State.WAITLISTED
    await must_add_up()


@pytest.mark.parametrize("number", ["-1", "0", "1e9", "1000000000"])
async def test_odd_numbers_of_seats_are_refused(
    client: httpx.AsyncClient, event: Event, number: str
) -> None:
    for field in ("seats_onsite", "seats_total", "take_back"):
        answer = await saved(client, event, typed(event, **{field: number}))
        assert answer.status_code == 422, field


async def test_the_total_stands_in_the_form_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = typed(event, seats_onsite="3", seats_total="7")
    assert (await saved(client, event, form)).status_code == 303
    page = (await client.get(f"/desk/events/{event.id}/edit")).text
    assert 'name="seats_total" type="text" value="7"' in page


async def test_a_move_that_takes_seats_asks_both_and_forgets_neither_answer(
    client: httpx.AsyncClient, event: Event
) -> None:
    later = event.starts_at.astimezone(BERLIN) + timedelta(days=1)
    form = typed(event, starts_at=f"{later:%Y-%m-%d}T09:00", ends_at="")
    asked = await saved(client, event, form)
    seen = re.search(r'name="tell" value="(\w+)"', asked.text)
    assert seen
    again = await saved(client, event, form | {"tell": seen[1]})
    assert "2 people would lose their seats" in again.text
    assert seen[0] in again.text
    done = await saved(client, event, form | {"tell": seen[1], "take_back": "2"})
    assert done.status_code == 303
    await must_add_up()
