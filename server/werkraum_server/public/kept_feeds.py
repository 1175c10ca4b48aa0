"""Bodies of feeds, kept while their tag says that nothing has changed.

Many calendars send no If-None-Match and fetch megabytes again; whoever comes second
gets the bytes that the first one waited for.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

MOST = 32_000_000  # bytes, some six feeds of 5,000 events


class KeptFeeds:
    """The newest bodies by their tags; the one asked for longest ago goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = self._room = most
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._writing = asyncio.Lock()

    async def get(self, tag: str, write: Callable[[], Awaitable[bytes]]) -> bytes:
        """Hand out the body of a tag; of many who ask at once one writes it.

        One feed is written at a time, so that it is never more than one that others
        have to share the processor with.
        """
        if (kept := self._known(tag)) is not None:
            return kept
        async with self._writing:
            if (kept := self._known(tag)) is not None:
                return kept
            body = await write()
            self._keep(tag, body)
            return body

    def _known(self, tag: str) -> bytes | None:
        if tag in self._bodies:
            self._bodies.move_to_end(tag)
        return self._bodies.get(tag)

    def _keep(self, tag: str, body: bytes) -> None:
        if len(body) > self._most:
            return
        self._bodies[tag] = body
        self._room -= len(body)
        while self._room < 0:
            _, gone = self._bodies.popitem(last=False)
            self._room += len(gone)
