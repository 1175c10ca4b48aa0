"""What organisers do with the reminders of an event: set, change, drop, copy them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.outbox import withdraw
from werkraum_registration.models import ReminderPlan, ReminderRule
from werkraum_registration.reminder_times import USUAL, Reminder
from werkraum_registration.reminders import key_of, reminders_of, schedule

MOST = 10


@unit_of_work
async def put(
    organiser_id: UUID,
    event_id: UUID,
    reminder: Reminder,
    *,
    instead_of: str = "",
    actor: str,
    now: datetime,
) -> None:
    """Add a reminder, or change the one with the key `instead_of`.

    Putting what is there changes nothing. Raises `NotFound`, and `InvalidInput`
    where another one of this time is there or there are too many.
    """
    event = await event_of(organiser_id, event_id)
    before = await _entered(event)
    if reminder in before and instead_of in ("", reminder.key):
        return
    after = [it for it in before if it.key != instead_of]
    if any(it.key == reminder.key for it in after):
        said = gettext("There is a reminder of this time already.")
        raise InvalidInput([Fault("amount", "already_there", said)])
    if len(after) >= MOST:
        said = gettext("There are %(most)s reminders already.", most=MOST)
        raise InvalidInput([Fault("amount", "too_many", said)])
    await _replace(event, before, [*after, reminder], actor=actor, now=now)


@unit_of_work
async def remove(
    organiser_id: UUID, event_id: UUID, key: str, *, actor: str, now: datetime
) -> None:
    """Drop a reminder; without the last one nobody is reminded. Harmless twice."""
    event = await event_of(organiser_id, event_id)
    before = await _entered(event)
    after = [it for it in before if it.key != key]
    if after != before:
        await _replace(event, before, after, actor=actor, now=now)


@unit_of_work
async def use_usual(
    organiser_id: UUID, event_id: UUID, *, actor: str, now: datetime
) -> None:
    """Go back to the usual reminders. Harmless twice."""
    event = await event_of(organiser_id, event_id)
    before = await _entered(event)
    if before != list(USUAL):
        await _replace(event, before, USUAL, actor=actor, now=now)


@unit_of_work
async def copy(model_id: UUID, event_id: UUID) -> None:
    """Give a new event the reminders of another one."""
    if not await ReminderPlan.exists(event_id=model_id):
        return
    await ReminderPlan.create(event_id=event_id)
    for it in await reminders_of(model_id):
        await _write(event_id, it)


async def _entered(event: Event) -> list[Reminder]:
    """Lock the reminders of an event; whoever else changes them waits."""
    there = await reminders_of(event.id)
    made = await changed(
        "INSERT INTO reminder_plan (id, event_id) VALUES (:id, :event)"
        " ON CONFLICT (event_id) DO NOTHING",
        id=uuid7(),
        event=event.id,
    )
    if made:
        for it in there:
            await _write(event.id, it)
        return there
    await rows(
        "UPDATE reminder_plan SET event_id = event_id WHERE event_id = :event"
        " RETURNING id",
        event=event.id,
    )
    return await reminders_of(event.id)


async def _replace(
    event: Event,
    before: Sequence[Reminder],
    after: Sequence[Reminder],
    *,
    actor: str,
    now: datetime,
) -> None:
    await ReminderRule.filter(event_id=event.id).delete()
    for it in after:
        await _write(event.id, it)
    # One that stays may be overdue: it must not be written anew, or it is lost.
    gone = {it.minutes_before for it in before} - {it.minutes_before for it in after}
    for minutes in gone:
        await withdraw(key_of(event.id, minutes))
    await schedule(event.id, now)
    await audit.record(
        event.organiser_id,
        "event.reminders",
        event.id,
        actor=actor,
        now=now,
        changes={"reminders": [_noted(before), _noted(after)]},
    )


async def _write(event_id: UUID, it: Reminder) -> None:
    await ReminderRule.create(
        event_id=event_id,
        minutes_before=it.minutes_before,
        mode=it.mode,
        text=it.text,
    )


def _noted(reminders: Sequence[Reminder]) -> list[dict[str, object]]:
    return [{"when": it.key, "text": it.text} for it in reminders]
