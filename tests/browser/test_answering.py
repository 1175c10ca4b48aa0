"""Answering a round that asks in every way there is, as people do it."""

import pytest
from playwright.async_api import Browser, Page
from tests.browser.office import Office
from tests.browser.windows import Window, window

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def fields_of(page: Page, kind: str) -> str:
    """Say how the fields of the question of this kind are named."""
    fieldset = page.locator("form .field").filter(has_text=f"Frage der Art {kind}?")
    named = fieldset.locator("input, select, textarea").first
    return await named.get_attribute("name") or ""


async def places(page: Page) -> list[tuple[str, str]]:
    """Read the ranking: which option has which place, from the top."""
    items = page.locator(".ranking li")
    return [
        (
            await items.nth(number).locator("label").inner_text(),
            await items.nth(number).locator("select").input_value(),
        )
        for number in range(await items.count())
    ]


async def test_by_keyboard_without_script_at_320_pixels(
    chromium: Browser, office: Office
) -> None:
    async with window(chromium, office.url, script=False) as anna:
        page, path = anna.page, f"/de/feedback/{office.names['every_key']}"
        await anna.go(path)

        await anna.tab_to(await fields_of(page, "scale"))
        await page.keyboard.press("ArrowRight")
        await anna.tab_to(await fields_of(page, "score"))
        await page.keyboard.press("Space")
        await anna.tab_to(await fields_of(page, "yes_no"))
        await page.keyboard.press("Space")
        await anna.tab_to(await fields_of(page, "choices"))
        await page.keyboard.press("Space")
        await anna.tab_to(await fields_of(page, "ranking"))
        await page.keyboard.press("ArrowDown")
        await anna.tab_to(await fields_of(page, "number"))
        await page.keyboard.type("41")
        await anna.tab_to(await fields_of(page, "text"))
        await page.keyboard.type("Mit Geduld.")
        await anna.tab_to(anna.words("Send the answers"))
        async with page.expect_navigation():
            await page.keyboard.press("Enter")

        # One number too large: said, with everything kept; the rest is sent again.
        assert await page.locator(".fault-summary li").count() == 1
        assert await page.get_by_label("Frage der Art text?").input_value() == (
            "Mit Geduld."
        )
        await page.get_by_label("Frage der Art number?").fill("40")
        await anna.press("Send the answers")

        assert await anna.heading() == anna.words("Thank you!")
        assert anna.complaints == anna.strangers == []


async def test_with_the_script_nothing_typed_is_lost_and_options_move(
    chromium: Browser, office: Office
) -> None:
    async with window(chromium, office.url, width=1280) as bert:
        page, path = bert.page, f"/de/feedback/{office.names['every_script']}"
        await bert.go(path)
        await page.get_by_label("Frage der Art text?").fill("Halb fertig")
        await page.get_by_label("ja", exact=True).check()
        await page.get_by_role("button", name="Nach oben: Geld").press("Enter")

        assert [place[-1] for _, place in await places(page)] == ["1", "2", "3"]
        assert [words for words, _ in await places(page)][1] == "Geld"
        await came_back(bert, path)

        await bert.press("Send the answers")
        assert await bert.heading() == bert.words("Thank you!")
        assert await page.evaluate("localStorage.length") == 0
        assert bert.complaints == bert.strangers == []


async def came_back(bert: Window, path: str) -> None:
    """Leave the page and return, in the other language: what was typed is there."""
    page = bert.page
    await bert.go("/de/")
    await bert.go(path.replace("/de/", "/en/"))
    text = page.get_by_label("A question of kind text?")
    assert await text.input_value() == "Halb fertig"
    assert await page.get_by_label("yes", exact=True).is_checked()
    assert await page.get_by_text("What you had typed here before is back.").count()
    kept = {words: place[-1:] for words, place in await places(page)}
    assert kept["Money"] == "2"
    await bert.go(path)
