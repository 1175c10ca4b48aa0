"""What leaves the program as a file."""

from datetime import datetime

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work


@unit_of_work
async def note_export(event: Event, *, rows: int, actor: str, now: datetime) -> None:
    """Note who took so many registrations of an event away as a file."""
    await audit.record(
        event.organiser_id,
        "registration.export",
        event.id,
        actor=actor,
        now=now,
        changes={"rows": [None, rows]},
    )
