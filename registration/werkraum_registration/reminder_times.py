"""When reminders go out, what they say more, and when they are pointless."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from werkraum_events.models import Mode
from werkraum_foundation.local_times import clock_after
from werkraum_foundation.models import Texts

HOUR = 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Reminder:
    """A letter before the start to those with a seat; `mode` None means all."""

    minutes_before: int
    mode: Mode | None = None
    text: Texts = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name it in an address; an event has one with this name at most."""
        mode = f"-{self.mode.value}" if self.mode else ""
        return f"{self.minutes_before}{mode}"

    def is_for(self, mode: Mode) -> bool:
        return self.mode in (None, mode)


# What goes out where nobody has set anything else.
USUAL = (Reminder(DAY), Reminder(HOUR))


class Pointless(StrEnum):
    """Why a reminder that comes late is not sent."""

    BEGUN = "begun"
    OVERTAKEN = "overtaken"


def due(starts_at: datetime, timezone: str, minutes_before: int) -> datetime:
    """Tell when a reminder goes out, in UTC.

    Whole days by the clock of the place, at the same time of the day: across the
    night summer time begins, a day is 23 hours.
    """
    if minutes_before % DAY:
        return starts_at - timedelta(minutes=minutes_before)
    days = timedelta(days=minutes_before // DAY)
    return clock_after(starts_at, -days, timezone)


def why_pointless(
    reminders: Iterable[Reminder],
    minutes_before: int,
    mode: Mode,
    *,
    starts_at: datetime,
    timezone: str,
    now: datetime,
) -> Pointless | None:
    """Tell why somebody is not reminded any more: it has begun, or the next
    reminder is due as well.
    """
    if starts_at <= now:
        return Pointless.BEGUN
    nearer = (
        it.minutes_before
        for it in reminders
        if it.is_for(mode) and it.minutes_before < minutes_before
    )
    if any(due(starts_at, timezone, minutes) <= now for minutes in nearer):
        return Pointless.OVERTAKEN
    return None


def reminder_for(
    reminders: Iterable[Reminder], minutes_before: int, mode: Mode
) -> Reminder | None:
    """Choose the reminder of this time: one for the mode before one for all."""
    fitting = [
        it
        for it in reminders
        if it.minutes_before == minutes_before and it.is_for(mode)
    ]
    return min(fitting, key=lambda it: it.mode is None, default=None)
