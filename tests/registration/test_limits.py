"""Too fast, too often: the letters are limited, not the people."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.test_register_pages import address, filled, nothing_changed

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_form_token
from werkraum_registration.models import Registration


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


@pytest.fixture(autouse=True)
def limits_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_LIMITS", "on")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def loaded(event: Event, seconds: float) -> str:
    """The token of a form that was loaded so many seconds ago."""
    ago = clock.now() - timedelta(seconds=seconds)
    return new_form_token(f"registration:{event.id}", ago)


async def test_a_form_that_comes_back_at_once_needs_one_more_click(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(event, form_token=loaded(event, 0.2))
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 422
    assert 'value="anna@attendee.example"' in answer.text
    # The same token: whoever presses once more a moment later is through.
    assert form["form_token"] in answer.text
    await nothing_changed()


async def test_after_two_seconds_a_form_is_taken(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(event, form_token=loaded(event, 2.1))
    assert (await client.post(address(event), data=form)).status_code == 303


async def test_the_fourth_letter_to_an_address_waits_for_another_day(
    client: httpx.AsyncClient, event: Event
) -> None:
    for wait in (10, 20, 30):
        form = filled(event, form_token=loaded(event, wait))
        assert (await client.post(address(event), data=form)).status_code == 303
    form = filled(event, form_token=loaded(event, 40))
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 3600
    assert await Registration.all().count() == 1


async def test_sending_the_letter_again_counts_as_a_letter(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(address(event), data=filled(event))
    again = f"{sent.headers['location']}/again"
    answers = [(await client.post(again)).status_code for _ in range(3)]
    assert answers == [303, 303, 429]


async def test_one_network_sends_at_most_29_forms_a_minute_to_an_event(
    client: httpx.AsyncClient, event: Event
) -> None:
    answers = [
        (
            await client.post(
                address(event), data=filled(event, email=f"a{number}@x.org")
            )
        ).status_code
        for number in range(30)
    ]
    assert answers == [303] * 29 + [429]
    assert await Registration.all().count() == 29


async def test_asking_for_links_is_limited_for_known_and_unknown_alike(
    client: httpx.AsyncClient, event: Event
) -> None:
    await client.post(address(event), data=filled(event))
    for person in ("anna@attendee.example", "otto@elsewhere.example"):
        answers = [
            (await client.post("/en/my", data={"email": person})).status_code
            for _ in range(4)
        ]
        assert answers == [303, 303, 303, 429]
