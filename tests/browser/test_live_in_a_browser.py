"""Phones in the hall: by keyboard and without script, and while the network is away."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.windows import window
from tests.conftest import ON_POSTGRES
from tests.feedback.pulses import a_pulse, fields_of, on, says
from tests.journeys.program import Program, program
from tests.people import an_organiser

from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import Statement, StatementState
from werkraum_foundation import clock
from werkraum_server.database import migrate, opened

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the devices are the same on SQLite"),
]

CARD = "Wer kennt eine Schule in Frankreich?"
OF_OTHERS = "Mehr Zeit für die Jugend"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Program, list[str]]]:
    """The program with two live rounds that ask for cards, and their codes."""
    folder = tmp_path_factory.mktemp("live")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        organiser, codes = await an_organiser(), []
        for _ in range(2):
            pulse = await a_pulse(organiser, clock.now(), QuestionKind.STATEMENT)
            row = await on(pulse, 1, clock.now())
            codes.append(pulse.live_code or "")
        # The second has a card on its wall.
        await says(pulse, row, OF_OTHERS, clock.now())
        await Statement.all().update(state=StatementState.SHOWN)
    async with program(folder) as running:
        await running.start()
        yield running, codes


async def somebody_sends_a_card(running: Program, path: str) -> None:
    async with httpx.AsyncClient(base_url=running.url) as browser:
        page = (await browser.get(path)).text
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action
        fields = fields_of(page)
        data = fields | {fields["question"]: "Eine Karte von nebenan"}
        assert (await browser.post(action[1], data=data)).status_code == 303


async def test_a_broken_connection_is_said_and_loses_nothing_typed(
    chromium: Browser, hall: tuple[Program, list[str]]
) -> None:
    running, codes = hall
    path = f"/de/live/{codes[0]}"
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


async def test_by_keyboard_without_script_at_320_pixels(
    chromium: Browser, hall: tuple[Program, list[str]]
) -> None:
    running, codes = hall
    async with window(chromium, running.url, script=False) as bert:
        page = bert.page
        await bert.go("/de/live")
        await bert.tab_to("code")
        await page.keyboard.type(f"{codes[1][:3]} {codes[1][3:]}")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")

        field = await page.locator("textarea").get_attribute("name") or ""
        await bert.tab_to(field)
        await page.keyboard.type(CARD)
        await bert.tab_to(bert.words("Send the card"))
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert bert.words("Thank you, that has arrived.") in await bert.text()

        # Which card it is for stands behind it, for those who hear the page.
        await bert.tab_to(f"{bert.words('Vote for it')}\n: {OF_OTHERS}")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert bert.words("Your vote has arrived.") in await bert.text()
        assert bert.words("You have voted for it.") in await bert.text()

        await bert.tab_to(bert.words("Look again"))
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert bert.words("Your vote has arrived.") not in await bert.text()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320
        assert bert.complaints == bert.strangers == []
