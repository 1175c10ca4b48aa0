"""A room at a BigBlueButton, as a browser gets into it: one button, then the frame."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.journeys.program import program
from tests.rooms.bigbluebutton_double import BigBlueButtonDouble
from tests.rooms.serving import serving
from tests.rooms.visitors import a_registration, an_online_event, door_of

from werkraum_foundation import clock
from werkraum_rooms.models import Room
from werkraum_rooms.rooms import provide
from werkraum_server.database import migrate, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = "of-the-bigbluebutton-4f2b8c1d9e7a6035"


@dataclass(frozen=True)
class Door:
    """Anna's door at `url`, before a room at this BigBlueButton."""

    url: str
    bbb: BigBlueButtonDouble


@pytest_asyncio.fixture(loop_scope="session")
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    database, bbb = (
        f"sqlite:///{tmp_path}/werkraum.sqlite3",
        BigBlueButtonDouble(SECRET),
    )
    await migrate(database)
    async with opened(database):
        event = await an_online_event()
        room = await provide(event.id, now=clock.now())
        assert room
        await Room.filter(id=room.id).update(server="bbb")
        anna = await a_registration(event)
        path = door_of(anna)
    async with (
        serving(bbb.app()) as there,
        program(
            tmp_path,
            WERKRAUM_SECRET_KEY=os.environ["WERKRAUM_SECRET_KEY"],
            WERKRAUM_ROOM_SERVERS=(
                f'[[server]]\nkey = "bbb"\nkind = "bbb"\n'
                f'url = "{there}/bigbluebutton"\nsecret = "{SECRET}"\n'
            ),
        ) as running,
    ):
        await running.start()
        yield Door(f"{running.url}{path}", bbb)


async def test_one_button_leads_into_the_room(door: Door, chromium: Browser) -> None:
    page = await chromium.new_page()
    refused: list[str] = []
    page.on("console", lambda it: refused.append(it.text))
    await page.goto(door.url)

    await page.click("form button:not([formaction])")
    room = page.frame_locator("iframe.room")
    await room.get_by_text("in the room").wait_for()
    await page.close()

    [meeting] = door.bbb.meetings.values()
    assert [person["fullName"] for person in meeting.joined] == ["Anna"]
    assert not [said for said in refused if "Content Security Policy" in said]
