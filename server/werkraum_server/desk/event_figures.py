"""How many people take part in each event of a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from werkraum_registration.models import SeatPool


@dataclass(frozen=True)
class EventFigures:
    """People of all modes together; `seats` is None where a mode has no limit."""

    taken: int = 0
    waiting: int = 0
    seats: int | None = 0


async def figures_of(event_ids: Sequence[UUID]) -> dict[UUID, EventFigures]:
    """Count for many events at once; one query."""
    figures = {event_id: EventFigures() for event_id in event_ids}
    pools = await SeatPool.filter(event_id__in=event_ids, session_id__isnull=True)
    for pool in pools:
        if pool.mode:
            figures[pool.event_id] = _added(figures[pool.event_id], pool)
    for pool in pools:
        if not pool.mode:
            figures[pool.event_id] = _limited(figures[pool.event_id], pool)
    return figures


def _added(so_far: EventFigures, pool: SeatPool) -> EventFigures:
    limited = so_far.seats is not None and pool.seats is not None
    return EventFigures(
        taken=so_far.taken + pool.taken,
        waiting=so_far.waiting + pool.demand - pool.taken,
        seats=(so_far.seats or 0) + (pool.seats or 0) if limited else None,
    )


def _limited(modes: EventFigures, total: SeatPool) -> EventFigures:
    """Count no more seats than the limit over all modes allows, nobody twice."""
    limits = [it for it in (modes.seats, total.seats) if it is not None]
    # Who has a seat online and is offered one on site is one person here.
    return replace(modes, taken=total.taken, seats=min(limits, default=None))
