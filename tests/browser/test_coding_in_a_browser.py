"""Twenty statements coded by keyboard on a narrow screen, and without any script."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, expect
from tests.browser.windows import Window, window
from tests.conftest import ON_POSTGRES
from tests.feedback.statement_rows import a_theme, said
from tests.journeys.program import program
from tests.people import a_member, an_event, an_organiser

from werkraum_foundation import clock
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.models import SignIn
from werkraum_foundation.tokens import hashed, new_token
from werkraum_server.database import migrate, opened

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the pages are the same on SQLite"),
]

TWENTY = 20
FAMILY = "👩‍👩‍👧‍👦"


@dataclass
class Office:
    """The program, olga's sign-in, and an event for each test."""

    url: str
    secret: str
    events: list[str]

    @asynccontextmanager
    async def desk(
        self, chromium: Browser, event: str, *, script: bool = True
    ) -> AsyncIterator[Window]:
        async with window(chromium, self.url, lang="en", script=script) as at:
            cookie = {"name": cookie_name(), "value": self.secret, "url": self.url}
            await at.page.context.add_cookies([cookie])  # type: ignore[list-item]
            await at.go(f"/desk/events/{event}/feedback/coding")
            yield at

    async def themes(self, event: str) -> str:
        cookies = {cookie_name(): self.secret}
        async with httpx.AsyncClient(base_url=self.url, cookies=cookies) as browser:
            return (await browser.get(f"/desk/events/{event}/feedback/themes")).text


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("coding")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    secret, now = new_token(), clock.now()
    async with opened(database):
        organiser = await an_organiser()
        olga = await a_member(organiser)
        await SignIn.create(
            person_id=olga.id, token_hash=hashed(secret), created_at=now, seen_at=now
        )
        await a_theme(organiser, "Youth", position=1, words=["young"])
        await a_theme(organiser, "Funding", position=2, colour=1)
        events = []
        for number in (TWENTY, 1, 1):
            event = await an_event(organiser)
            for each in range(number):
                await said(event, f"{FAMILY} Young people are missing, case {each}")
            events.append(str(event.id))
    async with program(folder) as running:
        await running.start()
        yield Office(running.url, secret, events)


def text_of(at: Window) -> Locator:
    return at.page.locator("coding-text")


async def tab_to_the_text(at: Window) -> None:
    for _ in range(40):
        await at.page.keyboard.press("Tab")
        if await at.page.evaluate("document.activeElement.id") == "text":
            return
    raise AssertionError("the keyboard never reaches the text")


async def settled(at: Window, pattern: str) -> None:
    """Wait until the page says how far the coder is."""
    await expect(at.page.locator("label[for=read]")).to_have_text(re.compile(pattern))


async def test_twenty_statements_are_coded_by_keyboard(
    chromium: Browser, office: Office
) -> None:
    event = office.events[0]
    async with office.desk(chromium, event) as at:
        press = at.page.keyboard.press
        await tab_to_the_text(at)
        for number in range(TWENTY):
            # The second and third word: one step on, then two with Shift.
            await press("ArrowRight")
            await press("Shift+ArrowRight")
            await press("Shift+ArrowRight")
            selected = await at.page.evaluate("getSelection().toString().trim()")
            await press("1" if number % 2 else "2")
            await settled(at, f"^{number + 1} of 20")
            await expect(at.page.locator("mark.span")).to_have_text(selected)
            await press("Enter")
            if number + 1 < TWENTY:
                await expect(at.page.locator("mark.span")).to_have_count(0)
                await expect(text_of(at)).to_be_focused()

        await expect(at.page.locator("#coding")).to_contain_text(
            "You have read everything there is."
        )
        assert at.complaints == [] and at.strangers == []
    assert "20 of 20 statements have a theme." in await office.themes(event)


async def test_what_is_selected_is_marked_taken_back_and_named_anew(
    chromium: Browser, office: Office
) -> None:
    async with office.desk(chromium, office.events[1]) as at:
        press, status = at.page.keyboard.press, at.page.locator("#coding-status")
        await select(at, lambda text: (text.index("people"), text.index(", case")))
        await text_of(at).focus()
        await press("1")
        await expect(status).to_have_text("Marked.")
        await expect(at.page.locator("mark.span")).to_have_text("people are missing")
        await press("!")
        await expect(status).to_have_text("Marked as a good quote.")
        await press("Backspace")
        await expect(status).to_have_text("Taken back.")
        await press("Backspace")
        await expect(at.page.locator("mark.span")).to_have_count(0)

        # A selection through an emoji takes all of it, and stays while one types.
        await select(at, lambda _: (0, 3))
        await text_of(at).focus()
        await press("/")
        await at.page.keyboard.type("Families")
        await press("Enter")
        await expect(at.page.locator("mark.span")).to_have_text(FAMILY)
        await expect(at.page.locator(".chip")).to_have_count(3)
        await text_of(at).focus()
        await press("z")
        await expect(status).to_have_text("No theme has this key.")
        found = await Axe().run(at.page)
        assert [it["id"] for it in found.response["violations"]] == []
        assert at.complaints == []


async def select(at: Window, place: Callable[[str], tuple[int, int]]) -> None:
    """Select as a mouse does; places count as the browser counts them."""
    text = await text_of(at).inner_text()
    start, end = place(text)
    lost = len(FAMILY.encode("utf-16-le")) // 2 - len(FAMILY)
    shift = [lost if it >= len(FAMILY) else 0 for it in (start, end)]
    await at.page.evaluate(
        """([start, end]) => {
          const node = document.querySelector("coding-text").firstChild;
          getSelection().setBaseAndExtent(node, start, node, end);
        }""",
        [start + shift[0], end + shift[1]],
    )


async def test_without_script_the_same_forms_do_it(
    chromium: Browser, office: Office
) -> None:
    async with office.desk(chromium, office.events[2], script=False) as at:
        await at.page.get_by_text("Only some of the words").click()
        await at.page.get_by_label("From the word").select_option("2")
        await at.page.get_by_label("Up to the word").select_option("3")
        await at.page.get_by_label("Theme", exact=True).fill("Helpers")
        await at.page.keyboard.press("Enter")
        await expect(at.page.locator("mark.span")).to_have_text("Young people")
        await at.page.get_by_role("button", name="It fits").click()
        await expect(at.page.locator("mark.span")).to_have_count(3)
        await at.page.get_by_role("button", name="Take back: marked").click()
        await expect(at.page.locator("mark.span")).to_have_count(1)
        await at.press("Done, to the next one")
        assert "You have read everything there is." in await at.text()
