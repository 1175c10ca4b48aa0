"""Streams of a live round while processes stop, start and stand beside each other."""

import asyncio
import contextlib
import json
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from tests.conftest import ON_POSTGRES
from tests.feedback.pulses import a_pulse, fields_of
from tests.journeys.program import PATIENCE, Program
from tests.people import an_organiser
from tests.ports import free_port

from werkraum_foundation import clock
from werkraum_server.database import migrate, opened

LISTENERS = 20
FOR_PROXIES = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
}


async def a_code(running: Program) -> str:
    """Start a live round before anybody serves; its code."""
    url = running.environment.get(
        "WERKRAUM_DATABASE_URL", f"sqlite:///{running.folder}/werkraum.sqlite3"
    )
    await migrate(url)
    async with opened(url):
        pulse = await a_pulse(await an_organiser(), clock.now())
        return pulse.live_code or ""


def at(port: int, running: Program) -> httpx.AsyncClient:
    """Ask the process at this port, as a proxy in front of several does."""
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers={"host": f"127.0.0.1:{running.port}"},
        timeout=PATIENCE,
    )


async def speak(running: Program, code: str, port: int = 0) -> None:
    """Answer with a device of its own."""
    async with at(port or running.port, running) as browser:
        page = (await browser.get(f"/en/live/{code}")).text
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action
        fields = fields_of(page)
        sent = await browser.post(action[1], data=fields | {fields["question"]: "4"})
        assert sent.status_code == 303


@dataclass
class Listener:
    """A page that listens, and comes back with the last id as browsers do."""

    running: Program
    code: str
    port: int = 0
    last_id: str = ""
    told: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    signs_of_life: int = 0

    async def listen(self) -> None:
        """Take in a stream until it ends by itself."""
        headers = {"last-event-id": self.last_id} if self.last_id else {}
        async with (
            at(self.port or self.running.port, self.running) as browser,
            browser.stream("GET", f"/live/{self.code}/events", headers=headers) as it,
        ):
            self.statuses.append(it.status_code)
            self.headers = dict(it.headers)
            async for line in it.aiter_lines():
                self.signs_of_life += line == ":"
                if line.startswith("id: "):
                    self.last_id = line[4:]
                if line.startswith("data: "):
                    self.told.append(json.loads(line[6:])["voices"])

    async def hears(self, voices: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while voices not in self.told:
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def listening(
    listeners: list[Listener],
) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(it.listen()) for it in listeners]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_new_process_takes_the_streams_over_and_nothing_is_missed(
    running: Program,
) -> None:
    code = await a_code(running)
    await running.start("serve")
    hall = [Listener(running, code) for _ in range(LISTENERS)]
    async with listening(hall) as streams:
        await speak(running, code)
        for each in hall:
            await each.hears(1)
        serving = running.processes.pop("serve")

        serving.send_signal(signal.SIGTERM)

        # Each stream ends as an answer does, and so does the process, of itself.
        async with asyncio.timeout(20):
            await asyncio.gather(*streams)
            assert await serving.wait() == 0

    await running.start("serve")
    await speak(running, code)
    async with listening(hall):
        for each in hall:
            await each.hears(2)
    assert [it.told[-1] for it in hall] == [2] * LISTENERS
    assert {status for it in hall for status in it.statuses} == {200}
    # What keeps a proxy in front from holding events back, or from packing them.
    assert FOR_PROXIES.items() <= hall[0].headers.items()


async def test_a_voice_at_one_process_is_heard_at_the_other(running: Program) -> None:
    if not ON_POSTGRES:
        pytest.skip("a second process refuses to serve the same SQLite file")
    code, port = await a_code(running), free_port()
    await running.start("serve")
    await running.also_serve(port)
    await _is_ready(running, port)
    ports = [running.port, port]
    hall = [Listener(running, code, it) for it in ports]
    async with listening(hall):
        for voices, it in enumerate(ports * 2, start=1):
            await speak(running, code, it)
            for each in hall:
                await each.hears(voices)

    # Not with the sign of life that comes every fifteen seconds, but right away.
    assert [it.signs_of_life for it in hall] == [0, 0]


async def _is_ready(running: Program, port: int) -> None:
    async with asyncio.timeout(PATIENCE), at(port, running) as browser:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await browser.get("/readyz")).is_success:
                    return
            await asyncio.sleep(0.05)
