"""The minute in which all come: two thousand doors, evenly or half in ten seconds.

An open loop: each person has their moment, looks at their door and presses the
button, over a connection of their own. How long the door took counts from that
moment, how long the room took from the click.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from load import get, post

HERE = Path(__file__).parent
PEOPLE = int(os.environ.get("BENCH_DOORS", "2000"))
SECONDS = 60.0
# Half of all come in these.
FIRST = 10.0
# Of one kind, one after the other, while nobody else is there.
CALM = 100
FROM_US = "Sec-Fetch-Site: same-origin"
FORM = "Content-Type: application/x-www-form-urlencoded"
WHO = b"name=Anna+aus+Beispielstadt"


@dataclass
class Asked:
    """What came of one kind of request; `waits` in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return sorted(self.waits)[round(share * (len(self.waits) - 1))]


@dataclass
class Minute:
    doors: Asked = field(default_factory=Asked)
    rooms: Asked = field(default_factory=Asked)


def fill(env: dict[str, str], event_id: str) -> list[str]:
    """Register everybody; the tokens of their links."""
    script = str(HERE / "people_at_the_door.py")
    filled = subprocess.run(
        [sys.executable, script, event_id, str(PEOPLE)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    tokens: list[str] = json.loads(filled.stdout.splitlines()[-1])
    return tokens


def moments(*, rush: bool) -> list[float]:
    """Tell when each comes: evenly, or half of them in the first ten seconds."""
    if not rush:
        return [SECONDS * number / PEOPLE for number in range(PEOPLE)]
    half = PEOPLE // 2
    early = [FIRST * number / half for number in range(half)]
    rest = PEOPLE - half
    return early + [FIRST + (SECONDS - FIRST) * number / rest for number in range(rest)]


async def minute(port: int, tokens: list[str], *, rush: bool) -> Minute:
    """Let everybody come, each at their moment."""
    found, host = Minute(), f"127.0.0.1:{port}"
    started = time.perf_counter()

    async def one(token: str, moment: float) -> None:
        intended = started + moment
        await asyncio.sleep(max(0.0, intended - time.perf_counter()))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        path = f"/de/my/{token}/door"
        writer.write(get(path, host))
        await _answer(reader, found.doors, intended)
        clicked = time.perf_counter()
        writer.write(post(path, host, WHO, FORM, FROM_US))
        await _answer(reader, found.rooms, clicked)
        writer.close()

    await asyncio.gather(*map(one, tokens, moments(rush=rush)))
    return found


async def calm(port: int, token: str) -> tuple[Asked, Asked, Asked]:
    """Ask for a bare page, a door and a room, one after the other."""
    host, path = f"127.0.0.1:{port}", f"/de/my/{token}/door"
    bare, door, room = Asked(), Asked(), Asked()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(CALM):
        for asked, request in (
            (bare, get("/healthz", host)),
            (door, get(path, host)),
            (room, post(path, host, WHO, FORM, FROM_US)),
        ):
            sent = time.perf_counter()
            writer.write(request)
            await _answer(reader, asked, sent)
    writer.close()
    return bare, door, room


async def _answer(reader: asyncio.StreamReader, asked: Asked, since: float) -> None:
    """Read one answer; who gets none, or half of one, counts as 0."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:")
        await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        asked.statuses[0] += 1
    else:
        asked.statuses[int(head[9:12])] += 1
    asked.waits.append(time.perf_counter() - since)
