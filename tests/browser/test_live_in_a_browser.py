"""A phone in the hall whose connection breaks off while somebody writes a card."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.windows import window
from tests.conftest import ON_POSTGRES
from tests.feedback.pulses import a_pulse, fields_of, on
from tests.journeys.program import Program, program
from tests.people import an_organiser

from werkraum_feedback.questions import QuestionKind
from werkraum_foundation import clock
from werkraum_server.database import migrate, opened

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the devices are the same on SQLite"),
]

CARD = "Wer kennt eine Schule in Frankreich?"


@pytest_asyncio.fixture(loop_scope="session")
async def hall(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Program, str]]:
    """The program with a live round that asks for cards, and where it is joined."""
    folder = tmp_path_factory.mktemp("live")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        pulse = await a_pulse(await an_organiser(), clock.now(), QuestionKind.STATEMENT)
        await on(pulse, 1, clock.now())
    async with program(folder) as running:
        await running.start()
        yield running, f"/de/live/{pulse.live_code}"


async def somebody_sends_a_card(running: Program, path: str) -> None:
    async with httpx.AsyncClient(base_url=running.url) as browser:
        page = (await browser.get(path)).text
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action
        fields = fields_of(page)
        data = fields | {fields["question"]: "Eine Karte von nebenan"}
        assert (await browser.post(action[1], data=data)).status_code == 303


async def test_a_broken_connection_is_said_and_loses_nothing_typed(
    chromium: Browser, hall: tuple[Program, str]
) -> None:
    running, path = hall
    async with window(chromium, running.url) as anna:
        page, notice = anna.page, anna.page.locator("[data-notices]")
        await anna.go(path)
        text, count = page.locator("textarea"), page.locator("[data-voices]")
        await text.fill(CARD)
        await expect(notice).to_be_hidden()

        await running.kill("serve")
        await expect(notice).to_contain_text("Im Moment keine Verbindung.")
        await anna.press("Send the card")
        await expect(notice).to_contain_text("Was Sie getippt haben, bleibt hier")
        assert await text.input_value() == CARD

        await running.start()
        await somebody_sends_a_card(running, path)
        await expect(count).to_have_text("1")
        await expect(notice).to_be_hidden()
        assert await text.input_value() == CARD

        await anna.press("Send the card")
        await expect(page.get_by_text("Danke, das ist angekommen.")).to_be_visible()
        await expect(count).to_have_text("2")
        assert anna.strangers == []
