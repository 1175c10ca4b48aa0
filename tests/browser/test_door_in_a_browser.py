"""From the countdown into the room, in a browser: for the right people, in time.

Anna's browser runs no script and shows 320 pixels. The token in the frame is held
against a verifier that follows the room server's rules, and the room against what
the room server is told when it asks for it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.windows import Window, window
from tests.journeys.program import SECRET, Program, program
from tests.journeys.test_story import local
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in, token_in
from tests.rooms.reservation_client import NotStarted, Plugin, Started
from tests.rooms.room_server import room_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOKEN = "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
VERIFIER = Verifier("werkraum", secret=SECRET.encode(), domain="meet.example.org")


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Program]:
    async with program(tmp_path, WERKRAUM_JITSI_API_TOKEN=TOKEN) as made:
        yield made


class Office:
    """Olga's program, which announces, moves and calls off by the interface."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self.api = api
        self.event = ""

    async def announce(self, starts_in: timedelta) -> None:
        made = await self._post(
            "/events",
            {
                "slug": "forum-jugend",
                "kind": "forum",
                "title": {"de": "Forum Jugend"},
                **_times(starts_in),
                "timezone": "Europe/Berlin",
                "modes": {"online": {}},
                "registration": {"confirmation": "immediate"},
            },
        )
        self.event = f"/events/{made['id']}"
        await self._post(f"{self.event}/publish")

    async def registers(self, name: str) -> str:
        """Register somebody; the path of their page, in German."""
        typed = {"name": name, "email": f"{name.lower()}@example.org", "mode": "online"}
        made = await self._post(f"{self.event}/registrations", typed)
        path = urlsplit(made["manage_url"]).path
        return f"/de/my/{path.rpartition('/')[2]}"

    async def moves(self, starts_in: timedelta) -> None:
        moved = await self.api.patch(
            self.event, headers={"if-match": "*"}, json=_times(starts_in)
        )
        assert moved.status_code == 200, moved.text

    async def calls_off(self) -> None:
        await self._post(f"{self.event}/cancel", {"reason": {"de": "Sturm."}})

    async def _post(self, path: str, body: object = None) -> dict[str, Any]:
        key = {"idempotency-key": uuid4().hex}
        answer = await self.api.post(path, headers=key, json=body or {})
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()  # Any: JSON
        return told


def _times(starts_in: timedelta) -> dict[str, str]:
    starts_at = datetime.now(UTC).replace(second=0, microsecond=0) + starts_in
    return {"starts_at": local(starts_at), "ends_at": local(starts_at + 2 * HOUR)}


async def test_from_the_countdown_into_the_room_and_out_of_it(
    chromium: Browser, running: Program
) -> None:
    made = await running.organiser()
    await running.start()
    by = {"authorization": f"Bearer {made['api_key']}"}
    async with (
        httpx.AsyncClient(
            base_url=f"{running.url}/api/v1", headers=by, timeout=30
        ) as api,
        window(chromium, running.url, script=False) as anna,
        window(chromium, running.url, script=False) as berta,
    ):
        office = Office(api)
        await office.announce(3 * HOUR)
        await anna.go(await office.registers("Anna"))
        await berta.go(await office.registers("Berta"))
        await too_early(anna)
        await too_early(berta)

        await office.moves(5 * MINUTE)
        room = await enters(anna)
        await enters(berta)
        plugin = Plugin(urlsplit(running.url).netloc, running.port, TOKEN)
        assert isinstance(await plugin.open(room), Started)

        await gives_the_seat_back(anna)
        await refused(anna, "You are no longer registered")

        await office.calls_off()
        plugin.restart()
        assert isinstance(await plugin.open(room), NotStarted)
        await refused(berta, "This event is called off")


async def too_early(at: Window) -> None:
    await at.follow("To the entrance of the video room")
    await expect(at.page.locator(".countdown")).to_contain_text("Öffnet in 2 Stunden")
    assert await at.page.locator("main form").count() == 0
    await at.follow("Wait here until it opens")
    assert await at.page.get_by_text(at.words("Stop loading by itself")).count() == 1
    assert room_server() not in await at.page.content()


async def enters(at: Window) -> str:
    """Press the one button there is; the room in the frame."""
    await at.page.reload()
    assert await at.page.locator("main form button").all_inner_texts() == [
        at.words("Enter the room")
    ]
    assert at.strangers == []
    await at.press("Enter the room")
    inside = at.page.frame_locator("iframe.room")
    token = await at.page.locator("iframe.room").get_attribute("src") or ""
    await expect(inside.locator("p").first).to_have_text("The room")
    assert all(it.startswith(room_server()) for it in at.strangers)
    return room_of(token)


def room_of(link: str) -> str:
    """The room of a link, if its token lets into it."""
    room = room_in(link)
    VERIFIER.enter(token_in(link), room, now=datetime.now(UTC).timestamp())
    return room


async def gives_the_seat_back(at: Window) -> None:
    await at.go(door_to_page(at))
    await at.press("Cancel now")


async def refused(at: Window, words: str) -> None:
    await at.go(f"{door_to_page(at)}/door")
    assert at.words(words) in await at.text()
    assert await at.page.locator("main form").count() == 0
    assert room_server() not in await at.page.content()
    answer = await at.page.context.request.post(
        at.page.url, form={"name": "Anna"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status in (409, 410)
    assert room_server() not in await answer.text()


def door_to_page(at: Window) -> str:
    return "/".join(urlsplit(at.page.url).path.split("/")[:4])
