"""The reminders of an event at the desk."""

from datetime import timedelta

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Job, Organiser, Role
from werkraum_registration.models import ReminderRule
from werkraum_registration.reminder_times import USUAL, Reminder
from werkraum_registration.reminders import remind, reminders_of

HOUR = timedelta(hours=1)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client), timezone="Europe/Lisbon")


def address(event: Event, step: str = "") -> str:
    return f"/desk/events/{event.id}/reminders{step}"


def filled(**more: str) -> dict[str, str]:
    """The form as a browser sends it."""
    empty = {"mode": "", "text_de": "", "text_en": ""}
    return {"amount": "3", "unit": "days", **empty, **more}


async def test_the_page_says_when_each_goes_out_in_the_time_of_the_place(
    client: httpx.AsyncClient, event: Event
) -> None:
    shown = (await client.get(address(event))).text
    assert "one day before" in shown and "one hour before" in shown
    assert "Lisbon" in shown and "Everybody with a seat" in shown
    assert "Back to the usual" not in shown


async def test_a_reminder_is_added(client: httpx.AsyncClient, event: Event) -> None:
    form = filled(mode="onsite", text_en="Bring a pen.\r\n\r\nAnd paper.")
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, address(event))
    added = Reminder(3 * 1440, Mode.ONSITE, {"en": "Bring a pen.\n\nAnd paper."})
    assert await reminders_of(event.id) == [added, *USUAL]
    again = await client.post(address(event), data=form)
    assert again.status_code == 303 and len(await reminders_of(event.id)) == 3
    shown = (await client.get(address(event))).text
    assert "3 days before" in shown and "Only who comes on site" in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", ""),
        ("amount", "0"),
        ("amount", "٣"),
        ("amount", "1e9"),
        ("amount", "91"),
        ("unit", "weeks"),
        ("mode", "hybrid"),
        ("text_de", "x" * 2001),
        ("text_en", "turned\u202eround"),
    ],
)
async def test_a_fault_is_said_at_its_field_and_everything_is_kept(
    client: httpx.AsyncClient, event: Event, field: str, typed: str
) -> None:
    form = filled(text_de="Bis bald!") | {field: typed}
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert field == "text_de" or "Bis bald!" in answer.text
    assert await reminders_of(event.id) == list(USUAL)


async def test_a_second_one_of_a_time_is_refused_in_words(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(amount="60", unit="minutes", text_en="Soon!")
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 422
    assert "There is a reminder of this time already." in answer.text


async def test_one_is_changed_and_dropped(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(amount="2", unit="hours", text_en="Soon!")
    answer = await client.post(address(event, "/60"), data=form)
    assert answer.headers["location"] == address(event, "/120")
    shown = (await client.get(address(event, "/120"))).text
    assert 'value="2"' in shown and "Soon!" in shown
    for _ in range(2):
        await client.post(address(event, "/120/remove"))
    assert await reminders_of(event.id) == [USUAL[0]]


async def test_none_at_all_and_back_to_the_usual(
    client: httpx.AsyncClient, event: Event
) -> None:
    for key in ("60", "1440"):
        await client.post(address(event, f"/{key}/remove"))
    shown = (await client.get(address(event))).text
    assert "Nobody is reminded of this event." in shown
    await client.post(address(event, "/usual"))
    assert await reminders_of(event.id) == list(USUAL)


async def test_the_letter_is_shown_for_each_kind_of_recipient(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(text_en="Bring a pen.", text_de="Bitte Stift mitbringen.")
    await client.post(address(event), data=form)
    shown = (await client.get(address(event, "/4320"))).text
    assert shown.count("Reminder: Youth forum") == 2
    assert shown.count("Erinnerung: Forum Jugend") == 2
    assert shown.count("Bring a pen.") >= 2 and "Bitte Stift mitbringen." in shown
    assert "To the entrance" in shown and "Rathaus" in shown
    assert "/my/personal-link" in shown
    only_online = filled(amount="4", mode="online")
    await client.post(address(event), data=only_online)
    shown = (await client.get(address(event, "/5760-online"))).text
    assert shown.count("Reminder: Youth forum") == 1


async def test_the_page_tells_what_became_of_them(
    client: httpx.AsyncClient, event: Event
) -> None:
    start = clock.now() + HOUR / 2
    times = {"starts_at": start, "ends_at": start + HOUR}
    await Event.filter(id=event.id).update(**times)
    assert "Nobody was reminded then." in (await client.get(address(event))).text
    for name in ("Anna", "Berta"):
        await takes_part(event, name)
    await remind(str(event.id), 1440)
    await remind(str(event.id), 60)
    shown = (await client.get(address(event))).text
    assert "2 people were written to" in shown
    assert "2 people were not reminded: the next reminder was due" in shown


async def test_a_copy_of_the_event_has_its_reminders(
    client: httpx.AsyncClient, event: Event
) -> None:
    await client.post(address(event), data=filled(text_en="Bring a pen."))
    shown = await client.get(f"/desk/events/{event.id}/copy")
    assert shown.status_code == 200
    day = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%d")
    form = {
        "kind": "forum",
        "title_en": "Again",
        "timezone": "Europe/Berlin",
        "starts_at": f"{day}T14:00",
        "modes": ["onsite", "online"],
        "place_name": "Rathaus",
    }
    answer = await client.post(f"/desk/events/{event.id}/copy", data=form)
    assert answer.status_code == 303, answer.text
    (copy,) = [it for it in await Event.all() if it.id != event.id]
    assert len(await reminders_of(copy.id)) == 3


async def test_a_draft_and_an_event_called_off_say_so(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(status=Status.DRAFT)
    shown = (await client.get(address(event))).text
    assert "They go out once the event is published." in shown
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    shown = (await client.get(address(event))).text
    assert "nobody is reminded any more" in shown and "<form" in shown
    assert "Add a reminder" not in shown


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    await otto_signed_in(client)
    for step in ("", "/1440"):
        assert (await client.get(address(event, step))).status_code == 404
        answer = await client.post(address(event, step), data=filled())
        assert answer.status_code == 404
    for step in ("/usual", "/1440/remove"):
        assert (await client.post(address(event, step))).status_code == 404
    assert not await ReminderRule.exists() and not await Job.exists()


async def test_a_reader_sees_them_and_changes_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)
    shown = await client.get(address(event))
    assert shown.status_code == 200 and "Add a reminder" not in shown.text
    assert (await client.get(address(event, "/60"))).status_code == 200
    for step in ("", "/usual", "/60", "/60/remove"):
        answer = await client.post(address(event, step), data=filled())
        assert answer.status_code == 403
    assert await reminders_of(event.id) == list(USUAL)


async def test_what_is_no_reminder_is_not_found(
    client: httpx.AsyncClient, event: Event
) -> None:
    other = await an_event(await an_organiser())
    for step in ("/61", "/usual", "/x"):
        assert (await client.get(address(event, step))).status_code == 404
    assert (await client.get(address(other, "/60"))).status_code == 404
