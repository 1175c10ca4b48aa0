"""Facts about events that other parts may react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class EventPublished:
    organiser_id: UUID
    event_id: UUID


@dataclass(frozen=True)
class EventWithdrawn:
    """A published event is a draft again; nobody was registered."""

    organiser_id: UUID
    event_id: UUID


@dataclass(frozen=True)
class EventChanged:
    """A published event has another face now.

    `moved`: start, end, zone, place or modes changed, so letters and calendars
    follow. Otherwise only pages and feeds show something new.
    """

    organiser_id: UUID
    event_id: UUID
    moved: bool


@dataclass(frozen=True)
class EventCancelled:
    """The event is off; everything that hangs on it ends."""

    organiser_id: UUID
    event_id: UUID
