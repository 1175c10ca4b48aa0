"""Reminders move with the event and reach everybody with a seat once."""

from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import claim, run
from werkraum_registration import reminders
from werkraum_registration.models import (
    Reminded,
    ReminderPlan,
    ReminderRule,
    State,
)
from werkraum_registration.reminder_times import Pointless
from werkraum_registration.reminders import outcomes_of, remind, schedule

HOURS = timedelta(hours=1)
DAY, HOUR = 24 * 60, 60


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now)


async def a_soon_event(in_time: timedelta) -> Event:
    """Make one that begins so soon by the real clock, which jobs look at."""
    start = clock.now() + in_time
    end = start + 2 * HOURS
    return await an_event(await an_organiser(), starts_at=start, ends_at=end)


async def due_times(event: Event) -> dict[int, timedelta]:
    """Tell how long before the start each reminder goes out."""
    jobs = await Job.filter(name="reminder:due")
    start = clock.milliseconds(event.starts_at)
    return {
        job.args["minutes_before"]: timedelta(milliseconds=start - job.due)
        for job in jobs
    }


async def reminded() -> list[dict[str, object]]:
    jobs = await Job.filter(name="letter:reminder").order_by("id")
    return [job.args for job in jobs]


USUAL = {DAY: 24 * HOURS, HOUR: HOURS}


async def test_scheduling_twice_sets_each_reminder_once(
    event: Event, now: datetime
) -> None:
    for _ in range(2):
        await schedule(event.id, now)
    assert await due_times(event) == USUAL


async def test_the_reminders_move_with_the_event(event: Event, now: datetime) -> None:
    await schedule(event.id, now)
    event.starts_at += 3 * HOURS
    await event.save()
    await schedule(event.id, now)
    assert await due_times(event) == USUAL


async def test_a_reminder_is_not_lost_where_the_event_moves_while_it_begins(
    event: Event, now: datetime
) -> None:
    await schedule(event.id, now)
    await Job.filter(dedupe=reminders.key_of(event.id, DAY)).update(due=0)
    (begun,) = await claim(1)
    event.starts_at += 48 * HOURS
    await event.save()
    await schedule(event.id, now)
    await run(begun)
    assert await due_times(event) == USUAL


async def test_an_event_called_off_reminds_nobody(event: Event, now: datetime) -> None:
    await schedule(event.id, now)
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    await schedule(event.id, now)
    assert await due_times(event) == {}


async def test_an_event_published_on_the_eve_has_the_late_reminder_only(
    event: Event,
) -> None:
    await schedule(event.id, event.starts_at - 5 * HOURS)
    assert await due_times(event) == {HOUR: HOURS}


async def test_an_event_may_remind_nobody(event: Event, now: datetime) -> None:
    await ReminderPlan.create(event_id=event.id)
    await schedule(event.id, now)
    assert await due_times(event) == {}


async def test_only_people_with_a_seat_are_reminded_and_once(database: str) -> None:
    event = await a_soon_event(20 * HOURS)
    anna = await takes_part(event)
    for state in set(State) - {State.CONFIRMED}:
        await takes_part(event, state.value.replace("_", "-"), state=state)
    for _ in range(2):
        await remind(str(event.id), DAY)
    assert await reminded() == [
        {
            "registration_id": str(anna.id),
            "minutes_before": DAY,
            "starts_at": event.starts_at.isoformat(),
        }
    ]


async def test_nobody_is_reminded_twice_after_the_letters_are_gone(
    database: str,
) -> None:
    event = await a_soon_event(20 * HOURS)
    await takes_part(event)
    await remind(str(event.id), DAY)
    await Job.all().delete()
    await remind(str(event.id), DAY)
    assert await reminded() == []


async def test_after_a_move_people_are_reminded_of_the_new_time(database: str) -> None:
    event = await a_soon_event(20 * HOURS)
    await takes_part(event)
    await remind(str(event.id), DAY)
    event.starts_at += HOURS
    await event.save()
    await remind(str(event.id), DAY)
    assert len(await reminded()) == 2


async def test_a_long_list_goes_in_batches_and_a_killed_one_goes_on(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await a_soon_event(20 * HOURS)
    people = {str((await takes_part(event, f"P{n}")).id) for n in range(5)}
    monkeypatch.setattr(reminders, "BATCH", 2)
    for _ in range(2):
        # As if the first process had died before it could end its job.
        await remind(str(event.id), DAY)
    for job in await Job.filter(name="reminder:due").order_by("id"):
        await remind(**job.args)
    for job in await Job.filter(name="reminder:due").order_by("id"):
        await remind(**job.args)
    written_to = [args["registration_id"] for args in await reminded()]
    assert len(written_to) == 5 and set(written_to) == people


@pytest.mark.parametrize(
    ("start", "letters_sent"),
    [(HOURS / 2, 1), (5 * HOURS, 0), (-HOURS, 0)],
    ids=["due", "moved away", "begun"],
)
async def test_a_reminder_looks_at_the_event_as_it_is_by_now(
    database: str, start: timedelta, letters_sent: int
) -> None:
    event = await a_soon_event(start)
    await takes_part(event)
    await remind(str(event.id), HOUR)
    assert len(await reminded()) == letters_sent


@pytest.mark.parametrize(
    ("start", "why"),
    [(HOURS / 2, Pointless.OVERTAKEN), (-HOURS, Pointless.BEGUN)],
    ids=["the hour is near", "begun"],
)
async def test_what_comes_too_late_is_noted_for_each_person(
    database: str, start: timedelta, why: Pointless
) -> None:
    event = await a_soon_event(start)
    await takes_part(event)
    await takes_part(event, "Berta")
    for _ in range(2):
        await remind(str(event.id), DAY)
    assert await reminded() == []
    (outcome,) = await outcomes_of(event)
    assert (outcome.dropped, outcome.people) == (why, 2)


async def test_a_reminder_for_one_mode_leaves_the_others_alone(database: str) -> None:
    event = await a_soon_event(HOURS / 2)
    await takes_part(event, "Anna", Mode.ONSITE)
    berta = await takes_part(event, "Berta", Mode.ONLINE)
    await ReminderPlan.create(event_id=event.id)
    await ReminderRule.create(event_id=event.id, minutes_before=45, mode=Mode.ONLINE)
    await remind(str(event.id), 45)
    assert [args["registration_id"] for args in await reminded()] == [str(berta.id)]


async def test_a_reminder_that_was_dropped_in_time_reminds_nobody(
    database: str,
) -> None:
    event = await a_soon_event(HOURS / 2)
    await takes_part(event)
    await ReminderPlan.create(event_id=event.id)
    await remind(str(event.id), HOUR)
    assert await reminded() == [] and not await Reminded.exists()


async def test_whoever_was_erased_is_not_reminded(database: str) -> None:
    event = await a_soon_event(20 * HOURS)
    anna = await takes_part(event)
    anna.email = ""
    await anna.save()
    await remind(str(event.id), DAY)
    assert await reminded() == []
