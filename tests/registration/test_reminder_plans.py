"""Organisers set the reminders of an event, to none if they like."""

from datetime import datetime

import pytest
from tests.people import an_event, an_organiser
from tests.registration.test_reminders import due_times

from werkraum_events.models import Event, Mode
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import NotFound
from werkraum_registration import reminder_plans
from werkraum_registration.reminder_times import USUAL, Reminder
from werkraum_registration.reminders import reminders_of, schedule

DAY, HOUR = 24 * 60, 60
WEEK = Reminder(7 * DAY, Mode.ONSITE, {"de": "Bringen Sie Ihren Ausweis mit."})
OLGA = "person:olga"


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    made = await an_event(await an_organiser(), now=now)
    await schedule(made.id, now)
    return made


async def puts(event: Event, it: Reminder, now: datetime, instead_of: str = "") -> None:
    await reminder_plans.put(
        event.organiser_id,
        event.id,
        it,
        instead_of=instead_of,
        actor=OLGA,
        now=now,
    )


async def removes(event: Event, key: str, now: datetime) -> None:
    await reminder_plans.remove(event.organiser_id, event.id, key, actor=OLGA, now=now)


async def test_the_usual_ones_go_out_unless_something_is_set(event: Event) -> None:
    assert await reminders_of(event.id) == list(USUAL)


async def test_one_more_stands_beside_the_usual_ones(
    event: Event, now: datetime
) -> None:
    for _ in range(2):
        await puts(event, WEEK, now)
    assert await reminders_of(event.id) == [WEEK, *USUAL]
    assert set(await due_times(event)) == {7 * DAY, DAY, HOUR}
    noted = await AuditEntry.get(action="event.reminders")
    assert noted.changes["reminders"][1][-1]["when"] == "10080-onsite"


async def test_another_time_moves_the_job(event: Event, now: datetime) -> None:
    await puts(event, Reminder(30), now, instead_of="60")
    assert await reminders_of(event.id) == [Reminder(DAY), Reminder(30)]
    assert set(await due_times(event)) == {DAY, 30}


async def test_without_the_last_one_nobody_is_reminded(
    event: Event, now: datetime
) -> None:
    for key in ("60", "1440", "1440"):
        await removes(event, key, now)
    assert await reminders_of(event.id) == []
    assert await due_times(event) == {}


async def test_the_usual_ones_come_back(event: Event, now: datetime) -> None:
    await removes(event, "60", now)
    await reminder_plans.use_usual(event.organiser_id, event.id, actor=OLGA, now=now)
    assert await reminders_of(event.id) == list(USUAL)
    assert set(await due_times(event)) == {DAY, HOUR}


async def test_two_of_one_time_are_refused(event: Event, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        await puts(event, Reminder(HOUR, None, {"de": "Bis gleich!"}), now)
    with pytest.raises(InvalidInput):
        await puts(event, Reminder(HOUR), now, instead_of="1440")
    assert await reminders_of(event.id) == list(USUAL)


async def test_more_than_ten_are_refused(event: Event, now: datetime) -> None:
    for minutes in range(100, 108):
        await puts(event, Reminder(minutes), now)
    with pytest.raises(InvalidInput):
        await puts(event, Reminder(99), now)
    assert len(await reminders_of(event.id)) == 10


async def test_a_copy_has_the_same_reminders(event: Event, now: datetime) -> None:
    other = await an_event(await an_organiser(), now=now)
    await puts(event, WEEK, now)
    await removes(event, "60", now)
    await reminder_plans.copy(event.id, other.id)
    assert await reminders_of(other.id) == [WEEK, Reminder(DAY)]


async def test_a_copy_of_none_has_none(event: Event, now: datetime) -> None:
    other = await an_event(await an_organiser(), now=now)
    for key in ("60", "1440"):
        await removes(event, key, now)
    await reminder_plans.copy(event.id, other.id)
    assert await reminders_of(other.id) == []


async def test_otto_sets_nothing_at_olgas_event(event: Event, now: datetime) -> None:
    otto = await an_organiser("Another office")
    with pytest.raises(NotFound):
        await reminder_plans.put(otto.id, event.id, WEEK, actor="otto", now=now)
    assert await reminders_of(event.id) == list(USUAL)
