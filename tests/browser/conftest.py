"""A real browser, Debian's Chromium, one for all tests."""

import os
import shutil
from collections.abc import AsyncIterator
from shutil import move

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.browser.office import Office, furnished
from tests.browser.rooms_of_today import AWAY
from tests.browser.standings import every_standing
from tests.conftest import unavailable
from tests.journeys.program import program

from werkraum_foundation import clock
from werkraum_registration import export_files
from werkraum_server.database import migrate, opened

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        unavailable("Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The program serving an office in the middle of its work."""
    folder = tmp_path_factory.mktemp("office")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        made = await furnished()
        await every_standing(made, clock.now())
    move(export_files.folder(), folder / "exports")
    # Its links are made here, so it must share our secret.
    secret = os.environ["WERKRAUM_SECRET_KEY"]
    settings = {
        "WERKRAUM_SECRET_KEY": secret,
        "WERKRAUM_ROOM_SERVERS": AWAY,
        # With it the door and the desk have all they can offer.
        "WERKRAUM_JITSI_API_TOKEN": secret[::-1],
    }
    async with program(folder, **settings) as running:
        await running.start()
        made.url = running.url
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def unfurnished(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of the program on an empty database."""
    async with program(tmp_path_factory.mktemp("unfurnished")) as running:
        await running.command("migrate")
        await running.start()
        yield running.url
