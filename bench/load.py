"""A load of bounded size: so many requests over so many open connections."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What came of a load; `waits` are seconds from sending to the whole answer."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.waits)[round(share * (len(self.waits) - 1))]


def get(path: str, host: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, host: str, body: bytes, *headers: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the answer to the last one is whole."""

    def __init__(self, following: Callable[[], bytes | None], out: Outcome) -> None:
        self.following, self.out = following, out
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.seen = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        request = self.following()
        if request is None:
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.seen += data
        end = self.seen.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.seen[:end]).lower()
        length = 0
        if (at := head.find(b"content-length:")) >= 0:
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.seen) < end + 4 + length:
            return
        self.out.waits.append(time.perf_counter() - self.sent)
        self.out.statuses[int(self.seen[9:12])] += 1
        self.seen.clear()
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, requests: Sequence[bytes], *, at_once: int = 32) -> Outcome:
    """Send the requests, each once, over `at_once` connections."""
    out, waiting = Outcome(), iter(requests)

    def following() -> bytes | None:
        return next(waiting, None)

    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda: Connection(following, out), "127.0.0.1", port
        )
        for _ in range(at_once)
    ]
    await asyncio.gather(*(connection.done for _, connection in made))
    out.seconds = time.perf_counter() - started
    return out
