"""Two phones at the entrance lose the network, go on, and lose nothing.

Each phone is a browser of its own; the network is cut for good, the page is loaded
again without it, and what both noted is found at the desk afterwards.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Route, expect
from tests.browser.windows import Window, window
from tests.journeys.program import program
from tests.people import a_member, an_event, an_organiser
from tests.registration.hand_made import somebody

from werkraum_events.models import Mode
from werkraum_foundation import clock
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.models import Person, SignIn
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import SeatPool
from werkraum_server.database import migrate, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

Events = Iterator["Entrance"]

NAMES = ("Anna Beispiel", "Berta Muster", "Cem Vorlage", "Dana Probe")


@dataclass
class Entrance:
    """An event of today, two helpers' sign-ins, and a phone of each."""

    url: str
    event: str
    secrets: list[str]
    phones: list[Window] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/desk/events/{self.event}/check-in"

    @property
    def cookies(self) -> list[Any]:  # Any: as playwright takes them
        named = {"name": cookie_name(), "url": self.url}
        return [{**named, "value": secret} for secret in self.secrets]

    @contextlib.asynccontextmanager
    async def desk(self) -> AsyncIterator[httpx.AsyncClient]:
        """Olga at the desk, without a script, far from the entrance."""
        cookies = {cookie_name(): self.secrets[0]}
        async with httpx.AsyncClient(base_url=self.url, cookies=cookies) as browser:
            yield browser

    async def people(self) -> dict[str, dict[str, Any]]:  # Any: JSON
        async with self.desk() as desk:
            told = (await desk.get(f"{self.path}/people.json")).json()
        return {it["name"]: it for it in told["people"]}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def events(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Events]:
    """The program, and an event with two helpers for each test."""
    folder = tmp_path_factory.mktemp("entrance")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        made = [await an_event_with_helpers() for _ in range(6)]
    async with program(folder) as running:
        await running.start()
        yield (Entrance(running.url, event, secrets) for event, secrets in made)


@pytest_asyncio.fixture(loop_scope="session")
async def entrance(chromium: Browser, events: Events) -> AsyncIterator[Entrance]:
    made = next(events)
    async with AsyncExitStack() as stack:
        for cookie in made.cookies:
            at = window(chromium, made.url, lang="en")
            phone = await stack.enter_async_context(at)
            await phone.page.context.add_cookies([cookie])
            made.phones.append(phone)
        yield made


async def an_event_with_helpers() -> tuple[str, list[str]]:
    now, organiser = clock.now(), await an_organiser()
    event = await an_event(
        organiser,
        seats={Mode.ONSITE: 50},
        starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=2),
    )
    for name in NAMES:
        await somebody(event, name, Mode.ONSITE)
    await SeatPool.filter(event=event).update(taken=4, demand=4)
    secrets = []
    for name in ("Olga", "Oskar"):
        person = await a_member(organiser, name, f"{uuid4().hex}@network.example")
        secrets.append(await a_sign_in(person))
    return str(event.id), secrets


async def a_sign_in(person: Person) -> str:
    secret, now = new_token(), clock.now()
    await SignIn.create(
        person_id=person.id, token_hash=hashed(secret), created_at=now, seen_at=now
    )
    return secret


async def ready(phone: Window, path: str) -> None:
    """Open the page, and wait until it could do without the network."""
    await phone.go(path)
    await expect(phone.page.locator("#check-in[data-offline]")).to_be_attached()


async def tap(phone: Window, words: str, name: str) -> None:
    await phone.page.get_by_role("button", name=f"{words} ({name})").click()


async def all_sent(phone: Window) -> None:
    waiting = phone.page.locator("#check-in[data-waiting='0']")
    await expect(waiting).to_be_attached(timeout=30_000)


def row(phone: Window, name: str) -> Locator:
    return phone.page.locator(".person", has_text=name)


