"""Two phones at the entrance lose the network, go on, and lose nothing.

Each phone is a browser of its own; the network is cut for good, the page is loaded
again without it, and what both noted is found at the desk afterwards.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.windows import Window, window
from tests.conftest import ON_POSTGRES
from tests.journeys.program import Program, program
from tests.people import a_member, an_event, an_organiser
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.models import Person, SignIn
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.attended import attended
from werkraum_registration.models import Attendance, Registration, State
from werkraum_server.database import migrate, opened

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the devices are the same on SQLite"),
]

NAMES = ("Anna Beispiel", "Berta Muster", "Cem Vorlage", "Dana Probe")


@dataclass
class Entrance:
    """Olga's event of today, the program that serves it, and two phones."""

    event: Event
    running: Program
    database: str
    phones: list[Window]

    @property
    def path(self) -> str:
        return f"/desk/events/{self.event.id}/check-in"


@pytest_asyncio.fixture(loop_scope="session")
async def entrance(chromium: Browser, tmp_path: Path) -> AsyncIterator[Entrance]:
    database = f"sqlite:///{tmp_path}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        event, secrets = await an_event_with_helpers()
    async with program(tmp_path) as running, AsyncExitStack() as stack:
        await running.start()
        phones = []
        for secret in secrets:
            phone = await stack.enter_async_context(
                window(chromium, running.url, lang="en")
            )
            cookie = {"name": cookie_name(), "value": secret, "url": running.url}
            await phone.page.context.add_cookies([cookie])  # type: ignore[list-item]
            phones.append(phone)
        yield Entrance(event, running, database, phones)


async def an_event_with_helpers() -> tuple[Event, list[str]]:
    now = clock.now()
    organiser = await an_organiser()
    event = await an_event(
        organiser,
        seats={Mode.ONSITE: 50},
        starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=2),
    )
    for name in NAMES:
        await somebody(event, name, Mode.ONSITE)
    secrets = []
    for name in ("Olga", "Oskar"):
        person = await a_member(organiser, name, f"{name.lower()}@network.example")
        secrets.append(await a_sign_in(person))
    return event, secrets


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


def row(phone: Window, name: str):  # type: ignore[no-untyped-def]
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
    await entrance.running.stop()
    async with opened(entrance.database):
        await Registration.filter(name=name).update(
            state=State.CANCELLED, holds_seat=False
        )
    await entrance.running.start()


async def the_desk_agrees(entrance: Entrance) -> None:
    await entrance.running.stop()
    async with opened(entrance.database):
        there = {it.registration_id for it in await attended(entrance.event.id)}
        names = [it.name for it in await Registration.filter(id__in=there)]
        assert sorted(names) == ["Anna Beispiel", "Cem Vorlage"]
        # Anna was noted by both phones: two records, one person.
        anna = await Registration.get(name="Anna Beispiel")
        assert await Attendance.filter(registration=anna, undone_at=None).count() == 2


async def test_a_lost_answer_is_asked_for_again(entrance: Entrance) -> None:
    """The server notes it and the answer is lost: sent again, it is one record."""
    phone, _ = entrance.phones
    await ready(phone, entrance.path)
    lost = []

    async def lose(route):  # type: ignore[no-untyped-def]
        await route.fetch()
        lost.append(route.request.url)
        await route.abort()

    await phone.page.context.route("**/changes", lose, times=1)
    await tap(phone, "Check in", "Anna Beispiel")
    await expect(phone.page.locator("#sync-words")).to_contain_text("Not sent: 1.")
    assert lost
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await all_sent(phone)
    await entrance.running.stop()
    async with opened(entrance.database):
        assert await Attendance.all().count() == 1


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
