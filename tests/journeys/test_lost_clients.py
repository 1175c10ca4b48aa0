"""Two thousand clients hang up at random moments: no hang, no half change."""

import asyncio
import contextlib
import random
import time
from urllib.parse import urlencode

import httpx
from tests.journeys.program import Program, hidden_fields
from tests.journeys.test_rush import EVENT, SEATS, everybody

CLIENTS, AT_ONCE = 2000, 50


async def hang_up_somewhere(port: int, request: bytes, seconds: float) -> None:
    """Send a request and close the connection without waiting for the answer."""
    with contextlib.suppress(ConnectionError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await asyncio.sleep(seconds)
        # Reset, not a polite end: the server loses its client in the middle.
        writer.transport.abort()


async def test_clients_that_hang_up_leave_all_or_nothing(running: Program) -> None:
    made = await running.organiser()
    await running.start()
    api = httpx.AsyncClient(
        base_url=running.url,
        headers={"authorization": f"Bearer {made['api_key']}"},
        timeout=30,
    )
    answer = await api.post(
        "/api/v1/events", json=EVENT, headers={"idempotency-key": "event"}
    )
    event = answer.json()["id"]
    await api.post(f"/api/v1/events/{event}/publish")
    page = (await api.get("/de/events/rush")).text
    action = "/de/events/rush/registrations"
    hidden = hidden_fields(page, action)
    chance = random.Random(11)
    began = time.monotonic()
    person = {"name": "Anna", "email": "first@example.org", "mode": "online"}
    assert (await api.post(action, data=hidden | person)).status_code == 303
    usual = time.monotonic() - began

    def form(number: int) -> bytes:
        person = {"name": "Anna", "email": f"lost{number}@example.org"}
        body = urlencode(hidden | person | {"mode": "online"}).encode()
        head = (
            f"POST {action} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    numbers = iter(range(CLIENTS))

    async def one_after_another() -> None:
        for number in numbers:
            # Some stay until they are answered, however slow the machine is.
            wait = usual * chance.random() * chance.choice((2, 10, 10, 60))
            await hang_up_somewhere(running.port, form(number), wait)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    async with asyncio.timeout(30):
        await running.ready()
        person = {"name": "Anna", "email": "last@example.org", "mode": "online"}
        sent = await api.post(action, data=hidden | person)
    assert sent.status_code == 303
    there = await everybody(api, event)
    seats = (await api.get(f"/api/v1/events/{event}")).json()["seats"]["online"]
    states = [it["state"] for it in there]
    assert 2 < len(there) <= CLIENTS + 2, "nobody was lost in the middle"
    assert seats["taken"] == states.count("confirmed") == min(len(there), SEATS)
    assert seats["waiting"] == states.count("waitlisted")
    await api.aclose()
