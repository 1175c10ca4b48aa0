"""Whose letters came back, as the pages of an event and of the team show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.letters.coming_back import came_back
from werkraum_registration import bounces
from werkraum_registration.models import Guest, GuestState
from werkraum_server.desk.calendar_words import bounce_words


@dataclass(frozen=True)
class Returned:
    """Why the last letter to somebody came back, and when."""

    why: str
    at: datetime


async def returned_of(
    organiser_id: UUID, sent: Mapping[UUID, datetime | None]
) -> dict[UUID, Returned]:
    """Find whose letter came back since it was sent; one query."""
    return {
        whose: Returned(bounce_words(it.changes["status"][1]), it.at)
        for whose, it in (await came_back(organiser_id, sent)).items()
        if (since := sent[whose]) is None or it.at >= since
    }


@dataclass(frozen=True)
class Lost:
    """How many people of an event do not get their letters."""

    registered: int
    invited: int


async def lost_at(event: Event) -> Lost:
    """Count whose letters come back, those who only were to confirm among them."""
    registered = len(await bounces.bounces_at([event.id]))
    waiting = await Guest.filter(event_id=event.id, state=GuestState.OPEN)
    sent = {guest.id: guest.sent_at for guest in waiting}
    back = await returned_of(event.organiser_id, sent) if sent else {}
    return Lost(registered, len(back))
