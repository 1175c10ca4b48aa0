"""Waiting for a room server no longer than a person before the door does."""

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


async def in_time(asking: Coroutine[Any, Any, T]) -> T:  # Any: as coroutines are typed
    """Wait for an answer, or raise `ProviderUnavailable` where it takes too long.

    The question goes on: it may make the room for the next one who comes. Never for
    what touches the database, which must not be left half done.
    """
    task = asyncio.ensure_future(asking)
    _left.add(task)
    task.add_done_callback(_done)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if not done:
        raise ProviderUnavailable("no answer in time", code="slow")
    return task.result()


def _done(task: asyncio.Task[Any]) -> None:
    _left.discard(task)
    # Nobody may be left to hear of it, and that is no fault of the program.
    if not task.cancelled():
        task.exception()
