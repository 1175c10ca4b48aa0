"""Events as lists show them: a sheet of the calendar, and what can be said at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from babel.dates import format_skeleton

from werkraum_events.models import Event, Status, Topic
from werkraum_foundation.language import locale_of_dates
from werkraum_foundation.local_times import local


@dataclass(frozen=True)
class Card:
    """One event of a list; the date is in the zone of the place."""

    event: Event
    topics: Sequence[Topic]

    @property
    def weekday(self) -> str:
        return self._written("EEE")

    @property
    def day(self) -> str:
        return str(local(self.event.starts_at, self.event.timezone).day)

    @property
    def month(self) -> str:
        return self._written("MMM")

    @property
    def is_off(self) -> bool:
        return self.event.status is Status.CANCELLED

    def _written(self, skeleton: str) -> str:
        moment = local(self.event.starts_at, self.event.timezone)
        return format_skeleton(skeleton, moment, locale=locale_of_dates())


def cards_of(
    events: Sequence[Event], topics: Mapping[UUID, Sequence[Topic]]
) -> list[Card]:
    return [Card(event, topics.get(event.id, ())) for event in events]
