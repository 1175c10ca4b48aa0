"""Waiting no longer than somebody waits for us: a person at the door, a room server."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from werkraum_rooms.servers.provider_errors import ProviderUnavailable

T = TypeVar("T")

# Seconds; with the page itself it stays below two.
PATIENCE = 1.8

# What is still under way when nobody waits for it any more; a task that nobody
# holds may vanish.
_left: set[asyncio.Task[Any]] = set()  # Any: of all kinds of answers


async def in_time(
    asking: Coroutine[Any, Any, T],  # Any: as coroutines are typed
    *,
    patience: float = PATIENCE,
    late: Exception | None = None,
) -> T:
    """Wait for an answer, or raise `late` where it takes more seconds than `patience`.

    Without one `ProviderUnavailable`. The question goes on: it may make the room for
    the next one who comes. So it must be whole or not there when the process ends, and
    do no harm the second time.
    """
    task = asyncio.ensure_future(asking)
    _left.add(task)
    task.add_done_callback(_done)
    done, _ = await asyncio.wait({task}, timeout=patience)
    if not done:
        raise late or ProviderUnavailable("no answer in time", code="slow")
    return task.result()


def _done(task: asyncio.Task[Any]) -> None:
    _left.discard(task)
    # Nobody may be left to hear of it, and that is no fault of the program.
    if not task.cancelled():
        task.exception()
