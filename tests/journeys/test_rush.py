"""Many people at once for fewer seats, while everything is killed.

Known is only what a client was told, what the API tells afterwards, and what the
mail server received. Each acknowledged registration must be there, each letter
sent, and none twice under another Message-ID. A few hundred come every day;
`WERKRAUM_TEST_RUSH=1000` sends a thousand.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import httpx
import pytest
import redis.asyncio
from tests.conftest import ON_POSTGRES
from tests.journeys.program import Program, hidden_fields, until
from tests.ports import free_port

PEOPLE = int(os.environ.get("WERKRAUM_TEST_RUSH", "400"))
SEATS, AT_ONCE = PEOPLE * 6 // 10, 40
PATIENCE_FOR_LETTERS = 600.0  # seconds; no test asserts a time, this is to end
EVENT: dict[str, Any] = {  # Any: JSON
    "slug": "rush",
    "kind": "forum",
    "title": {"de": "Andrang"},
    "starts_at": "2099-03-04T14:00",
    "ends_at": "2099-03-04T16:00",
    "timezone": "Europe/Berlin",
    "modes": {"online": {"capacity": SEATS}},
    "registration": {"confirmation": "immediate"},
}

Register = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]


class Crowd:
    """People who try again when an answer is lost."""

    def __init__(self, urls: list[str], register: Register) -> None:
        self.urls, self.register = urls, register
        self.host = httpx.URL(urls[0]).netloc.decode()
        self.acknowledged: set[str] = set()
        self.lost = 0

    async def come(self) -> None:
        numbers = iter(range(PEOPLE))
        async with AsyncExitStack() as stack:
            browsers = [
                await stack.enter_async_context(
                    # Whatever stands in front of two processes names the site.
                    httpx.AsyncClient(
                        base_url=url, timeout=15, headers={"host": self.host}
                    )
                )
                for url in self.urls
            ]

            async def one_after_another() -> None:
                for number in numbers:
                    await self._insist(browsers, number)

            await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    async def _insist(self, browsers: list[httpx.AsyncClient], number: int) -> None:
        for attempt in range(300):
            browser = browsers[(number + attempt) % len(browsers)]
            try:
                answer = await self.register(browser, number)
            except httpx.TransportError:
                self.lost += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 503:
                await asyncio.sleep(0.2)
                continue
            assert answer.status_code in (200, 201, 303), answer.text
            self.acknowledged.add(address(number))
            return
        raise AssertionError("nobody ever answered")

    def is_in(self, share: float) -> bool:
        return len(self.acknowledged) >= share * PEOPLE


def address(number: int) -> str:
    return f"person{number}@example.org"


async def kill_everything(running: Program, crowd: Crowd) -> None:
    """kill -9 of web and worker in the middle of it, Redis flushed on the way."""
    for share in (0.2, 0.4, 0.6):
        await until(partial(crowd.is_in, share), f"{share:.0%} of the people")
        await running.kill("serve")
        if ON_POSTGRES:
            await running.kill("worker")
            server = redis.asyncio.Redis.from_url(running.redis)
            await server.flushdb()
            await server.aclose()
            await running._start("worker")
        await running._start("serve")


async def by_form(running: Program) -> Register:
    async with httpx.AsyncClient(base_url=running.url) as browser:
        page = await browser.get("/de/events/rush")
    action = "/de/events/rush/registrations"
    hidden = hidden_fields(page.text, action)

    async def register(browser: httpx.AsyncClient, number: int) -> httpx.Response:
        person = {
            "name": f"Person {number}",
            "email": address(number),
            "mode": "online",
        }
        return await browser.post(action, data=hidden | person)

    return register


async def by_api(api: httpx.AsyncClient, event: str) -> Register:
    async def register(browser: httpx.AsyncClient, number: int) -> httpx.Response:
        return await browser.post(
            f"/api/v1/events/{event}/registrations",
            json={
                "name": f"Person {number}",
                "email": address(number),
                "mode": "online",
            },
            headers=dict(api.headers) | {"idempotency-key": f"person {number}"},
        )

    return register


async def everybody(api: httpx.AsyncClient, event: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (
            await api.get(
                f"/api/v1/events/{event}/registrations",
                params={"limit": "100"} | cursor,
            )
        ).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("way", ["form", "api"])
async def test_a_rush_for_the_seats_while_everything_is_killed(
    running: Program, way: str
) -> None:
    made = await running.organiser()
    await running.start()
    urls = [running.url]
    if ON_POSTGRES:
        second = free_port()
        await running.also_serve(second)
        urls.append(f"http://127.0.0.1:{second}")
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

    register = await (by_form(running) if way == "form" else by_api(api, event))
    crowd = Crowd(urls, register)
    await asyncio.gather(crowd.come(), kill_everything(running, crowd))
    await running.ready()

    assert crowd.lost, "nothing was lost, so nothing was tried"
    assert len(crowd.acknowledged) == PEOPLE
    there = await everybody(api, event)
    assert {it["email"] for it in there} == crowd.acknowledged
    assert len(there) == PEOPLE
    assert Counter(it["state"] for it in there) == {
        "confirmed": SEATS,
        "waitlisted": PEOPLE - SEATS,
    }
    waiting = [it["queue_position"] for it in there if it["state"] == "waitlisted"]
    assert sorted(waiting) == list(range(1, PEOPLE - SEATS + 1))
    seats = (await api.get(f"/api/v1/events/{event}")).json()["seats"]["online"]
    assert seats == {"capacity": SEATS, "taken": SEATS, "waiting": PEOPLE - SEATS}

    letters = running.mail.letters
    await until(
        # The addresses are read when there may be all of them: that takes a while.
        lambda: (
            len(letters) >= PEOPLE
            and {str(it["To"]) for it in letters} >= crowd.acknowledged
        ),
        "a letter for everybody",
        patience=PATIENCE_FOR_LETTERS,
    )
    ids: dict[str, set[str]] = {}
    for letter in running.mail.letters:
        ids.setdefault(str(letter["To"]), set()).add(str(letter["Message-ID"]))
    several = {who: them for who, them in ids.items() if len(them) > 1}
    assert several == {}
    await api.aclose()
