"""Reminders: before the start, at the time the event has by then.

1. `schedule` writes a job for each reminder still ahead, and moves it with the event.
2. When it is due, `remind` hands everybody with a seat to the letters: one job
   "letter:reminder" each, written together with the note that it was. A long list
   goes in batches, one job after the other, so that other letters get in between.
3. What comes late (the program was away) and would be pointless is noted and not sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.database import changed, moment, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import enqueue, job, reschedule, withdraw
from werkraum_registration.models import ReminderPlan, ReminderRule
from werkraum_registration.reminder_times import (
    USUAL,
    Pointless,
    Reminder,
    due,
    reminder_for,
    why_pointless,
)

BATCH = 100


async def reminders_of(event_id: UUID) -> list[Reminder]:
    """List the reminders of an event, the earliest first; the usual ones unless set."""
    rules = await ReminderRule.filter(event_id=event_id)
    if not rules and not await ReminderPlan.exists(event_id=event_id):
        return list(USUAL)
    found = [Reminder(it.minutes_before, it.mode, it.text) for it in rules]
    return sorted(found, key=lambda it: (-it.minutes_before, it.key))


def key_of(event_id: UUID, minutes_before: int) -> str:
    """Name the job that waits for a reminder's time."""
    return f"reminder:{event_id}:{minutes_before}"


@unit_of_work
async def schedule(event_id: UUID, now: datetime) -> None:
    """Set the times of an event's reminders; call it when it is published or changed.

    Harmless the second time. An event published too late for a reminder gets none;
    one that moves so close that a reminder is late sends it at once, unless the
    next one is due too.
    """
    event = await Event.get(id=event_id)
    for minutes in {it.minutes_before for it in await reminders_of(event_id)}:
        key = key_of(event_id, minutes)
        at = due(event.starts_at, event.timezone, minutes)
        if event.status is not Status.PUBLISHED or event.starts_at <= now:
            await withdraw(key)
        elif not await reschedule(key, at) and at > now:
            await enqueue(
                "reminder:due",
                {"event_id": str(event_id), "minutes_before": minutes},
                due=at,
                dedupe=key,
                organiser_id=event.organiser_id,
            )


@job("reminder:due")
async def remind(event_id: str, minutes_before: int, after: str | None = None) -> None:
    """Hand the reminder over, unless the event has moved away or is off by now."""
    event = await Event.get_or_none(id=UUID(event_id))
    if event is None or event.status is not Status.PUBLISHED:
        return
    now = clock.now()
    if due(event.starts_at, event.timezone, minutes_before) <= now:
        last = UUID(after) if after else UUID(int=0)
        await hand_over(event, minutes_before, after=last, now=now)


@unit_of_work
async def hand_over(
    event: Event, minutes_before: int, *, after: UUID, now: datetime
) -> None:
    """Enqueue "letter:reminder" once for each of the next with a seat and this start.

    Its arguments: registration_id, minutes_before, starts_at (ISO 8601, UTC). Called
    again, it goes on where it was interrupted.
    """
    reminders = await reminders_of(event.id)
    modes = [it for it in Mode if reminder_for(reminders, minutes_before, it)]
    batch = await _not_reminded(event, minutes_before, modes, after)
    for registration_id, mode in batch:
        why = why_pointless(
            reminders,
            minutes_before,
            mode,
            starts_at=event.starts_at,
            timezone=event.timezone,
            now=now,
        )
        if await _note(event, registration_id, minutes_before, why, now) and not why:
            await _enqueue_letter(event, registration_id, minutes_before)
    if len(batch) == BATCH:
        last = str(batch[-1][0])
        await enqueue(
            "reminder:due",
            {
                "event_id": str(event.id),
                "minutes_before": minutes_before,
                "after": last,
            },
            dedupe=f"{key_of(event.id, minutes_before)}:{last}",
            organiser_id=event.organiser_id,
        )


async def _not_reminded(
    event: Event, minutes_before: int, modes: Sequence[Mode], after: UUID
) -> list[tuple[UUID, Mode]]:
    names = "', '".join(mode.value for mode in modes)
    found = await rows(
        "SELECT r.id, r.mode FROM registration r WHERE r.event_id = :event"
        f" AND r.state = 'confirmed' AND r.email <> '' AND r.mode IN ('{names}')"
        " AND r.id > :after AND NOT EXISTS (SELECT 1 FROM reminded d"
        " WHERE d.registration_id = r.id AND d.minutes_before = :minutes"
        " AND d.starts_at = :start) ORDER BY r.id LIMIT :batch",
        event=event.id,
        after=after,
        minutes=minutes_before,
        start=event.starts_at,
        batch=BATCH,
    )
    return [(UUID(str(it["id"])), Mode(it["mode"])) for it in found]


async def _note(
    event: Event,
    registration_id: UUID,
    minutes_before: int,
    why: Pointless | None,
    now: datetime,
) -> bool:
    """Note that somebody is reminded of this start, or why not; False if noted."""
    noted = await changed(
        "INSERT INTO reminded (id, registration_id, minutes_before, starts_at, at,"
        " dropped) VALUES (:id, :registration, :minutes, :start, :now, :why)"
        " ON CONFLICT DO NOTHING",
        id=uuid7(),
        registration=registration_id,
        minutes=minutes_before,
        start=event.starts_at,
        now=now,
        why=why.value if why else "",
    )
    return noted > 0


async def _enqueue_letter(
    event: Event, registration_id: UUID, minutes_before: int
) -> None:
    start = event.starts_at.isoformat()
    await enqueue(
        "letter:reminder",
        {
            "registration_id": str(registration_id),
            "minutes_before": minutes_before,
            "starts_at": start,
        },
        dedupe=f"letter:reminder:{minutes_before}:{registration_id}:{start}",
        organiser_id=event.organiser_id,
    )


@unit_of_work
async def note_dropped(
    registration_id: UUID, minutes_before: int, starts_at: datetime, why: Pointless
) -> None:
    """Note that a letter came too late after all."""
    await changed(
        "UPDATE reminded SET dropped = :why WHERE registration_id = :registration"
        " AND minutes_before = :minutes AND starts_at = :start",
        why=why.value,
        registration=registration_id,
        minutes=minutes_before,
        start=starts_at,
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a reminder: how many were written to, or why not."""

    minutes_before: int
    dropped: Pointless | None
    people: int
    at: datetime


async def outcomes_of(event: Event) -> list[Outcome]:
    """Tell what became of the reminders of the start an event has; one query."""
    found = await rows(
        "SELECT d.minutes_before, d.dropped, count(*) AS people, min(d.at) AS at"
        " FROM reminded d JOIN registration r ON r.id = d.registration_id"
        " WHERE r.event_id = :event AND d.starts_at = :start"
        " GROUP BY d.minutes_before, d.dropped"
        " ORDER BY d.minutes_before DESC, d.dropped",
        event=event.id,
        start=event.starts_at,
    )
    return [
        Outcome(
            it["minutes_before"],
            Pointless(it["dropped"]) if it["dropped"] else None,
            it["people"],
            moment(it["at"]),
        )
        for it in found
    ]
