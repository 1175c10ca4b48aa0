"""The letter before an event: its words, what is added, and when it stays unwritten."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser
from tests.registration.joining import a_workshop
from tests.registration.people_by_hand import takes_part
from tests.server.postbox import (
    delivered,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import Job
from werkraum_foundation.outbox import enqueue
from werkraum_registration import changes
from werkraum_registration.changes import Details
from werkraum_registration.models import (
    Registration,
    ReminderPlan,
    ReminderRule,
    State,
)
from werkraum_registration.reminders import outcomes_of, remind

HOUR = timedelta(hours=1)
enqueue_now = unit_of_work(enqueue)


@pytest.fixture(autouse=True)
async def postbox(client: httpx.AsyncClient) -> None:
    throw_away()


async def a_soon_event(in_time: timedelta = 20 * HOUR) -> Event:
    start = clock.now().replace(microsecond=0) + in_time
    end = start + 2 * HOUR
    return await an_event(await an_organiser(), starts_at=start, ends_at=end)


async def reminded(
    to: Registration, starts_at: datetime, minutes: int = 1440
) -> list[EmailMessage]:
    args = {
        "registration_id": str(to.id),
        "minutes_before": minutes,
        "starts_at": starts_at.isoformat(),
    }
    await enqueue_now("letter:reminder", args)
    return await delivered()


async def adds(event: Event, mode: Mode | None = None, **texts: str) -> None:
    if not await ReminderPlan.exists(event_id=event.id):
        await ReminderPlan.create(event_id=event.id)
    await ReminderRule.create(
        event_id=event.id, minutes_before=1440, mode=mode, text=texts
    )


@pytest.mark.parametrize(
    ("in_time", "minutes", "words"),
    [
        (20 * HOUR, 1440, "See you soon"),
        (HOUR / 2, 60, "It starts in an hour"),
    ],
)
async def test_a_reminder_begins_with_the_door(
    in_time: timedelta, minutes: int, words: str
) -> None:
    event = await a_soon_event(in_time)
    anna = await takes_part(event, mode=Mode.ONLINE)
    (letter,) = await reminded(anna, event.starts_at, minutes)
    text = text_of(letter)
    assert text.index("/door") < text.index("Youth forum")
    assert text.startswith(words)
    assert str(letter["Subject"]).startswith("Reminder: Youth forum")
    must_say_the_same(text, html_of(letter))


async def test_a_reminder_names_what_was_chosen_and_the_place_in_line() -> None:
    event = await a_soon_event()
    workshop = await a_workshop(event, "A", seats=1)
    first, second = await takes_part(event, "Anna"), await takes_part(event, "Berta")
    for each in (first, second):
        chosen = Details(each.name, sessions=frozenset({workshop.id}))
        await changes.change(each.id, chosen, actor="attendee", now=clock.now())
    await Job.all().delete()
    [anna] = await reminded(first, event.starts_at)
    [berta] = await reminded(second, event.starts_at)
    assert "Workshop A: " in text_of(anna)
    assert "No seat yet" not in unwrapped(anna)
    assert "you wait, as number 1" in unwrapped(berta)
    for letter in (anna, berta):
        must_say_the_same(text_of(letter), html_of(letter))


async def test_from_the_job_to_the_letter_once_for_each() -> None:
    event = await a_soon_event()
    for name in ("Anna", "Berta"):
        await takes_part(event, name)
    await takes_part(event, "Cem", state=State.WAITLISTED)
    for _ in range(2):
        await remind(str(event.id), 1440)
    letters = await delivered()
    assert {str(letter["To"]) for letter in letters} == {
        "Anna <anna@attendee.example>",
        "Berta <berta@attendee.example>",
    }
    assert len(letters) == 2


async def test_what_the_organiser_adds_stands_in_it_in_each_language() -> None:
    event = await a_soon_event()
    text = "Bring <b>a pen</b>.\nAnd paper.\n\nPark behind the house."
    await adds(event, en=text, de="Bitte Stift mitbringen.")
    anna = await takes_part(event)
    (letter,) = await reminded(anna, event.starts_at)
    words = text_of(letter).replace("\r\n", "\n")
    assert "Bring <b>a pen</b>.\nAnd paper.\n\nPark behind the house." in words
    assert "<b>a pen" not in html_of(letter)
    must_say_the_same(words, html_of(letter))
    berta = await takes_part(event, "Berta", language="de")
    (letter,) = await reminded(berta, event.starts_at)
    assert "Bitte Stift mitbringen." in text_of(letter)


async def test_a_text_for_one_mode_goes_to_those_alone() -> None:
    event = await a_soon_event()
    await adds(event, en="For all.")
    await adds(event, Mode.ONLINE, en="Test your microphone.")
    anna = await takes_part(event, mode=Mode.ONSITE)
    berta = await takes_part(event, "Berta", Mode.ONLINE)
    (for_anna,) = await reminded(anna, event.starts_at)
    (for_berta,) = await reminded(berta, event.starts_at)
    assert "For all." in text_of(for_anna)
    assert "microphone" in text_of(for_berta) and "For all." not in text_of(for_berta)


async def test_whoever_pressed_no_button_is_not_named() -> None:
    event = await a_soon_event()
    anna = await takes_part(event, "Anna Spammer", vouched=False, email="a@x.org")
    (letter,) = await reminded(anna, event.starts_at)
    assert "Spammer" not in unwrapped(letter) + str(letter["To"])
    assert link_in(letter, "/my/")


async def test_no_reminder_of_a_start_that_has_moved() -> None:
    event = await a_soon_event()
    anna = await takes_part(event)
    assert await reminded(anna, event.starts_at - HOUR) == []


async def test_no_reminder_of_what_is_called_off_or_left() -> None:
    event = await a_soon_event()
    anna = await takes_part(event, state=State.CANCELLED)
    assert await reminded(anna, event.starts_at) == []
    berta = await takes_part(event, "Berta")
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    assert await reminded(berta, event.starts_at) == []


async def test_no_reminder_that_was_removed_in_time() -> None:
    event = await a_soon_event()
    anna = await takes_part(event)
    await ReminderPlan.create(event_id=event.id)
    assert await reminded(anna, event.starts_at) == []


async def test_a_letter_held_up_until_it_helps_nobody_is_noted() -> None:
    event = await a_soon_event()
    await takes_part(event)
    await remind(str(event.id), 1440)
    # As if the mail server had been away for a day.
    start = clock.now() + HOUR / 2
    args = {"starts_at": start, "ends_at": start + HOUR}
    await Event.filter(id=event.id).update(**args)
    moved = await Event.get(id=event.id)
    await remind(str(event.id), 1440)
    assert await delivered() == []
    (outcome,) = await outcomes_of(moved)
    assert (outcome.dropped, outcome.people) == ("overtaken", 1)
