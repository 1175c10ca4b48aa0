"""Five thousand people for three hundred seats in ten seconds, as an open loop.

Nobody waits for the others before pressing the button: each form has its moment,
most of them soon after the opening, and how long somebody waits counts from that
moment, also where our own sending is late.
"""

import asyncio
import math
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from load import Outcome

HERE = Path(__file__).parent
PEOPLE, SECONDS, SEATS = 5000, 10.0, 300
# Half of all come in the first three and a half seconds.
DECAY = 5.0


def moments(people: int = PEOPLE, seconds: float = SECONDS) -> list[float]:
    """Tell when each presses the button: fewer and fewer, the last at the end."""
    all_of_it = 1 - math.exp(-seconds / DECAY)
    shares = (number / people for number in range(people))
    return [-DECAY * math.log(1 - share * all_of_it) for share in shares]


class Visitor(asyncio.Protocol):
    """A connection that sends one form at a time, for one person after the other."""

    def __init__(self, idle: list["Visitor"], out: Outcome) -> None:
        self.idle, self.out = idle, out
        self.seen = bytearray()
        self.answered: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    async def ask(self, request: bytes, intended: float) -> None:
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        await self.answered
        self.out.waits.append(time.perf_counter() - intended)

    def data_received(self, data: bytes) -> None:
        self.seen += data
        end = self.seen.find(b"\r\n\r\n")
        if end < 0 or self.answered is None:
            return
        head = bytes(self.seen[:end]).lower()
        length = 0
        if (at := head.find(b"content-length:")) >= 0:
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.seen) < end + 4 + length:
            return
        self.out.statuses[int(self.seen[9:12])] += 1
        self.seen.clear()
        self.answered.set_result(None)
        self.idle.append(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.idle:
            self.idle.remove(self)
        elif self.answered and not self.answered.done():
            # Sent, and never answered.
            self.out.statuses[0] += 1
            self.answered.set_result(None)


async def rush(ports: Sequence[int], requests: Sequence[bytes]) -> Outcome:
    """Send each request at its moment, to the ports in turn."""
    out, loop = Outcome(), asyncio.get_running_loop()
    idle: dict[int, list[Visitor]] = {port: [] for port in ports}
    under_way = set[asyncio.Task[None]]()

    async def one(port: int, request: bytes, intended: float) -> None:
        if idle[port]:
            visitor = idle[port].pop()
        else:
            _, visitor = await loop.create_connection(
                lambda: Visitor(idle[port], out), "127.0.0.1", port
            )
        await visitor.ask(request, intended)

    started = time.perf_counter()
    for number, (moment, request) in enumerate(zip(moments(), requests, strict=True)):
        intended = started + moment
        if (early := intended - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        elif number % 16 == 0:
            await asyncio.sleep(0)
        task = loop.create_task(one(ports[number % len(ports)], request, intended))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    out.seconds = time.perf_counter() - started
    for visitor in (it for each in idle.values() for it in list(each)):
        visitor.transport.close()
    return out


def must_add_up(env: dict[str, str], database: str) -> None:
    """Hold the counters against the rows, once nobody serves."""
    command = [sys.executable, str(HERE / "rush_seats.py"), database]
    subprocess.run([*command, str(PEOPLE), str(SEATS)], env=env, check=True)
