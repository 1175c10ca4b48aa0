"""Reminders move with the event and reach everybody with a seat once."""

from datetime import datetime, timedelta

import pytest
from tests.registration.conftest import Registers

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.models import Job
from werkraum_registration.models import SeatPool
from werkraum_registration.registrations import cancel
from werkraum_registration.reminders import fan_out, remind, schedule
from werkraum_registration.rules import Reminder


async def due_times(event: Event) -> dict[str, timedelta]:
    """Tell how long before the start each reminder goes out."""
    jobs = await Job.filter(name="reminder:due")
    start = clock.milliseconds(event.starts_at)
    return {job.args["kind"]: timedelta(milliseconds=start - job.due) for job in jobs}


async def letters() -> list[Job]:
    return await Job.filter(name="letter:reminder").order_by("id")


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def test_scheduling_twice_sets_each_reminder_once(
    one_seat: Event, now: datetime
) -> None:
    for _ in range(2):
        await schedule(one_seat.id, now)
    assert await due_times(one_seat) == {"day": DAY, "hour": HOUR}


async def test_the_reminders_move_with_the_event(
    one_seat: Event, now: datetime
) -> None:
    await schedule(one_seat.id, now)
    one_seat.starts_at += 3 * HOUR
    await one_seat.save()
    await schedule(one_seat.id, now)
    assert await due_times(one_seat) == {"day": DAY, "hour": HOUR}


async def test_an_event_called_off_reminds_nobody(
    one_seat: Event, now: datetime
) -> None:
    await schedule(one_seat.id, now)
    await Event.filter(id=one_seat.id).update(status=Status.CANCELLED)
    await schedule(one_seat.id, now)
    assert await due_times(one_seat) == {}


async def test_an_event_published_on_the_eve_has_the_late_reminder_only(
    one_seat: Event,
) -> None:
    await schedule(one_seat.id, one_seat.starts_at - 5 * HOUR)
    assert await due_times(one_seat) == {"hour": HOUR}


async def test_only_people_with_a_seat_are_reminded_and_once(
    one_seat: Event, registers: Registers
) -> None:
    anna = await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    for _ in range(2):
        await fan_out(one_seat.id, Reminder.DAY, one_seat.starts_at)
    args = [job.args for job in await letters()]
    start = one_seat.starts_at.isoformat()
    assert args == [
        {"registration_id": str(anna.id), "kind": "day", "starts_at": start}
    ]


async def test_nobody_is_reminded_twice_after_the_letters_are_gone(
    one_seat: Event, registers: Registers
) -> None:
    await registers(one_seat, "Anna")
    await fan_out(one_seat.id, Reminder.DAY, one_seat.starts_at)
    await Job.all().delete()
    await fan_out(one_seat.id, Reminder.DAY, one_seat.starts_at)
    assert await letters() == []


async def test_after_a_move_people_are_reminded_of_the_new_time(
    one_seat: Event, registers: Registers
) -> None:
    await registers(one_seat, "Anna")
    await fan_out(one_seat.id, Reminder.HOUR, one_seat.starts_at)
    await fan_out(one_seat.id, Reminder.HOUR, one_seat.starts_at + DAY)
    assert len(await letters()) == 2


async def test_a_long_list_is_handed_over_in_batches(
    one_seat: Event, registers: Registers
) -> None:
    await SeatPool.all().update(seats=None)
    for number in range(201):
        await registers(one_seat, f"P{number}")
    await fan_out(one_seat.id, Reminder.DAY, one_seat.starts_at)
    assert len({job.args["registration_id"] for job in await letters()}) == 201


@pytest.mark.parametrize(
    ("start", "letters_sent"),
    [(HOUR / 2, 1), (5 * HOUR, 0), (-HOUR, 0)],
    ids=["due", "moved away", "begun"],
)
async def test_a_reminder_looks_at_the_event_as_it_is_by_now(
    one_seat: Event, registers: Registers, start: timedelta, letters_sent: int
) -> None:
    await registers(one_seat, "Anna")
    moved = clock.now() + start
    await Event.filter(id=one_seat.id).update(starts_at=moved, ends_at=moved + 2 * HOUR)
    await remind(str(one_seat.id), "hour")
    assert len(await letters()) == letters_sent


async def test_whoever_cancels_is_not_reminded(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await cancel(anna.id, actor=ATTENDEE, now=now)
    await fan_out(one_seat.id, Reminder.DAY, one_seat.starts_at)
    assert await letters() == []
