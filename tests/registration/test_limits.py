"""Too fast, too often: the letters are limited, not the people."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.test_register_pages import address, filled, nothing_changed
from tests.server.postbox import delivered, link_in, throw_away

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import letter_limits
from werkraum_registration.letter_limits import held_back_until
from werkraum_registration.models import FirstLetters, Registration


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
    await nothing_changed()
    # Whoever presses once more is through.
    [token] = re.findall(r'name="form_token" value="([^"]+)"', answer.text)
    again = await client.post(address(event), data=form | {"form_token": token})
    assert again.status_code == 303


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


# Three letters a day to an address nobody has confirmed, over all events (B24)


@pytest.fixture
async def five_events(database: str) -> list[Event]:
    office = await an_organiser()
    return [await an_event(office) for _ in range(5)]


async def asks(
    client: httpx.AsyncClient, event: Event, email: str = "anna@attendee.example"
) -> httpx.Response:
    return await client.post(address(event), data=filled(event, email=email))


def without_what_is_ones_own(page: httpx.Response, email: str) -> str:
    """The page that comes next, without the address and the keys in it."""
    text = page.text.replace(email, "…")
    return re.sub(r"registered/[\w-]+|event-[0-9a-f]+|forum-[0-9a-f]+", "…", text)


async def test_an_unconfirmed_address_gets_three_letters_over_all_events(
    client: httpx.AsyncClient, five_events: list[Event]
) -> None:
    throw_away()
    answers = [(await asks(client, event)).status_code for event in five_events]
    assert answers == [303] * 5
    letters = await delivered()
    assert len(letters) == 3
    assert {str(letter["To"]) for letter in letters} == {"anna@attendee.example"}
    assert await Job.filter(name="letter:held_back").count() == 2


async def test_the_page_does_not_tell_whose_letter_waits(
    client: httpx.AsyncClient, five_events: list[Event]
) -> None:
    first, *others = five_events
    await asks(client, first, "known@attendee.example")
    await Registration.all().update(vouched_at=clock.now(), state="confirmed")
    pages = {}
    for email in ("known@attendee.example", "stranger@attendee.example"):
        for event in others:
            answer = await asks(client, event, email)
            assert answer.status_code == 303
        page = await client.get(answer.headers["location"])
        pages[email] = without_what_is_ones_own(page, email)
    assert len(set(pages.values())) == 1


async def test_who_is_known_gets_a_letter_for_every_event(
    client: httpx.AsyncClient, five_events: list[Event]
) -> None:
    await asks(client, five_events[0])
    (first,) = await delivered()
    await client.post(link_in(first, "/confirm/"))
    await delivered()
    for event in five_events[1:]:
        await asks(client, event)
    assert len(await delivered()) == 4


async def test_the_button_lets_the_letters_go_that_waited(
    client: httpx.AsyncClient, five_events: list[Event]
) -> None:
    for event in five_events:
        await asks(client, event)
    letters = await delivered()
    await client.post(link_in(letters[0], "/confirm/"))
    came = [str(letter["Subject"]) for letter in await delivered()]
    assert len([it for it in came if it.startswith("Please confirm")]) == 2
    assert not await Job.filter(name="letter:held_back").exists()


async def test_the_button_of_the_personal_page_lets_them_go_as_well(
    client: httpx.AsyncClient,
) -> None:
    office = await an_organiser()
    for _ in range(4):
        await asks(client, await an_event(office, confirmation="immediate"))
    letters = await delivered()
    page = link_in(letters[0], "/my/")
    await client.post(f"{page}/vouch")
    assert (len(letters), len(await delivered())) == (3, 1)


async def test_a_letter_that_is_tried_again_counts_once(
    database: str, now: datetime
) -> None:
    one, others = uuid4(), [uuid4(), uuid4(), uuid4()]
    for job in (one, one, one, *others[:2]):
        assert await held_back_until("a@x.org", job, now=now) is None
    until = await held_back_until("a@x.org", others[2], now=now + timedelta(hours=1))
    assert until == now + timedelta(days=1)
    assert await held_back_until("b@x.org", others[2], now=now) is None
    assert await held_back_until("a@x.org", others[2], now=until) is None


async def test_what_was_counted_is_forgotten_after_a_day(
    database: str, now: datetime
) -> None:
    await held_back_until("a@x.org", uuid4(), now=now)
    assert await letter_limits.forget(now + timedelta(hours=23)) == 0
    assert "a@x.org" not in str(await FirstLetters.all().values())
    assert await letter_limits.forget(now + timedelta(hours=24)) == 1


async def test_letters_of_several_processes_count_together(
    database: str, now: datetime
) -> None:
    asked = (held_back_until("a@x.org", uuid4(), now=now) for _ in range(8))
    answers = await asyncio.gather(*asked)
    assert len([it for it in answers if it is None]) == 3


async def test_an_event_that_confirms_at_once_is_no_cannon_either(
    client: httpx.AsyncClient,
) -> None:
    office = await an_organiser()
    for _ in range(5):
        await asks(client, await an_event(office, confirmation="immediate"))
    assert len(await delivered()) == 3
