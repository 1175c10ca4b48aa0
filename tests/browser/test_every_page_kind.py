"""Every kind of page keeps what we promise, narrow by day and wide by night.

With WERKRAUM_TEST_SCREENSHOTS=folder each page is also photographed.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser
from tests.browser.office import Office
from tests.browser.page_kinds import DESK, EMPTY, PUBLIC, PageKind
from tests.browser.windows import Window, window
from tests.rooms.room_server import room_server

from werkraum_foundation.entrances import cookie_name

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()
AXE = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
    # A closed door loads again by itself when it opens. WCAG 2.2.1 lets an event in
    # real time do so; axe cannot know that it is one.
    "rules": {"meta-refresh": {"enabled": False}},
}
LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")
FOLDER = os.environ.get("WERKRAUM_TEST_SCREENSHOTS")


@dataclass(frozen=True)
class Display:
    lang: str
    width: int
    colours: Literal["light", "dark"]


NARROW = Display("de", 320, "light")
WIDE = Display("en", 1280, "dark")


@dataclass
class Eyes:
    """Two windows of one display: anybody's, and olga's at the desk."""

    anybody: Window
    olga: Window
    display: Display
    titles: dict[str, str]


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="session",
    params=[NARROW, WIDE],
    ids=["narrow, light, de", "wide, dark, en"],
)
async def eyes(
    request: pytest.FixtureRequest, chromium: Browser, office: Office
) -> AsyncIterator[Eyes]:
    display: Display = request.param
    async with AsyncExitStack() as stack:
        anybody, olga = [
            await stack.enter_async_context(
                window(
                    chromium,
                    office.url,
                    lang=display.lang,
                    width=display.width,
                    colours=display.colours,
                )
            )
            for _ in range(2)
        ]
        await olga.page.context.add_cookies(
            [{"name": cookie_name(), "value": office.secret, "url": office.url}]
        )
        yield Eyes(anybody, olga, display, {})


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.name)
async def test_a_public_page_is_for_all(
    eyes: Eyes, office: Office, kind: PageKind
) -> None:
    await eyes.anybody.page.context.clear_cookies()
    await come_to(eyes.anybody, kind, office.names)
    await hold_to_our_word(eyes, eyes.anybody, kind)
    cookies = await eyes.anybody.page.context.cookies()
    assert kind.at_desk or cookies == []


@pytest.mark.parametrize("kind", DESK, ids=lambda kind: kind.name)
async def test_a_page_of_the_desk_is_for_all(
    eyes: Eyes, office: Office, kind: PageKind
) -> None:
    await come_to(eyes.olga, kind, office.names)
    await hold_to_our_word(eyes, eyes.olga, kind)


@pytest.mark.parametrize("kind", EMPTY, ids=lambda kind: kind.name)
async def test_a_page_without_events_is_for_all(
    eyes: Eyes, chromium: Browser, unfurnished: str, kind: PageKind
) -> None:
    display = eyes.display
    async with window(
        chromium,
        unfurnished,
        lang=display.lang,
        width=display.width,
        colours=display.colours,
    ) as at:
        await come_to(at, kind, {})
        await hold_to_our_word(eyes, at, kind)


async def come_to(at: Window, kind: PageKind, names: Mapping[str, str]) -> None:
    at.strangers.clear()
    at.complaints.clear()
    await at.go(kind.path.format(lang=at.lang, **names))
    if kind.steps:
        await kind.steps(at)


async def hold_to_our_word(eyes: Eyes, at: Window, kind: PageKind) -> None:
    if FOLDER:
        await photograph(at, kind, eyes.display)
    # Any: JSON, as look.js makes it.
    seen: dict[str, Any] = await at.page.evaluate(LOOK)
    assert at.complaints == []
    assert [it for it in at.strangers if not it.startswith(room_server())] == []
    assert seen["lang"] == eyes.display.lang
    assert seen["headings"] == 1
    assert seen["sideways"] == []
    assert seen["unlabelled"] == []
    assert seen["unseen"] == []
    assert len(seen["title"].removesuffix(" – Werkraum")) > 3
    assert eyes.titles.setdefault(seen["title"], kind.subject) == kind.subject
    found = await Axe().run(at.page, options=AXE)
    assert found.violations_count == 0, found.generate_report()


async def photograph(at: Window, kind: PageKind, display: Display) -> None:
    """Take the page at three widths, bright and dark, then put the window back."""
    page, folder = at.page, Path(FOLDER or "")
    for width in (320, 768, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        for colours in ("light", "dark"):
            await page.emulate_media(color_scheme=colours)
            name = f"{kind.file_name}-{display.lang}-{width}-{colours}.png"
            await page.screenshot(path=folder / name, full_page=True)
    await page.set_viewport_size({"width": display.width, "height": 900})
    await page.emulate_media(color_scheme=display.colours)
