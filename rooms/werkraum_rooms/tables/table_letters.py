"""When somebody is told of a table they did not choose themselves.

Whoever plans tables moves people to and fro; only where they end up is worth a
letter. Server writes it, by the name of the job.
"""

from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.outbox import enqueue, reschedule, withdraw
from werkraum_rooms.tables import table_rules
from werkraum_rooms.tables.table_queries import plan_of

# Until then the desk can take it back and nobody has heard of it.
CALM = timedelta(minutes=10)


async def plan_letter(
    event: Event,
    registration_id: UUID,
    before: UUID | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Have somebody told where they sit in a while; `before` is the table they had.

    The first of several changes counts for `before`. Who changes it themselves
    knows: what was planned is dropped.
    """
    if actor == ATTENDEE:
        await drop_letter(registration_id)
        return
    begins = table_rules.times_of(await plan_of(event.id), event).starts_at
    # Who is to sit down any moment must not wait for it.
    due = max(now, min(now + CALM, begins))
    args = {
        "registration_id": str(registration_id),
        "before": str(before) if before else None,
    }
    key = _key(registration_id)
    await enqueue(
        "letter:table", args, due=due, dedupe=key, organiser_id=event.organiser_id
    )
    # The last of several changes says when.
    await reschedule(key, due)


async def drop_letter(registration_id: UUID) -> None:
    """Take back what was planned, for somebody who knows."""
    await withdraw(_key(registration_id))


def _key(registration_id: UUID) -> str:
    return f"table:{registration_id}"
