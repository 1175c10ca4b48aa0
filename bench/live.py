"""Many who listen to a live round while voices come in: how late is the last one told?

All listeners hold one stream each to the same process; the voices come evenly within
some seconds, each by a connection of its own, as from a hall.
"""

import asyncio
import json
import secrets
import statistics
import time
from dataclasses import dataclass, field

from load import get, post

FORM = "Content-Type: application/x-www-form-urlencoded"
# Seconds after the last voice in which everybody must have heard of it.
PATIENCE = 20


@dataclass(frozen=True)
class LiveRound:
    port: int
    code: str
    question: str
    keys: list[str]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@dataclass
class Heard:
    """What all listeners heard; times are those of `time.perf_counter`."""

    # When each was told of the last voice.
    last: list[float] = field(default_factory=list)
    events: int = 0
    answers: list[float] = field(default_factory=list)
    cast: float = 0.0

    @property
    def late(self) -> list[float]:
        """Seconds from the answer to the last voice until each was told of it."""
        return sorted(max(0.0, at - self.cast) for at in self.last)

    @property
    def median(self) -> float:
        return statistics.median(self.late)

    @property
    def voice_median(self) -> float:
        return statistics.median(self.answers)


async def listen_and_speak(
    asked: LiveRound, *, listeners: int, seconds: float
) -> Heard:
    heard = Heard()
    opened = asyncio.Semaphore(0)
    listening = [
        asyncio.create_task(_listen(asked, heard, opened)) for _ in range(listeners)
    ]
    for _ in range(listeners):
        await asyncio.wait_for(opened.acquire(), 120)
    await _speak(asked, heard, seconds)
    _, silent = await asyncio.wait(listening, timeout=PATIENCE)
    for task in silent:
        task.cancel()
    for task in listening:
        if task.done() and not task.cancelled():
            task.result()
    return heard


async def _listen(asked: LiveRound, heard: Heard, opened: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", asked.port)
    path = f"/live/{asked.code}/events?key={asked.keys[0]}"
    writer.write(get(path, asked.host))
    status = await reader.readline()
    assert b" 200 " in status, status
    is_open = False
    async for line in reader:
        if not line.startswith(b"data: "):
            continue
        heard.events += 1
        if not is_open:
            is_open = True
            opened.release()
        if json.loads(line[6:])["voices"] == len(asked.keys):
            heard.last.append(time.perf_counter())
            break
    writer.close()


async def _speak(asked: LiveRound, heard: Heard, seconds: float) -> None:
    began = time.perf_counter()
    speaking = []
    for number, key in enumerate(asked.keys):
        at = began + seconds * number / len(asked.keys)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        speaking.append(asyncio.create_task(_say(asked, key, number, heard)))
    await asyncio.gather(*speaking)
    heard.cast = time.perf_counter()


async def _say(asked: LiveRound, key: str, number: int, heard: Heard) -> None:
    once = secrets.token_urlsafe(32)
    body = f"once={once}&question={asked.question}&{asked.question}={1 + number % 5}"
    path = f"/de/live/{asked.code}/{key}"
    sent = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", asked.port)
    writer.write(post(path, asked.host, body.encode(), FORM, "Connection: close"))
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 303 "), answer[:200]
    writer.close()
    heard.answers.append(time.perf_counter() - sent)
