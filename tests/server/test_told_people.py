"""Whoever moves an event sees beforehand how many read what."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.people import an_event, olga_signed_in
from tests.server.postbox import delivered, throw_away, unwrapped

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_registration import registrations
from werkraum_registration.models import SeatPool, Wanted
from werkraum_registration.registrations import Applicant, Application

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    olga = await olga_signed_in(client)
    return await an_event(
        olga,
        title={"en": "Youth forum"},
        seats={Mode.ONSITE: 1, Mode.ONLINE: None},
        now=clock.now().replace(second=0),
    )


async def joins(event: Event, name: str, wanted: Wanted = Wanted.ONLINE) -> None:
    await registrations.register(
        event.id,
        Applicant(name, f"{name.lower()}@example.org", "en"),
        Application(wanted),
        vouched=True,
        now=clock.now(),
        by_hand=True,
    )


async def form_of(client: httpx.AsyncClient, event: Event) -> dict[str, str]:
    """Read the fields of the page that saving would need, as they stand there."""
    fresh = await Event.get(id=event.id)
    local = f"{fresh.starts_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}"
    until = f"{fresh.ends_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}"
    return {
        "title_en": "Youth forum",
        "kind": fresh.kind.value,
        "timezone": "Europe/Berlin",
        "starts_at": local,
        "ends_at": until,
        "modes": ["onsite", "online"],  # type: ignore[dict-item]
        "place_name": fresh.place_name,
        "place_address": fresh.place_address,
        "seats_onsite": "1",
        "summary_en": "Words",
        "confirmation": fresh.confirmation.value,
        "waiting_list": "on",
        "version": str(fresh.version),
    }


def later(form: dict[str, str], hours: int) -> dict[str, str]:
    def moved(text: str) -> str:
        return f"{datetime.fromisoformat(text) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"

    return form | {name: moved(form[name]) for name in ("starts_at", "ends_at")}


def mark_in(page: str) -> str:
    found = re.search(r'name="tell" value="(\w+)"', page)
    assert found
    return found[1]


async def test_nothing_is_saved_before_the_letter_was_seen(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    await joins(event, "Berta", Wanted.ONSITE)
    await joins(event, "Clara", Wanted.ONSITE)
    await delivered()
    form = later(await form_of(client, event), 2)
    asked = await client.post(f"/desk/events/{event.id}/edit", data=form)
    assert asked.status_code == 409
    assert "2 people with a seat get a letter" in asked.text
    assert "One person waits for a seat and gets a letter." in asked.text
    assert asked.text.count("Save, and tell people</button>") == 1
    assert (await Event.get(id=event.id)).starts_at == event.starts_at
    assert await delivered() == []
    shown = " ".join(re.sub(r"<[^>]+>", " ", asked.text).split())
    saved = await client.post(
        f"/desk/events/{event.id}/edit", data=form | {"tell": mark_in(asked.text)}
    )
    assert saved.status_code == 303
    letters = await delivered()
    assert len(letters) == 3
    # What was shown is what is sent, but for the link that is somebody's own.
    anna = next(it for it in letters if "anna@" in str(it["To"]))
    sentence = re.search(r"Until now.*?New time.*?\)", unwrapped(anna))
    assert sentence and sentence[0] in shown


async def test_another_time_than_the_one_that_was_seen_is_shown_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    form = await form_of(client, event)
    path = f"/desk/events/{event.id}/edit"
    asked = await client.post(path, data=later(form, 2))
    seen = {"tell": mark_in(asked.text)}
    again = await client.post(path, data=later(form, 3) | seen)
    assert again.status_code == 409
    assert mark_in(again.text) != seen["tell"]
    assert (await Event.get(id=event.id)).starts_at == event.starts_at


async def test_a_change_that_nobody_must_be_told_of_is_saved_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = f"/desk/events/{event.id}/edit"
    form = later(await form_of(client, event), 2)
    assert (await client.post(path, data=form)).status_code == 303
    await joins(event, "Anna")
    typo = await form_of(client, event) | {"title_en": "Forum of youth"}
    assert (await client.post(path, data=typo)).status_code == 303


async def test_another_room_concerns_nobody_who_takes_part_online(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    await delivered()
    form = await form_of(client, event) | {"place_name": "Town hall, room 12"}

    answer = await client.post(f"/desk/events/{event.id}/edit", data=form)

    assert answer.status_code == 303
    assert await delivered() == []


async def test_only_those_are_counted_who_get_a_letter(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    await joins(event, "Berta", Wanted.ONSITE)
    await delivered()
    form = await form_of(client, event) | {"place_name": "Town hall, room 12"}
    path = f"/desk/events/{event.id}/edit"

    asked = await client.post(path, data=form)

    assert asked.status_code == 409
    assert "One person with a seat gets a letter" in asked.text
    await client.post(path, data=form | {"tell": mark_in(asked.text)})
    [letter] = await delivered()
    assert "berta@" in str(letter["To"])


async def test_another_way_to_take_part_is_told_to_nobody_with_a_seat(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(online=False)
    await SeatPool.filter(event_id=event.id, mode=Mode.ONLINE).delete()
    await joins(event, "Berta", Wanted.ONSITE)
    await delivered()

    answer = await client.post(
        f"/desk/events/{event.id}/edit", data=await form_of(client, event)
    )

    assert answer.status_code == 303
    assert (await Event.get(id=event.id)).online
    assert await delivered() == []


async def test_a_letter_never_shows_a_link_that_opens_something(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    form = later(await form_of(client, event), 2)
    asked = await client.post(f"/desk/events/{event.id}/edit", data=form)
    assert "/my/personal-link" in asked.text
    assert not re.search(r"/my/[\w-]{43}", asked.text)
