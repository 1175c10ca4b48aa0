"""Writing a report in a real browser: what is typed stays until it is saved."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.browser.office import Office
from tests.browser.windows import Window, window

from werkraum_foundation.entrances import cookie_name

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def olga(chromium: Browser, office: Office) -> AsyncIterator[Window]:
    async with window(chromium, office.url, lang="en", width=1280) as made:
        await made.page.context.add_cookies(
            [{"name": cookie_name(), "value": office.secret, "url": office.url}]
        )
        await made.go(f"/desk/reports/{office.names['report']}")
        yield made


async def open_the_first_passage(olga: Window) -> None:
    article = olga.page.locator("article").first
    await article.locator("> details > summary").last.click()


async def test_typed_text_outlives_a_closed_window_and_not_its_saving(
    olga: Window,
) -> None:
    field = olga.page.locator("article textarea").first
    await open_the_first_passage(olga)
    await field.fill("Half a sentence that nobody has saved")

    await olga.page.reload()
    assert await field.is_visible()
    assert await field.input_value() == "Half a sentence that nobody has saved"
    await olga.page.locator("article form .button").first.click()
    await olga.page.wait_for_load_state()

    assert "Half a sentence that nobody has saved" in await olga.text()
    assert await olga.page.evaluate("localStorage.length") == 0
    assert olga.complaints == []


async def test_what_carries_a_sentence_is_one_click_away(olga: Window) -> None:
    passage = olga.page.locator("article", has_text="bereit, sich bei der")

    await passage.locator("summary", has_text="What carries it").click()

    assert "41 of 121 (yes)" in await passage.inner_text()


async def test_the_html_is_copied_by_a_button(olga: Window, office: Office) -> None:
    await olga.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await olga.go(f"/desk/reports/{office.names['report']}/fragment")

    await olga.press("Copy")

    copied = await olga.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<h2>Auf einen Blick</h2>")
    assert await olga.page.get_by_role("button", name="Copied").is_visible()
