"""The letter a day and an hour before, with the way in on top."""

from datetime import datetime

from werkraum_foundation import clock
from werkraum_foundation.letters import deliver
from werkraum_foundation.outbox import job
from werkraum_registration.models import State
from werkraum_registration.rules import Reminder
from werkraum_server.letters.recipients import is_ahead, letter_to, recipient


@job("letter:reminder")
async def remind(registration_id: str, kind: str, starts_at: str) -> None:
    """Remind somebody of a start, unless the event has moved away from it."""
    to = await recipient(registration_id, State.CONFIRMED)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.event.starts_at == datetime.fromisoformat(starts_at):
        await deliver(letter_to(to, "reminder", kind=Reminder(kind)))
