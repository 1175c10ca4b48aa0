"""Turns at an event: in a rush, few of this process stand before its seats at once.

One after the other they lock the same row anyway. Whoever waits there holds a
connection that others could use to read pages, and is refused after a few seconds,
even if only because some who came later were luckier. Here, they come in their order.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

# One decides while the next one gets ready.
AT_ONCE = 2

# A gate lasts as long as somebody stands before it.
_gates: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()


@asynccontextmanager
async def turn(event_id: UUID) -> AsyncIterator[None]:
    """Wait for one's turn at an event; never inside of a unit of work."""
    gate = _gates.get(event_id)
    if gate is None:
        gate = _gates[event_id] = asyncio.Semaphore(AT_ONCE)
    async with gate:
        yield
