"""How many seats an organiser has set: for each mode, in total, for each session."""

from dataclasses import dataclass, field
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_registration.models import SeatPool


@dataclass(frozen=True)
class Limits:
    """Seats, None where there is no limit; a session that is absent is not booked."""

    modes: dict[Mode, int | None] = field(default_factory=dict)
    total: int | None = None
    sessions: dict[UUID, int | None] = field(default_factory=dict)


async def limits_of(event_id: UUID) -> Limits:
    """Read the limits of an event; one query."""
    pools = await SeatPool.filter(event_id=event_id)
    return Limits(
        modes={pool.mode: pool.seats for pool in pools if pool.mode},
        total=next(
            (it.seats for it in pools if not it.mode and not it.session_id), None
        ),
        sessions={it.session_id: it.seats for it in pools if it.session_id},
    )
