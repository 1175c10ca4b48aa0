"""The main job by clicks and typing, as people do it.

Anna's browser runs no script and shows 320 pixels; she has no mouse. No step reads
the database: what is known stands on pages and in letters.
"""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.browser.windows import Window, window
from tests.journeys.program import (
    SECRET,
    Program,
    calendar_of,
    link_in,
    program,
    text_of,
)
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.room_server import room_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
NAMES = ("Anna Beispiel", "Berta Muster", "Cem Vorlage", "Dana Probe", "Emil Entwurf")


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Program]:
    async with program(tmp_path) as made:
        yield made


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def on_the_clock(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")


class Olga:
    """The organiser in a wide window with a mouse."""

    def __init__(self, at: Window) -> None:
        self.at = at
        self.event = ""

    async def sign_in(self, link: str) -> None:
        await self.at.go(link)
        await self.at.press("Sign in")
        assert urlsplit(self.at.page.url).path == "/desk/"

    async def announce(self, starts_at: datetime) -> str:
        """Write the event down, publish it, and say its public address."""
        await self.at.follow("New event")
        titles = self.at.page.get_by_role("group", name=self.at.words("Title"))
        await titles.get_by_label("Deutsch").fill("Werkstattgespräch Jugend")
        await self.choose_times(starts_at)
        modes = self.at.page.get_by_role("group", name=self.at.words("Taking part"))
        await modes.get_by_label(self.at.words("On site")).check()
        await self.at.type("Place", "Rathaus, Raum 12")
        await self.at.type("Seats on site", "30")
        await self.at.press("Save the draft")
        self.event = urlsplit(self.at.page.url).path
        await self.at.press("Publish")
        return await self.at.leads_to("Public page")

    async def choose_times(self, starts_at: datetime) -> None:
        start = self.at.page.get_by_label(self.at.words("Start"), exact=True)
        await start.fill(on_the_clock(starts_at))
        end = self.at.page.locator("[name=ends_at]")
        await end.fill(on_the_clock(starts_at + 2 * HOUR))

    async def move(self, starts_at: datetime) -> None:
        await self.at.go(self.event)
        await self.at.follow("Edit")
        await self.choose_times(starts_at)
        await self.at.press("Save")
        await self.at.press("Save, and tell people")
        assert urlsplit(self.at.page.url).path == self.event


class Attendee:
    """Somebody without an account, script or mouse, and the mailbox."""

    def __init__(self, at: Window, name: str, program: Program) -> None:
        self.at = at
        self.name = name
        self.address = f"{name.split()[0].lower()}@example.org"
        self.mail = program.mail
        self.page = ""

    async def register_by_keyboard(self, event: str) -> None:
        """Go from the top of the page to the sent form; the arrow chooses online."""
        await self.at.go(event)
        keyboard = self.at.page.keyboard
        await self.at.tab_to("name")
        await keyboard.type(self.name)
        await self.at.tab_to("email")
        await keyboard.type(self.address)
        await self.at.tab_to("mode")
        await keyboard.press("ArrowDown")
        await self.at.tab_to(self.at.words("Register"))
        await keyboard.press("Enter")
        await self.at.page.wait_for_url("**/registered/**")
        assert self.address in await self.at.text()

    async def confirm(self) -> None:
        """Open the link of the letter and press the one button there."""
        letter = await self.mail.next(self.address)
        assert self.name not in str(letter["To"]) + text_of(letter)
        await self.at.go(link_in(letter, "/confirm/"))
        await self.at.press("Confirm my registration")
        self.page = urlsplit(self.at.page.url).path
        assert "/my/" in self.page

    async def invitation(self, seen: int) -> icalendar.Event:
        """Take the invitation out of the first letter after so many that has one."""
        letter = await self.mail.next(self.address, seen)
        content = calendar_of(letter)
        assert content is not None, text_of(letter)
        calendar = icalendar.Calendar.from_ical(content)
        assert calendar["METHOD"] == "REQUEST"
        (event,) = calendar.walk("VEVENT")
        assert isinstance(event, icalendar.Event)
        return event


async def test_from_the_announcement_to_the_results(
    chromium: Browser, running: Program
) -> None:
    made = await running.organiser()
    await running.start()
    async with AsyncExitStack() as stack:
        olga = Olga(
            await stack.enter_async_context(
                window(chromium, running.url, lang="en", width=1280)
            )
        )
        people = [
            Attendee(
                await stack.enter_async_context(
                    window(chromium, running.url, script=False)
                ),
                name,
                running,
            )
            for name in NAMES
        ]
        anna = people[0]

        await olga.sign_in(made["sign_in_url"])
        starts_at = minute(datetime.now(UTC)) + timedelta(days=3)
        event = (await olga.announce(starts_at)).replace("/en/", "/de/")

        for person in people:
            await person.register_by_keyboard(event)
            await person.confirm()
        invited = await anna.invitation(seen=1)
        assert invited.start == starts_at
        assert anna.address in str(invited["ATTENDEE"])

        await olga.move(starts_at + HOUR)
        moved = await anna.invitation(seen=2)
        assert moved.uid == invited.uid
        assert moved.sequence > invited.sequence
        assert moved.start == starts_at + HOUR

        await knock_too_early(anna)
        soon = minute(datetime.now(UTC)) + timedelta(minutes=5)
        await olga.move(soon)
        await enter(anna)
        letters = await ask_everybody(olga, people)
        await try_twice(anna, letters[0])
        for person, letter in zip(people[1:], letters[1:], strict=True):
            await answer(person.at, letter, f"Gut war der Austausch, {person.name[0]}.")
        await read_the_results(olga)
        assert await anna.at.page.context.cookies() == []
        assert olga.at.strangers == [] and olga.at.complaints == []


async def knock_too_early(anna: Attendee) -> None:
    await anna.at.go(anna.page)
    await anna.at.follow("To the entrance of the video room")
    buttons = anna.at.page.locator("main").get_by_role("button")
    assert await buttons.count() == 0
    early = anna.at.page.locator(".countdown")
    assert "3" in await early.inner_text()
    assert room_server() not in await anna.at.page.content()


async def enter(anna: Attendee) -> None:
    """Press the one button; before it nobody but us was asked for anything."""
    await anna.at.go(f"{anna.page}/door")
    assert anna.at.strangers == []
    await anna.at.press("Enter the room")
    link = await anna.at.page.locator("iframe").get_attribute("src")
    assert link and link.startswith(room_server())
    assert anna.at.strangers
    assert all(it.startswith(room_server()) for it in anna.at.strangers)
    token = re.search(r"jwt=([^&]+)", link)
    assert token
    verifier = Verifier("werkraum", secret=SECRET.encode(), domain="meet.example.org")
    verifier.enter(
        unquote(token[1]).strip('"'),
        urlsplit(link).path.strip("/"),
        now=int(datetime.now(UTC).timestamp()),
    )


async def ask_everybody(olga: Olga, people: list[Attendee]) -> list[str]:
    """Open a survey with a few clicks; the links in the letters that it sends."""
    seen = [len(person.mail.of(person.address)) for person in people]
    await olga.at.go(olga.event)
    await olga.at.follow("Feedback")
    await olga.at.press("Draft it")
    await olga.at.follow("Open the %(round)s …", round=olga.at.words("survey"))
    await olga.at.press("Open it and send 5 letters")
    return [
        link_in(
            await person.mail.next(person.address, count, about="/feedback/"),
            "/feedback/",
        )
        for person, count in zip(people, seen, strict=True)
    ]


async def answer(at: Window, link: str, words: str) -> None:
    await at.go(link)
    await at.page.get_by_role("radio", name="5").check()
    await at.page.get_by_role("textbox").first.fill(words)
    await at.press("Send the answers")


async def try_twice(anna: Attendee, link: str) -> None:
    """Open the link in two tabs: the answers of the first count, no others."""
    second = anna.at.beside(await anna.at.page.context.new_page())
    await second.go(link)
    await answer(anna.at, link, "Gut war der Austausch, A.")
    assert await anna.at.heading() == anna.at.words("Thank you!")
    await second.page.get_by_role("textbox").first.fill("Noch einmal.")
    await second.press("Send the answers")
    refused = second.words("Thank you, you have answered already")
    assert await second.heading() == refused
    await second.page.close()


async def read_the_results(olga: Olga) -> None:
    await olga.at.go(olga.event)
    await olga.at.follow("Feedback")
    await olga.at.follow("Close the %(round)s …", round=olga.at.words("survey"))
    await olga.at.choose("At once")
    await olga.at.press("Close the %(round)s", round=olga.at.words("survey"))
    await olga.at.go(olga.event)
    await olga.at.follow("Feedback")
    await olga.at.follow("Read the results")
    results = await olga.at.text()
    for letter in "ABCDE":
        assert f"Gut war der Austausch, {letter}." in results
    assert "Noch einmal." not in results
