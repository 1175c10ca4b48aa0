"""Whoever moves an event sees beforehand how many read what."""

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.people import an_event, olga_signed_in
from tests.server.postbox import delivered, throw_away, unwrapped

from werkraum_events.models import Event, Mode, Session
from werkraum_events.wishes import SessionWish
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import Job
from werkraum_registration import registrations
from werkraum_registration.models import SeatPool, Wanted
from werkraum_registration.registrations import Applicant, Application
from werkraum_server.session_seats import add_session

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


async def joins(
    event: Event,
    name: str,
    wanted: Wanted = Wanted.ONLINE,
    sessions: tuple[UUID, ...] = (),
) -> None:
    await registrations.register(
        event.id,
        Applicant(name, f"{name.lower()}@example.org", "en"),
        Application(wanted, sessions=sessions),
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


@pytest.fixture
async def workshop(event: Event) -> Session:
    """An item of the first hour that Anna and Berta have chosen."""
    made = await add_session(
        event.organiser_id,
        event.id,
        SessionWish(
            {"en": "Budgets"},
            event.starts_at,
            event.starts_at + timedelta(hours=1),
            bookable=True,
        ),
        None,
        actor=SYSTEM,
        now=clock.now(),
    )
    for name in ("Anna", "Berta"):
        await joins(event, name, sessions=(made.id,))
    await joins(event, "Clara")
    await delivered()
    return made


def item_form(session: Session, minutes_later: int) -> dict[str, str]:
    times = {
        name: getattr(session, name) + timedelta(minutes=minutes_later)
        for name in ("starts_at", "ends_at")
    }
    return {
        "title_en": "Budgets",
        "bookable": "on",
        **{
            name: f"{moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}"
            for name, moment in times.items()
        },
    }


async def test_an_item_moves_once_the_letter_was_seen(
    client: httpx.AsyncClient, workshop: Session
) -> None:
    path = f"/desk/events/{workshop.event_id}/programme/{workshop.id}"
    form = item_form(workshop, minutes_later=30)

    asked = await client.post(path, data=form)

    assert asked.status_code == 409
    assert "2 people who have chosen this item get a letter." in asked.text
    assert "Another time for what you have chosen: Youth forum" in asked.text
    assert not re.search(r"/my/[\w-]{43}", asked.text)
    assert (await Session.get(id=workshop.id)).starts_at == workshop.starts_at
    assert not await Job.exists(name="session:moved")
    seen = {"tell": mark_in(asked.text)}
    other = await client.post(path, data=item_form(workshop, minutes_later=45) | seen)
    assert other.status_code == 409
    assert (await client.post(path, data=form | seen)).status_code == 303
    assert await delivered() == []
    await Job.filter(name="letter:session_moved").update(due=0)
    assert len(await delivered()) == 2


async def test_another_title_of_an_item_is_saved_at_once(
    client: httpx.AsyncClient, workshop: Session
) -> None:
    path = f"/desk/events/{workshop.event_id}/programme/{workshop.id}"
    form = item_form(workshop, minutes_later=0) | {"title_en": "Money"}

    assert (await client.post(path, data=form)).status_code == 303


async def test_what_is_odd_is_asked_before_and_stays_agreed(
    client: httpx.AsyncClient, workshop: Session
) -> None:
    began = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    await Event.filter(id=workshop.event_id).update(
        starts_at=began, ends_at=began + timedelta(hours=2)
    )
    path = f"/desk/events/{workshop.event_id}/programme/{workshop.id}"
    workshop.starts_at, workshop.ends_at = began, began + timedelta(hours=1)
    form = item_form(workshop, minutes_later=10)

    odd = await client.post(path, data=form)
    asked = await client.post(path, data=form | {"sure": "on"})

    assert "begin in the past" in odd.text
    assert 'name="sure" value="on"' in asked.text
    agreed = {"sure": "on", "tell": mark_in(asked.text)}
    assert (await client.post(path, data=form | agreed)).status_code == 303


async def test_a_letter_never_shows_a_link_that_opens_something(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    form = later(await form_of(client, event), 2)
    asked = await client.post(f"/desk/events/{event.id}/edit", data=form)
    assert "/my/personal-link" in asked.text
    assert not re.search(r"/my/[\w-]{43}", asked.text)
