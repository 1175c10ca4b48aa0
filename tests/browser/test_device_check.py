"""Microphone, camera and sound are tried out at the door, in the browser alone."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from tests.browser.conftest import NAMES, QUIET
from tests.browser.office import Office
from tests.browser.windows import Window, window
from tests.conftest import unavailable

pytestmark = pytest.mark.asyncio(loop_scope="session")

# A camera with a moving picture and a microphone that beeps, played by Chromium.
PLAYED = "--use-fake-device-for-media-stream"
LIVE_TRACKS = """() => (document.querySelector("video").srcObject?.getTracks() ?? [])
    .filter((it) => it.readyState === "live").length"""


@pytest_asyncio.fixture(loop_scope="session")
async def with_devices() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        unavailable("Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=[*QUIET, PLAYED]
        )
        yield browser
        await browser.close()


async def at_the_door(at: Window, office: Office) -> None:
    await at.go(f"/de/my/{office.names['guest']}/door")
    await at.page.locator("#device-check[data-ready]").wait_for()


async def test_the_microphone_is_heard_and_the_camera_seen_until_they_are_let_go(
    with_devices: Browser, office: Office
) -> None:
    async with window(with_devices, office.url) as anna:
        page = anna.page
        await page.context.grant_permissions(["camera", "microphone"])
        await at_the_door(anna, office)
        said = page.locator("#device-check [data-said]")

        await anna.press("Try microphone and camera")
        await expect(said).to_have_text(anna.words("The microphone hears you."))
        await expect(page.locator("video")).to_be_visible()
        assert await page.evaluate(LIVE_TRACKS) == 2

        await anna.press("Switch both off again")
        await expect(page.locator("video")).to_be_hidden()
        assert await page.evaluate(LIVE_TRACKS) == 0
        await anna.press("Play a sound")
        await expect(said).to_contain_text("Das war der Ton.")
        assert anna.strangers == anna.complaints == []


async def test_who_does_not_allow_it_reads_what_to_do(
    with_devices: Browser, office: Office
) -> None:
    async with window(with_devices, office.url) as anna:
        await at_the_door(anna, office)

        await anna.press("Try microphone and camera")

        said = anna.page.locator("#device-check [data-said]")
        await expect(said).to_contain_text("Ihr Browser hat es nicht erlaubt.")


async def test_without_microphone_and_camera_one_can_take_part_all_the_same(
    chromium: Browser, office: Office
) -> None:
    async with window(chromium, office.url) as anna:
        await anna.page.context.grant_permissions(["camera", "microphone"])
        await at_the_door(anna, office)

        await anna.press("Try microphone and camera")

        said = anna.page.locator("#device-check [data-said]")
        await expect(said).to_contain_text("Sie können trotzdem teilnehmen")


async def test_without_script_the_door_says_how_to_check(
    chromium: Browser, office: Office
) -> None:
    async with window(chromium, office.url, script=False) as anna:
        await anna.go(f"/de/my/{office.names['guest']}/door")

        assert "Einstellungen Ihres Geräts" in await anna.text()
        named = anna.words("Try microphone and camera")
        assert await anna.page.get_by_role("button", name=named).count() == 0
