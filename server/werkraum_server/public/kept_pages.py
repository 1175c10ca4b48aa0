"""Pages that are the same for everybody, kept as bytes while nothing changes.

What a page shows is named by a small version, cheap to ask for. A commit in this
process makes every kept page ask again at once; since other processes may write
too, each page asks at least once a second. After `LIFE` seconds it is written anew in
any case, since some words depend on the clock.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from werkraum_foundation.database import commits

HTML = (b"content-type", b"text/html; charset=utf-8")

LIFE = 20.0
TRUST = 1.0  # seconds without a question


V = TypeVar("V")

Fields = list[tuple[bytes, bytes]]


class Ready(Response):
    """An answer whose header fields and body are bytes already."""

    def __init__(self, status: int, fields: Fields, body: bytes = b"") -> None:
        self.status_code, self.raw_headers, self.body = status, fields, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": self.body})


@dataclass
class Kept(Generic[V]):
    """A page in two halves, between which something of each reader may stand."""

    head: bytes
    tail: bytes
    tag: bytes
    fields: Fields
    version: V
    written: float
    asked: float
    commits: int

    def answer(self, scope: Scope, own: bytes) -> Ready:
        """Answer with the page, or 304; `own` is this reader's part of it."""
        if _is_known(scope, self.tag):
            return Ready(304, self.fields)
        # A page without a gap has no second half.
        body = self.head + own + self.tail if self.tail else self.head
        length = (b"content-length", str(len(body)).encode())
        return Ready(200, [length, *self.fields, HTML], body)

    def is_fresh(self, now: float) -> bool:
        """Whether it can be handed out without a question."""
        known = self.commits == commits() and now - self.asked < TRUST
        return known and now - self.written < LIFE


class KeptPages(Generic[V]):
    """The newest few hundred pages; the one asked for longest ago goes first."""

    def __init__(self, most: int = 300) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Kept[V]] = OrderedDict()
        self._writing: dict[Hashable, asyncio.Lock] = {}

    def fresh(self, key: Hashable) -> Kept[V] | None:
        """Hand out a page that needs no question; no await, no query."""
        kept = self._pages.get(key)
        if kept and kept.is_fresh(time.monotonic()):
            self._pages.move_to_end(key)
            return kept
        return None

    async def get(
        self,
        key: Hashable,
        *,
        version: Callable[[], Awaitable[V]],
        write: Callable[[V], Awaitable[str]],
        gap: str,
    ) -> Kept[V]:
        """Hand out the page, written anew if its version has changed.

        `gap` is the text that stands where each reader's own goes. Of many who
        ask at once one writes.
        """
        async with self._writing.setdefault(key, asyncio.Lock()):
            if kept := self.fresh(key):
                return kept
            now, before = time.monotonic(), commits()
            kept, current = self._pages.get(key), await version()
            if kept and kept.version == current and now - kept.written < LIFE:
                kept.asked, kept.commits = now, before
                return kept
            made = _kept(await write(current), gap, current, now, before)
            self._keep(key, made)
            return made

    def _keep(self, key: Hashable, made: Kept[V]) -> None:
        self._pages[key] = made
        self._pages.move_to_end(key)
        while len(self._pages) > self._most:
            gone, _ = self._pages.popitem(last=False)
            self._writing.pop(gone, None)


def _kept(text: str, gap: str, version: V, now: float, before: int) -> Kept[V]:
    head, _, tail = text.partition(gap)
    digest = hashlib.sha256(f"{head}{tail}".encode())
    # A form grows old in a browser that is told for days that nothing changed.
    digest.update(time.strftime("%Y-%m-%d", time.gmtime()).encode())
    tag = f'"{digest.hexdigest()[:32]}"'.encode()
    fields = [(b"etag", tag), (b"cache-control", b"no-cache")]
    halves = head.encode(), tail.encode()
    return Kept(*halves, tag, fields, version, now, now, before)


def _is_known(scope: Scope, tag: bytes) -> bool:
    """Whether If-None-Match names what we have (RFC 9110 13.1.2)."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return value.strip() == b"*" or tag in value
    return False
