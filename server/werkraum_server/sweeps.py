"""What happens by the clock: seats nobody confirmed, and what is due for deletion.

Whoever drains the outbox does it. Two processes at once do no harm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from werkraum_feedback import sweeps as of_feedback
from werkraum_foundation import clock
from werkraum_registration import sweeps as of_registration
from werkraum_rooms import sweeps as of_rooms
from werkraum_server import retention
from werkraum_server.incoming.fetching import look_for_mail

log = logging.getLogger("werkraum.sweeps")

MINUTE = 60.0  # seconds

Sweep = Callable[[datetime], Awaitable[object]]


async def delete_due(now: datetime) -> None:
    """Delete what the privacy pages promise to delete."""
    gone = {what: n for what, n in (await retention.purge(now)).items() if n}
    if gone:
        log.info("deleted what was due", extra={"counts": gone})


EVERY_MINUTE: tuple[Sweep, ...] = (
    *of_registration.SWEEPS,
    *of_feedback.SWEEPS,
    look_for_mail,
    # Last: it waits for room servers.
    *of_rooms.SWEEPS,
)
# It looks through whole tables.
EVERY_HOUR: tuple[Sweep, ...] = (delete_due,)


async def sweep(sweeps: Iterable[Sweep], now: datetime) -> None:
    """Do each; one that fails is noted and left to the next time."""
    for each in sweeps:
        try:
            await each(now)
        except Exception:
            log.exception("sweep failed")


class Sweeper:
    """The clock of a process that drains the outbox alone."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _loop(self) -> None:
        minutes = 0
        while True:
            await sweep(EVERY_MINUTE, clock.now())
            if minutes % 60 == 0:
                await sweep(EVERY_HOUR, clock.now())
            minutes += 1
            await asyncio.sleep(MINUTE)
