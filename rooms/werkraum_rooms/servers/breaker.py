"""A breaker before a server that is down: it is left alone for a while.

Without it each person at the door would wait for the same timeout.
"""

from dataclasses import dataclass
from time import monotonic

FAILURES = 5
REST = 30.0  # seconds


@dataclass
class Breaker:
    """Shut while calls go through; open after `FAILURES` in a row, for `REST`.

    Then one call is let through to try: its success shuts the breaker, its failure
    opens it again. Times are seconds of a monotonic clock.
    """

    failures: int = 0
    open_until: float = 0.0
    _trying_until: float = 0.0

    def lets_through(self, now: float | None = None) -> bool:
        """Say whether to call; of those who ask after a rest only the first may."""
        now = monotonic() if now is None else now
        if self.failures < FAILURES:
            return True
        if now < self.open_until or now < self._trying_until:
            return False
        # Whoever tries may be cancelled and never tell: then the next one may.
        self._trying_until = now + REST
        return True

    def succeeded(self) -> None:
        self.failures, self.open_until, self._trying_until = 0, 0.0, 0.0

    def failed(self, now: float | None = None) -> None:
        now = monotonic() if now is None else now
        self.failures += 1
        self._trying_until = 0.0
        if self.failures >= FAILURES:
            self.open_until = now + REST

    @property
    def is_open(self) -> bool:
        return self.failures >= FAILURES
