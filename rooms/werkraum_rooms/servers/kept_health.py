"""Whether a server is up, asked once for all who stand before its doors."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from werkraum_rooms.servers.providers import Health

# Seconds. What is down may be up again when somebody tries again.
WELL, ILL = 30.0, 5.0


class KeptHealth:
    """Look by `look`, and keep what it found for a while; one look at a time."""

    def __init__(self, look: Callable[[], Awaitable[Health]]) -> None:
        self._look = look
        self._found: tuple[float, Health] | None = None
        self._looking: asyncio.Task[Health] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def now(self, at: float | None = None) -> Health:
        """Answer from what is kept, or look; whoever comes meanwhile waits for it.

        `at` is in seconds of a monotonic clock.
        """
        at = monotonic() if at is None else at
        if self._found and at < self._found[0]:
            return self._found[1]
        loop = asyncio.get_running_loop()
        if self._looking is None or self._looking.done() or self._loop is not loop:
            self._loop, self._looking = loop, loop.create_task(self._look_once(at))
        # Somebody who goes away must not take the look from all the others.
        return await asyncio.shield(self._looking)

    def forget(self) -> None:
        """Look anew the next time."""
        self._found = None

    async def _look_once(self, at: float) -> Health:
        found = await self._look()
        self._found = (at + (WELL if found.well else ILL), found)
        return found