async def test_two_phones_without_a_network_lose_nothing(entrance: Entrance) -> None:
    one, two = entrance.phones
    for phone in (one, two):
        await ready(phone, entrance.path)
    await tap(one, "Check in", "Dana Probe")
    await all_sent(one)
    # The second phone hears of it before the network goes.
    await two.page.reload()
    await expect(row(two, "Dana Probe")).to_contain_text("at the entrance")
    for phone in (one, two):
        await phone.page.context.set_offline(True)

    await tap(one, "Check in", "Anna Beispiel")
    await tap(one, "Check in", "Berta Muster")
    await tap(one, "Undo", "Berta Muster")
    await tap(two, "Check in", "Anna Beispiel")
    await tap(two, "Check in", "Cem Vorlage")
    await tap(two, "Undo", "Dana Probe")
    for phone, count in ((one, 3), (two, 3)):
        await expect(phone.page.locator("#sync-words")).to_contain_text(
            f"Not sent: {count}."
        )

    # Loaded again without a network, with everything that was noted.
    for phone, names in (
        (one, ["Anna Beispiel", "Dana Probe"]),
        (two, ["Anna Beispiel", "Cem Vorlage"]),
    ):
        await phone.page.reload()
        await expect(phone.page.locator("#check-in[data-ready]")).to_be_attached()
        for name in NAMES:
            here = row(phone, name)
            if name in names:
                await expect(here).to_contain_text("at the entrance")
            else:
                await expect(here).not_to_contain_text("at the entrance")
        await expect(phone.page.locator(".person")).to_have_count(4)

    # Somebody gives up the seat meanwhile, far from the entrance.
    await cancelled_meanwhile(entrance, "Cem Vorlage")

    for phone in (two, one):
        await phone.page.context.set_offline(False)
        await phone.page.evaluate("dispatchEvent(new Event('online'))")
        await all_sent(phone)

    # Both phones, and the desk without a script, tell the same.
    for phone in (one, two):
        await phone.page.reload()
        await all_sent(phone)
        await expect(row(phone, "Anna Beispiel")).to_contain_text("at the entrance")
        await expect(row(phone, "Berta Muster")).not_to_contain_text("Here:")
        await expect(row(phone, "Dana Probe")).not_to_contain_text("Here:")
        await expect(row(phone, "Cem Vorlage")).to_contain_text("Cancelled")
        await expect(phone.page.locator("#figure-unclear")).to_have_text("1")
    await the_desk_agrees(entrance)
    assert one.strangers == two.strangers == []


async def cancelled_meanwhile(entrance: Entrance, name: str) -> None:
    person = (await entrance.people())[name]
    async with entrance.desk() as desk:
        answer = await desk.post(f"/desk/registrations/{person['id']}/cancel")
        assert answer.status_code == 303


async def the_desk_agrees(entrance: Entrance) -> None:
    people = await entrance.people()
    here = {name: it["here"] for name, it in people.items() if it["here"]}
    assert here == {"Anna Beispiel": ["desk"], "Cem Vorlage": ["desk"]}
    assert people["Cem Vorlage"]["state"] == "cancelled"


async def test_a_lost_answer_is_asked_for_again(entrance: Entrance) -> None:
    """The server notes it and the answer is lost: sent again, it is one record."""
    phone, _ = entrance.phones
    await ready(phone, entrance.path)
    lost = []

    async def lose(route: Route) -> None:
        await route.fetch()
        lost.append(route.request.url)
        await route.abort()

    await phone.page.context.route("**/changes", lose, times=1)
    await tap(phone, "Check in", "Anna Beispiel")
    await expect(phone.page.locator("#sync-words")).to_contain_text("Not sent: 1.")
    assert lost
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await all_sent(phone)
    person = (await entrance.people())["Anna Beispiel"]
    assert person["here"] == ["desk"]


async def test_the_names_leave_with_whoever_signs_out(entrance: Entrance) -> None:
    phone, _ = entrance.phones
    await ready(phone, entrance.path)
    kept = "JSON.stringify(localStorage)"
    assert "Anna Beispiel" in await phone.page.evaluate(kept)
    await phone.press("Sign out (Olga)")
    await phone.page.wait_for_url("**/desk/sign-in")
    await phone.page.wait_for_function(f"!{kept}.includes('Anna')")
    assert await phone.page.evaluate("caches.has('werkraum-check-in')") is False
    assert phone.complaints == []


async def test_two_letters_and_enter_check_somebody_in(entrance: Entrance) -> None:
    phone, _ = entrance.phones
    await ready(phone, entrance.path)
    await phone.page.get_by_label("Name or organisation").fill("ce")
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.locator("#sync-words")).to_have_text(
        "Cem Vorlage is checked in."
    )
    await all_sent(phone)
    await expect(phone.page.locator("#figure-here")).to_have_text("1")
    assert phone.complaints == []


async def test_a_sign_in_that_ended_loses_nothing_and_shows_nobody(
    entrance: Entrance,
) -> None:
    phone, _ = entrance.phones
    await ready(phone, entrance.path)
    await phone.page.context.set_offline(True)
    await tap(phone, "Check in", "Anna Beispiel")
    await phone.page.context.clear_cookies()
    await phone.page.context.set_offline(False)
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    words = phone.page.locator("#sync-words")
    await expect(words).to_contain_text("You are signed out.")
    await expect(words).to_contain_text("Not sent: 1.")
    await expect(phone.page.locator(".person")).to_have_count(0)
    assert "Anna" not in await phone.page.evaluate("JSON.stringify(localStorage)")

    await phone.page.context.add_cookies(entrance.cookies[:1])
    await phone.page.reload()
    await all_sent(phone)
    await expect(row(phone, "Anna Beispiel")).to_contain_text("at the entrance")


async def test_without_a_script_the_page_is_made_of_forms(
    entrance: Entrance, chromium: Browser
) -> None:
    async with window(chromium, entrance.url, lang="en", script=False) as at:
        await at.page.context.add_cookies(entrance.cookies[:1])
        await at.go(f"{entrance.path}?q=beis")
        await at.press("Check in (Anna Beispiel)")
        assert "Anna Beispiel is checked in." in await at.text()
        await at.press("Undo (Anna Beispiel)")
        assert "The check-in of Anna Beispiel is taken back." in await at.text()
