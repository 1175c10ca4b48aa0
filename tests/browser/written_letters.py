"""Letters to many in every state there is, and a reminder with a text of its own."""

from datetime import datetime, timedelta
from typing import Any

from werkraum_events.models import Event
from werkraum_registration import reminder_plans
from werkraum_registration.models import (
    Bounce,
    GroupLetter,
    GroupLetterCopy,
    GroupLetterState,
    Registration,
    State,
)
from werkraum_registration.reminder_times import DAY, Reminder

SUBJECT = {
    "de": "Was Sie mitbringen sollten: {event}",
    "en": "What to bring along: {event}",
}
BODY = {
    "de": "Guten Tag {name},\n\nbitte bringen Sie Ihre Ideen mit und gern ein Bild "
    "der eigenen Partnerstadt.\n\nIhre Anmeldung ({mode}): {link}",
    "en": "Dear {name},\n\nplease bring your ideas along and, if you like, a picture "
    "of your partner town.\n\nYour registration ({mode}): {link}",
}
PARKING = {
    "de": "Parken können Sie hinter dem Bürgerhaus.",
    "en": "You can park behind the hall.",
}


async def letters_about(event: Event, now: datetime) -> dict[str, str]:
    """Write letters about an event; their names in addresses → their ids."""
    await reminder_plans.put(
        event.organiser_id,
        event.id,
        Reminder(3 * DAY, None, PARKING),
        actor="olga",
        now=now,
    )
    before = event.starts_at - timedelta(days=2)
    states: dict[str, dict[str, Any]] = {  # Any: columns
        "letter_draft": {},
        "letter_planned": {
            "state": GroupLetterState.PLANNED,
            "send_at": before,
            "minutes_before": 2 * DAY,
            "decided_at": now,
        },
        "letter_sent": {
            "state": GroupLetterState.SENT,
            "send_at": now,
            "decided_at": now,
            "finished_at": now,
        },
        "letter_stopped": {
            "state": GroupLetterState.STOPPED,
            "send_at": now,
            "decided_at": now,
            "note": "by_hand",
        },
    }
    names = {}
    for name, columns in states.items():
        letter = await GroupLetter.create(
            event=event,
            subject=SUBJECT,
            body=BODY,
            audience={"states": ["confirmed"], "mode": "online"},
            created_by="olga",
            created_at=now,
            **columns,
        )
        names[name] = str(letter.id)
    await _sent(names["letter_sent"], event, now)
    return names


async def _sent(letter_id: str, event: Event, now: datetime) -> None:
    for person in await Registration.filter(event=event, state=State.CONFIRMED):
        await GroupLetterCopy.create(
            letter_id=letter_id, registration=person, sent_at=now
        )
    await Bounce.create(
        registration=person,
        email=person.email,
        status="5.2.2",
        is_final=True,
        message_id=f"<{letter_id}.{person.id}@werkraum.example>",
        at=now,
    )
