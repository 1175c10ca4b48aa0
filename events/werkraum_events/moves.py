"""What moves along with the start of an event, on the clock of its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from werkraum_events.models import Event
from werkraum_events.wishes import EventWish
from werkraum_foundation.local_times import clock_after, clock_span


@dataclass(frozen=True)
class Move:
    """From one start to another, each with its zone."""

    before: datetime
    zone_before: str
    after: datetime
    zone_after: str

    @classmethod
    def between(cls, before: Event, after: Event | EventWish) -> Self:
        return cls(before.starts_at, before.timezone, after.starts_at, after.timezone)

    def of(self, moment: datetime) -> datetime:
        """Take a moment along: Sunday at ten stays Sunday at ten, summer or winter.

        Where the start stays, so does the moment. A gap or a double hour is read as
        `clock_after` says.
        """
        if self.before == self.after:
            return moment
        span = clock_span(self.before, moment, self.zone_before)
        return clock_after(self.after, span, self.zone_after)
