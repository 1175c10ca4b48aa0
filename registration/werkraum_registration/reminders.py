"""Reminders: a day and an hour before, at the time the event has by then.

1. `schedule` writes a job for each reminder still ahead, and moves it with the event.
2. When it is due, `fan_out` hands everybody with a seat to the letters: one job
   "letter:reminder" each, written together with the note that it was.
"""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox import enqueue, job, reschedule, withdraw
from werkraum_registration.rules import Reminder, reminder_due

BATCH = 200

# The column that notes for which start a reminder was handed over.
NOTES = {
    Reminder.DAY: "day_reminder_for",
    Reminder.HOUR: "hour_reminder_for",
}


@unit_of_work
async def schedule(event_id: UUID, now: datetime) -> None:
    """Set the times of an event's reminders; call it when it is published or changed.

    Harmless the second time. An event published too late for a reminder gets none;
    one that moves so close that a reminder is late sends it at once.
    """
    event = await Event.get(id=event_id)
    for kind in Reminder:
        key = f"reminder:{event_id}:{kind.value}"
        due = reminder_due(event.starts_at, event.timezone, kind)
        if event.status is not Status.PUBLISHED or event.starts_at <= now:
            await withdraw(key)
        elif not await reschedule(key, due) and due > now:
            await enqueue(
                "reminder:due",
                {"event_id": str(event_id), "kind": kind.value},
                due=due,
                dedupe=key,
                organiser_id=event.organiser_id,
            )


@job("reminder:due")
async def remind(event_id: str, kind: str) -> None:
    """Hand the reminder over, unless the event has moved or is off by now."""
    event = await Event.get_or_none(id=UUID(event_id))
    if event is None or event.status is not Status.PUBLISHED:
        return
    now = clock.now()
    if reminder_due(event.starts_at, event.timezone, Reminder(kind)) <= now:
        if now < event.starts_at:
            await fan_out(event.id, Reminder(kind), event.starts_at)


async def fan_out(event_id: UUID, kind: Reminder, starts_at: datetime) -> None:
    """Enqueue "letter:reminder" once for everybody with a seat and this start.

    Its arguments: registration_id, kind ("day", "hour"), starts_at (ISO 8601, UTC).
    Called again, it goes on where it was interrupted.
    """
    while await _hand_over(event_id, kind, starts_at):
        pass


@unit_of_work
async def _hand_over(event_id: UUID, kind: Reminder, starts_at: datetime) -> int:
    note = NOTES[kind]
    found = await rows(
        f"UPDATE registration SET {note} = :start WHERE id IN (SELECT id"
        " FROM registration WHERE event_id = :event AND state = 'confirmed'"
        f" AND ({note} IS NULL OR {note} <> :start) ORDER BY id LIMIT :batch)"
        " RETURNING id, (SELECT organiser_id FROM event WHERE id = :event)"
        " AS organiser",
        start=starts_at,
        event=event_id,
        batch=BATCH,
    )
    for row in found:
        await enqueue(
            "letter:reminder",
            {
                "registration_id": str(row["id"]),
                "kind": kind.value,
                "starts_at": starts_at.isoformat(),
            },
            dedupe=f"letter:reminder:{kind.value}:{row['id']}:{starts_at.isoformat()}",
            organiser_id=UUID(str(row["organiser"])),
        )
    return len(found)
