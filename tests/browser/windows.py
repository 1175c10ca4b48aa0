"""Windows of a real browser, and what is noticed while somebody uses one."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Literal

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response

from werkraum_foundation.language import gettext, in_language

# The field that has the focus, by name, or the words of the link or button.
FOCUSED = "(it => it.name || it.innerText.trim())(document.activeElement)"
PATIENCE = 30_000  # milliseconds; these machines are noisy


@dataclass
class Window:
    """One page in a browser of its own: nothing kept from before, no cookies.

    `strangers` are the requests to any origin but ours, `complaints` what the
    browser wrote into its console: faults, and whatever the policy refused. What was
    `asked`, a page or what a form or a script has sent, may say no: the console tells
    of it before the page has its address.
    """

    page: Page
    origin: str
    lang: str
    strangers: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> Response:
        """Open one of our addresses, as a path or as it stands in a letter."""
        answer = await self.page.goto(self.origin + path.removeprefix(self.origin))
        assert answer is not None
        return answer

    def words(self, message: str, **values: object) -> str:
        """Say it as the pages of this window do."""
        with in_language(self.lang):
            return gettext(message, **values)

    async def press(self, message: str, **values: object) -> None:
        """Click the button with these words."""
        await self._click("button", self.words(message, **values))

    async def follow(self, message: str, **values: object) -> None:
        """Click the link with these words."""
        await self._click("link", self.words(message, **values))

    async def _click(self, role: Literal["button", "link"], words: str) -> None:
        named = self.page.get_by_role(role, name=words, exact=True)
        await named.click()
        await self.page.wait_for_load_state()

    async def leads_to(self, message: str) -> str:
        """Say where the link with these words leads."""
        link = self.page.get_by_role("link", name=self.words(message), exact=True)
        return await link.get_attribute("href") or ""

    async def type(self, label: str, text: str) -> None:
        await self.page.get_by_label(self.words(label)).fill(text)

    async def choose(self, label: str) -> None:
        await self.page.get_by_label(self.words(label)).check()

    async def tab_to(self, name: str) -> None:
        """Press Tab until the cursor is in the field, or on the button, so named.

        Fails where the keyboard does not come there in a reasonable while.
        """
        for _ in range(30):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate(FOCUSED) == name:
                return
        raise AssertionError(f"the keyboard never reaches {name}")

    def beside(self, page: Page) -> "Window":
        """A second tab of the same browser."""
        return replace(self, page=page)

    async def text(self) -> str:
        return await self.page.locator("main").inner_text()

    async def heading(self) -> str:
        return await self.page.locator("h1").inner_text()

    def _note_request(self, request: Request) -> None:
        if request.is_navigation_request() or request.method == "POST":
            self.asked.add(request.url)
        if not request.url.startswith((self.origin + "/", "data:")):
            self.strangers.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        # A page that says no, or not now, is no fault of the page.
        said_no = any(f"status of {it}" in message.text for it in ("4", "503"))
        own = message.location["url"] in self.asked and said_no
        if message.type in ("error", "warning") and not own:
            self.complaints.append(message.text)


@contextlib.asynccontextmanager
async def window(
    chromium: Browser,
    origin: str,
    *,
    lang: str = "de",
    width: int = 320,
    colours: Literal["light", "dark"] = "light",
    script: bool = True,
) -> AsyncIterator[Window]:
    """Open a window in a fresh browser."""
    context = await chromium.new_context(
        locale="de-DE" if lang == "de" else "en-GB",
        timezone_id="Europe/Berlin",
        viewport={"width": width, "height": 900},
        color_scheme=colours,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    made = Window(await context.new_page(), origin, lang)
    context.on("request", made._note_request)
    context.on("console", made._note_console)
    context.on("weberror", lambda error: made.complaints.append(str(error.error)))
    try:
        yield made
    finally:
        await context.close()
