"""Facts about rooms that other parts may react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StayNoted:
    """Somebody who wants it noted came into a room of the event, or has left it."""

    organiser_id: UUID
    event_id: UUID
    stay_id: UUID
