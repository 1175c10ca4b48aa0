"""What an event asks on its page, but keeps elsewhere, changes its face too."""

from datetime import datetime
from uuid import UUID

from werkraum_events import queries, rules
from werkraum_events.models import Event
from werkraum_foundation.database import unit_of_work

# No column of the event, nothing that a calendar or a feed shows.
NOTHING: frozenset[str] = frozenset()


@unit_of_work
async def enter(organiser_id: UUID, event_id: UUID) -> Event:
    """Lock an event whose form is about to change.

    Raises `NotFound`, and `EventIsOff` for a cancelled event.
    """
    event = await queries.enter_event(organiser_id, event_id)
    rules.must_not_be_off(event)
    return event


@unit_of_work
async def renew(event: Event, *, now: datetime) -> None:
    """Count the version of a locked event up: pages and forms are made anew."""
    rules.revise(event, NOTHING, now=now)
    await event.save(update_fields=["version"])
