"""A whole series at once: one form, one letter, one button."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up
from tests.server.postbox import (
    delivered,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events import series
from werkraum_events.models import Confirmation, Entry, Event, Mode, Series
from werkraum_foundation import clock
from werkraum_foundation.models import Job, Organiser
from werkraum_foundation.tokens import new_form_token
from werkraum_registration.models import Registration, Source, State
from werkraum_registration.registrations import Applicant, register

ANNA = Applicant("Anna Arendt", "anna@attendee.example", "en")
Typed = dict[str, str | list[str]]


@pytest.fixture
async def organiser(client: httpx.AsyncClient) -> Organiser:
    throw_away()
    return await an_organiser()


@pytest.fixture
async def forums(organiser: Organiser) -> Series:
    title = {"de": "Foren 2027", "en": "Forums 2027"}
    return await series.make(organiser.id, title, actor="olga", now=clock.now())


@pytest.fixture
async def events(organiser: Organiser, forums: Series) -> list[Event]:
    """Three events of the series: on site, online, and both."""
    modes: tuple[dict[Mode, int | None], ...] = (
        {Mode.ONSITE: 1},
        {Mode.ONLINE: None},
        {Mode.ONSITE: None, Mode.ONLINE: None},
    )
    return [
        await an_event(
            organiser,
            now=clock.now() + timedelta(days=7 * week),
            seats=seats,
            series_id=forums.id,
            title={"en": f"Forum {week}"},
        )
        for week, seats in enumerate(modes)
    ]


def typed(forums: Series, events: list[Event], **changes: str) -> Typed:
    loaded = clock.now() - timedelta(minutes=1)
    return {
        "name": "Anna Arendt",
        "email": "anna@attendee.example",
        "events": [event.slug for event in events],
        "mode": "online",
        "form_token": new_form_token(f"series:{forums.id}", loaded),
        "website": "",
        **changes,
    }


async def sent(
    client: httpx.AsyncClient, forums: Series, form: Typed
) -> httpx.Response:
    return await client.post(f"/en/series/{forums.slug}/registrations", data=form)


async def letters() -> list[str]:
    """Have the letter of the batch written now, without the seconds it waits."""
    await delivered()
    await Job.filter(name="letter:series").update(due=0)
    return [unwrapped(letter) for letter in await delivered()]


async def the_link(client: httpx.AsyncClient) -> str:
    await delivered()
    await Job.filter(name="letter:series").update(due=0)
    [letter] = await delivered()
    must_say_the_same(text_of(letter), html_of(letter))
    return link_in(letter, "/confirm/").removeprefix("http://127.0.0.1:8000")


async def test_the_page_lists_what_is_to_come_and_has_one_form(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    page = await client.get(f"/en/series/{forums.slug}")
    assert page.status_code == 200
    assert "Forums 2027" in page.text
    for event in events:
        assert f'value="{event.slug}"' in page.text


async def test_one_letter_asks_for_all_and_one_button_confirms_them(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    done = await sent(client, forums, typed(forums, events))
    assert done.status_code == 303
    following = (await client.get(done.headers["location"])).text
    assert "One more step" in following and "Forum 2" in following
    made = await Registration.all()
    assert {it.source for it in made} == {Source.SERIES}
    assert len({it.batch_id for it in made}) == 1
    path = await the_link(client)
    asked = await client.get(path)
    assert "Forum 0" in asked.text and "Forum 2" in asked.text
    assert {it.state for it in await Registration.all()} == {State.UNCONFIRMED}
    pressed = await client.post(path)
    assert pressed.status_code == 303
    assert {it.state for it in await Registration.all()} == {State.CONFIRMED}
    shown = (await client.get(pressed.headers["location"])).text
    assert shown.count("/en/my/") == 3
    assert len(await delivered()) == 3
    await must_add_up()


async def test_pressing_twice_confirms_once(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await sent(client, forums, typed(forums, events))
    path = await the_link(client)
    for _ in range(2):
        assert (await client.post(path)).status_code == 303
    assert len(await delivered()) == 3


async def test_the_same_form_sent_twice_is_one(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    form = typed(forums, events)
    first, second = [await sent(client, forums, form) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert await Registration.all().count() == 3
    assert len(await letters()) == 1


async def test_only_what_is_ticked(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await sent(client, forums, typed(forums, events[:1]))
    made = await Registration.get()
    assert made.event_id == events[0].id and made.mode is Mode.ONSITE
    [letter] = await letters()
    assert "Please confirm your registration" in letter


async def test_the_answer_is_the_same_for_an_address_that_is_known(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await Event.filter(id=events[0].id).update(confirmation=Confirmation.IMMEDIATE)
    await register(events[0].id, ANNA, Mode.ONSITE, vouched=False, now=clock.now())
    form = typed(forums, events)
    known = await sent(client, forums, form)
    unknown = await sent(client, forums, form | {"email": "berta@attendee.example"})
    assert known.headers["location"] == unknown.headers["location"]
    assert await Registration.filter(email=ANNA.email).count() == 3


async def test_a_full_event_keeps_nobody_from_the_others(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await Event.filter(id=events[0].id).update(
        confirmation=Confirmation.IMMEDIATE, waiting_list=False
    )
    berta = Applicant("Berta", "berta@attendee.example", "en")
    await register(events[0].id, berta, Mode.ONSITE, vouched=False, now=clock.now())
    done = await sent(client, forums, typed(forums, events))
    said = (await client.get(done.headers["location"])).text
    assert "Not possible for all of them" in said
    assert "All seats are taken." in said
    assert await Registration.filter(email=ANNA.email).count() == 2
    await must_add_up()


async def test_an_event_with_a_code_is_not_in_the_form(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await Event.filter(id=events[1].id).update(entry=Entry.CODE, entry_code="abcd")
    page = (await client.get(f"/en/series/{forums.slug}")).text
    assert f'value="{events[1].slug}"' not in page
    refused = await sent(client, forums, typed(forums, events))
    assert refused.status_code == 422
    assert 'id="events-fault"' in refused.text
    assert not await Registration.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"events": ""}, "events"),
        ({"mode": ""}, "mode"),
        ({"mode": "moon"}, "mode"),
        ({"name": " "}, "name"),
        ({"email": "anna"}, "email"),
        ({"events": "no-such-event"}, "events"),
    ],
)
async def test_what_is_wrong_comes_back_with_its_reason(
    client: httpx.AsyncClient,
    forums: Series,
    events: list[Event],
    changes: dict[str, str],
    field: str,
) -> None:
    answer = await sent(client, forums, {**typed(forums, events), **changes})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "?: " not in answer.text
    assert not await Registration.exists()


async def test_a_robot_registers_nobody(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    form = typed(forums, events, website="https://buy.example")
    assert (await sent(client, forums, form)).status_code == 303
    assert not await Registration.exists()


async def test_an_event_page_leads_to_its_series_and_the_programme_too(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    there = f"/en/series/{forums.slug}"
    assert there in (await client.get(f"/en/events/{events[0].slug}")).text
    assert there in (await client.get("/en/")).text
    assert there in (await client.get("/sitemap.xml")).text


async def test_a_series_of_drafts_is_not_there(
    client: httpx.AsyncClient, forums: Series
) -> None:
    assert (await client.get(f"/en/series/{forums.slug}")).status_code == 404
    assert (await client.get("/en/series/nothing-here")).status_code == 404
    assert forums.slug not in (await client.get("/sitemap.xml")).text
