"""The letter before an event begins, with the way in on top."""

from collections.abc import Sequence
from datetime import datetime

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.letters import deliver
from werkraum_foundation.outbox import job
from werkraum_registration.models import Registration, State
from werkraum_registration.reminder_times import (
    Reminder,
    reminder_for,
    why_pointless,
)
from werkraum_registration.reminders import note_dropped, reminders_of
from werkraum_server.letters.chosen import SessionWords, sessions_of
from werkraum_server.letters.organisers_words import plain
from werkraum_server.letters.recipients import letter_to, recipient


@job("letter:reminder")
async def remind(registration_id: str, minutes_before: int, starts_at: str) -> None:
    """Remind somebody of a start, unless the event has moved away from it.

    What comes so late that it helps nobody is noted instead.
    """
    to = await recipient(registration_id, State.CONFIRMED)
    start = datetime.fromisoformat(starts_at)
    if to is None or to.event.status is not Status.PUBLISHED:
        return
    reminders = await reminders_of(to.event_id)
    reminder = reminder_for(reminders, minutes_before, to.mode)
    if reminder is None or to.event.starts_at != start:
        return
    why = why_pointless(
        reminders,
        minutes_before,
        to.mode,
        starts_at=start,
        timezone=to.event.timezone,
        now=clock.now(),
    )
    if why:
        await note_dropped(to.id, minutes_before, start, why)
    else:
        words = words_of_reminder(to, reminder, await sessions_of(to))
        await deliver(letter_to(to, "reminder", **words))


def words_of_reminder(
    to: Registration, reminder: Reminder, sessions: Sequence[SessionWords] = ()
) -> dict[str, object]:
    """Say what the letter needs besides what every letter has."""
    return {
        "minutes": reminder.minutes_before,
        "added": plain(reminder.text, to.language),
        "sessions": tuple(sessions),
    }
