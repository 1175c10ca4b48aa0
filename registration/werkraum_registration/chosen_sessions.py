"""The parts of the programme somebody has chosen, with a seat there or without."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from werkraum_events.models import Session
from werkraum_registration.models import Booking
from werkraum_registration.queries import Waiting


@dataclass(frozen=True)
class Chosen:
    """A session somebody chose; `place` is that in its queue, from 1."""

    session: Session
    holds_seat: bool
    place: int | None


async def chosen_by(registration_id: UUID, waiting: Iterable[Waiting]) -> list[Chosen]:
    """List the chosen sessions in the order of the programme; one query."""
    places = {it.session_id: it.place for it in waiting}
    booked = Booking.filter(registration_id=registration_id)
    found = [
        (it.pool.session, it.holds_seat)
        for it in await booked.select_related("pool__session")
        if it.pool.session
    ]
    found.sort(key=lambda each: (each[0].starts_at, each[0].id))
    return [
        Chosen(session, holds, None if holds else places.get(session.id))
        for session, holds in found
    ]


async def seated_in(registration_id: UUID) -> frozenset[UUID]:
    """Say in which chosen sessions somebody has a seat; one query."""
    held = Booking.filter(registration_id=registration_id, holds_seat=True)
    found = await held.values_list("pool__session_id", flat=True)
    return frozenset(UUID(str(it)) for it in found)
