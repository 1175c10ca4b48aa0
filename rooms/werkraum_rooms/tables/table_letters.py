"""When somebody is told of a table they did not choose themselves.

Whoever plans tables moves people to and fro; only where they end up is worth a
letter. Server writes it, by the name of the job.
"""

from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.outbox import enqueue, withdraw

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
    key = f"table:{registration_id}"
    if actor == ATTENDEE:
        await withdraw(key)
        return
    await enqueue(
        "letter:table",
        {
            "registration_id": str(registration_id),
            "before": str(before) if before else None,
        },
        due=now + CALM,
        dedupe=key,
        organiser_id=event.organiser_id,
    )
