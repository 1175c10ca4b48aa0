"""The running order as a clock: what is on, what comes next, how much is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Session

MINUTE = timedelta(minutes=1)
# So long after the last item nobody is in it any more, however late it became.
LONG_OVER = timedelta(hours=2)


@dataclass(frozen=True)
class Standing:
    """How an event stands at a moment.

    `on` is what the people are in, several where workshops run side by side; after
    its planned end it stays on until something else begins. `left` are whole minutes
    to its planned end, rounded up, and negative once that is over. Long after the last
    item the event has `ended`.
    """

    on: tuple[Session, ...] = ()
    coming: tuple[Session, ...] = ()
    left: int = 0
    passed: int = 0
    ended: bool = False

    @property
    def over(self) -> int:
        """Minutes over the planned end."""
        return max(0, -self.left)


def standing(
    sessions: Sequence[Session], now: datetime, chosen: UUID | None = None
) -> Standing:
    """Say what is on by the plan, or how the chosen item stands.

    `passed` is the share of its time that has gone, in per cent, at most 100.
    """
    begun = [it for it in sessions if it.starts_at <= now]
    on = [it for it in sessions if it.id == chosen] or _on(begun, now)
    if not on:
        return Standing(coming=_first(sessions))
    ends = max(it.ends_at for it in on)
    starts = min(it.starts_at for it in on)
    after = [it for it in sessions if it.starts_at >= ends or it.starts_at > now]
    later = [it for it in after if it not in on]
    if not later and not chosen and now - ends >= LONG_OVER:
        return Standing(ended=True)
    return Standing(
        on=tuple(on),
        coming=_first(later),
        left=_minutes(ends - now),
        passed=_per_cent(now - starts, ends - starts),
    )


def _on(begun: Sequence[Session], now: datetime) -> list[Session]:
    running = [it for it in begun if it.ends_at > now]
    if running or not begun:
        return running
    # Between two items the one before runs over.
    last = max(it.ends_at for it in begun)
    return [it for it in begun if it.ends_at == last]


def _first(sessions: Sequence[Session]) -> tuple[Session, ...]:
    if not sessions:
        return ()
    starts = min(it.starts_at for it in sessions)
    return tuple(it for it in sessions if it.starts_at == starts)


def _minutes(left: timedelta) -> int:
    """Count minutes begun to the end, and whole ones after it."""
    return -(-left // MINUTE)


def _per_cent(gone: timedelta, whole: timedelta) -> int:
    if whole <= timedelta(0):
        return 100
    return min(100, max(0, int(100 * gone / whole)))
