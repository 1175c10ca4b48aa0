"""A moderator writes down what is said: quickly, by keyboard, without a network.

Each device is a browser of its own; the network is cut for good, the page is loaded
again without it, and what two moderators caught is found afterwards, each line once.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect
from tests.browser.windows import Window, window
from tests.conftest import ON_POSTGRES
from tests.feedback.meetings import a_card, a_meeting, a_town, an_introduction, an_item
from tests.feedback.statement_rows import a_theme
from tests.journeys.program import program
from tests.people import a_member, an_organiser

from werkraum_foundation import clock
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.models import Person, SignIn
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import OrganisationSize
from werkraum_server.database import migrate, opened

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the devices are the same on SQLite"),
]

Json = dict[str, Any]  # Any: JSON

# Kind, theme (1: youth, 2: money, 3: digital), who speaks if it is somebody new, text.
ROUND = (
    (1, 1, "Stadt Kleinhausen", "Uns fehlen junge Leute, der Vorstand ist um die 70."),
    (2, 1, "", "Mit dem Jugendzentrum ging es: dort waren sofort zwölf dabei."),
    (3, 2, "", "Wir wünschen uns einen Überblick über die Fördertöpfe."),
    (1, 3, "Stadt Großburg", "Digitale Treffen schlafen nach einem halben Jahr ein."),
    (2, 3, "", "Ein gemeinsames Kochen per Video war der beste Abend."),
    (5, 2, "", "Wer hilft eigentlich beim Abrechnen der EU-Mittel?"),
    (1, 1, "Verein Musterland e. V.", "Ohne die Schulen erreichen wir niemanden."),
    (4, 1, "", "Wir können unsere Vorlage für Praktika teilen."),
    (3, 0, "", "Öfter so eine Runde, gern auch abends."),
    (1, 2, "Kreis Musterland", "Die Anträge sind für Ehrenamtliche zu lang."),
    (2, 2, "", "Beim Bürgerfonds waren es drei Seiten, das hat geklappt."),
    (4, 0, "", "Wir laden im Mai nach Musterland ein."),
    (1, 3, "Stadt Mittelstadt", "Unsere Partnerstadt nutzt andere Programme als wir."),
    (5, 3, "", "Gibt es eine Lösung, die überall erlaubt ist?"),
    (3, 1, "", "Ein Treffen nur für unter 25-Jährige."),
    (2, 1, "Jugendring Beispielhausen", "Über Sport kommen alle, auch ohne Sprache."),
    (1, 0, "", "Nach dem Austausch reißt der Kontakt ab."),
    (4, 3, "", "Wir richten gern einen Kanal für alle ein."),
    (3, 2, "Stadt Kleinhausen", "Bitte einen Kurs für Anfänger beim Fördern."),
    (5, 0, "", "Wann sehen wir uns wieder?"),
)  # fmt: skip
THEMES = ("Nachwuchs", "Fördermittel", "Digitales")
# What somebody types who has learned it; the rest is up to the page.
KEYS_A_MINUTE = 400
# The keys of the chips, in their order.
KEYS = "qwr"


@dataclass
class Meeting:
    """A meeting, two moderators' sign-ins, and a device of each."""

    url: str
    event: str
    secrets: list[str]
    devices: list[Window] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/desk/events/{self.event}/feedback/capture"

    @property
    def cookies(self) -> list[Any]:  # Any: as playwright takes them
        named = {"name": cookie_name(), "url": self.url}
        return [{**named, "value": secret} for secret in self.secrets]

    async def state(self) -> Json:
        """Ask the server, far from the devices."""
        cookies = {cookie_name(): self.secrets[0]}
        async with httpx.AsyncClient(base_url=self.url, cookies=cookies) as desk:
            told: Json = (await desk.get(f"{self.path}/state.json")).json()["state"]
            return told

    async def texts(self) -> list[str]:
        return [it["said"]["text"] for it in (await self.state())["statements"]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def meetings(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Iterator[Meeting]]:
    """The program, and a meeting with two moderators for each test."""
    folder = tmp_path_factory.mktemp("capture")
    database = f"sqlite:///{folder}/werkraum.sqlite3"
    await migrate(database)
    async with opened(database):
        made = [await a_meeting_with_moderators() for _ in range(12)]
    async with program(folder) as running:
        await running.start()
        yield (Meeting(running.url, event, secrets) for event, secrets in made)


@pytest_asyncio.fixture(loop_scope="session")
async def meeting(
    chromium: Browser, meetings: Iterator[Meeting]
) -> AsyncIterator[Meeting]:
    made = next(meetings)
    async with AsyncExitStack() as stack:
        for cookie in made.cookies:
            at = window(chromium, made.url, lang="de", width=1280)
            device = await stack.enter_async_context(at)
            await device.page.context.add_cookies([cookie])
            made.devices.append(device)
        yield made


async def a_meeting_with_moderators() -> tuple[str, list[str]]:
    organiser = await an_organiser()
    event = await a_meeting(organiser)
    await an_item(event, "Vorstellungsrunde", 0, 40)
    await an_item(event, "Drei Beispiele", 40, 80)
    await a_town(organiser, "Stadt Kleinhausen")
    await a_town(organiser, "Stadt Großburg", OrganisationSize.LARGE)
    await a_town(organiser, "Stadt Mittelstadt", OrganisationSize.MEDIUM)
    asked = await an_introduction(event)
    for name in ("Anna Beispiel", "Berta Muster", "Cem Vorlage"):
        await a_card(asked, f"Ich bin {name}.", name=name)
    for position, name in enumerate(THEMES):
        await a_theme(organiser, name, position=position)
    secrets = []
    for name in ("Olga", "Oskar"):
        person = await a_member(organiser, name, f"{uuid4().hex}@network.example")
        await Person.filter(id=person.id).update(language=None)
        secrets.append(await a_sign_in(person))
    return str(event.id), secrets


async def a_sign_in(person: Person) -> str:
    secret, now = new_token(), clock.now()
    await SignIn.create(
        person_id=person.id, token_hash=hashed(secret), created_at=now, seen_at=now
    )
    return secret


async def ready(device: Window, path: str) -> None:
    """Open the page, and wait until it could do without the network."""
    await device.go(path)
    await expect(device.page.locator("#capture[data-offline]")).to_be_attached()


async def all_sent(device: Window) -> None:
    waiting = device.page.locator("#capture[data-waiting='0']")
    await expect(waiting).to_be_attached(timeout=30_000)


async def connect(device: Window) -> None:
    await device.page.context.set_offline(False)
    await device.page.evaluate("dispatchEvent(new Event('online'))")
    await all_sent(device)


async def catch(page: Page, text: str, kind: int = 0, theme: int = 0) -> None:
    """Type a line as a moderator does: a digit, the words, a theme, Enter."""
    if kind:
        await page.keyboard.press(str(kind))
    await page.keyboard.type(text)
    if theme:
        await page.keyboard.press(f"Alt+{KEYS[theme - 1]}")
    await page.keyboard.press("Enter")


async def somebody_else(page: Page, who: str) -> None:
    await page.keyboard.press("Alt+n")
    await page.keyboard.type(who)
    # Back in the line that is typed.
    await page.keyboard.press("Enter")


def row(device: Window, text: str) -> Locator:
    return device.page.locator("#caught .person", has_text=text)


def shown(device: Window) -> Locator:
    return device.page.locator("#caught .person .voice")


async def test_twenty_statements_in_three_minutes_by_keyboard(
    meeting: Meeting,
) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    await expect(device.page.locator("#text")).to_be_focused()
    kind_now = 0
    for kind, theme, who, text in ROUND:
        if who:
            await somebody_else(device.page, who)
        # The kind stays until another one is chosen.
        await catch(device.page, text, 0 if kind == kind_now else kind, theme)
        kind_now = kind
        await expect(device.page.locator("#text")).to_be_focused()
    await all_sent(device)
    state = await meeting.state()
    told = [it["said"] for it in reversed(state["statements"])]
    assert [it["text"] for it in told] == [text for *_, text in ROUND]
    kinds = ["concern", "experience", "wish", "offer", "question"]
    assert [it["kind"] for it in told] == [kinds[kind - 1] for kind, *_ in ROUND]
    names = {it["id"]: it["name"] for it in state["themes"]}
    ticked = [[names[theme] for theme in it["themes"]] for it in told]
    wanted = [[THEMES[theme - 1]] if theme else [] for _, theme, *_ in ROUND]
    assert ticked == wanted
    speaker = ""
    for it, (_, _, who, _) in zip(told, ROUND, strict=True):
        speaker = who or speaker
        assert it["organisation"] == speaker
    sizes = [it["org_size"] for it in told if it["organisation"].startswith("Stadt")]
    assert sizes == ["small"] * 3 + ["large"] * 3 + ["medium"] * 3 + ["small"] * 2
    # What hands have to do: every key, that of saving and of a new speaker too.
    keys = sum(
        len(text) + 2 + bool(theme) + (len(who) + 2 if who else 0)
        for _, theme, who, text in ROUND
    )
    assert keys < 3 * KEYS_A_MINUTE
    assert device.complaints == device.strangers == []


async def test_two_moderators_without_a_network_lose_nothing(meeting: Meeting) -> None:
    one, two = meeting.devices
    for device in (one, two):
        await ready(device, meeting.path)
    await catch(one.page, "Von beiden gesehen.", 1)
    await all_sent(one)
    await two.page.reload()
    await expect(row(two, "Von beiden gesehen.")).to_be_visible()
    for device in (one, two):
        await device.page.context.set_offline(True)

    for text in ("Eins von Olga.", "Zwei von Olga.", "Drei von Olga."):
        await catch(one.page, text)
    await catch(two.page, "Eins von Oskar.")
    # Put right and taken back before anything was sent.
    await one.page.keyboard.press("ArrowUp")
    await one.page.keyboard.press("Control+a")
    await catch(one.page, "Drei, verbessert.")
    await row(one, "Zwei von Olga.").get_by_role("button", name="Entfernen").click()
    said = one.page.locator("#sync-words")
    await expect(said).to_contain_text("Nicht gesendet: 3.")
    await two.page.locator("#text").fill("Noch nicht fertig getip")

    # Loaded again without a network, with everything that was typed.
    for device in (one, two):
        await device.page.reload()
        await expect(device.page.locator("#capture[data-ready]")).to_be_attached()
        await expect(row(device, "Von beiden gesehen.")).to_be_visible()
    await expect(shown(one)).to_have_text(
        ["Drei, verbessert.", "Eins von Olga.", "Von beiden gesehen."]
    )
    await expect(row(one, "Eins von Olga.")).to_contain_text("noch nicht gesendet")
    await expect(two.page.locator("#text")).to_have_value("Noch nicht fertig getip")

    await connect(two)
    await connect(one)
    for device in (one, two):
        await device.page.reload()
        await all_sent(device)
        await expect(shown(device)).to_have_count(4)
    assert sorted(await meeting.texts()) == [
        "Drei, verbessert.",
        "Eins von Olga.",
        "Eins von Oskar.",
        "Von beiden gesehen.",
    ]
    # Those of one device stand in their order.
    olgas = [it for it in await meeting.texts() if "Oskar" not in it]
    assert olgas == ["Drei, verbessert.", "Eins von Olga.", "Von beiden gesehen."]
    assert one.strangers == two.strangers == []


async def test_a_lost_answer_is_asked_for_again(meeting: Meeting) -> None:
    """The server keeps it and the answer is lost: sent again, it is one statement."""
    device, _ = meeting.devices
    await ready(device, meeting.path)
    lost = []

    async def lose(route: Route) -> None:
        await route.fetch()
        lost.append(route.request.url)
        await route.abort()

    await device.page.context.route("**/changes", lose, times=1)
    await catch(device.page, "Einmal gesagt.")
    said = device.page.locator("#sync-words")
    await expect(said).to_contain_text("Nicht gesendet: 1.")
    assert lost
    # Put right before the answer is there: no change of somebody else.
    await device.page.keyboard.press("ArrowUp")
    await device.page.keyboard.press("End")
    await catch(device.page, " Und verbessert.")
    await connect(device)
    assert await meeting.texts() == ["Einmal gesagt. Und verbessert."]


async def test_whoever_sees_that_two_changed_the_same_decides(meeting: Meeting) -> None:
    one, two = meeting.devices
    await ready(one, meeting.path)
    await catch(one.page, "Anfang.")
    await all_sent(one)
    await ready(two, meeting.path)
    await one.page.context.set_offline(True)
    for device, text in ((one, "Olgas Fassung."), (two, "Oskars Fassung.")):
        await device.page.locator("#text").focus()
        await device.page.keyboard.press("ArrowUp")
        await device.page.keyboard.press("Control+a")
        await catch(device.page, text)
    await all_sent(two)
    await one.page.context.set_offline(False)
    await one.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(row(one, "Olgas Fassung.")).to_contain_text("Oskars Fassung.")
    assert await meeting.texts() == ["Oskars Fassung."]
    await one.page.get_by_role("button", name="Meine behalten").click()
    await all_sent(one)
    assert await meeting.texts() == ["Olgas Fassung."]


async def test_what_was_removed_is_there_again_with_one_click(meeting: Meeting) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    await catch(device.page, "Aus Versehen weg.")
    await all_sent(device)
    await row(device, "Aus Versehen").get_by_role("button", name="Entfernen").click()
    await all_sent(device)
    assert await meeting.texts() == []
    await device.page.keyboard.press("Enter")
    await all_sent(device)
    assert await meeting.texts() == ["Aus Versehen weg."]


async def test_a_text_may_begin_with_a_digit_and_have_lines(meeting: Meeting) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    page = device.page
    await page.keyboard.type(" 3 Schulen machen mit")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("2 noch nicht")
    await page.keyboard.press("Enter")
    await all_sent(device)
    assert await meeting.texts() == ["3 Schulen machen mit\n2 noch nicht"]
    [said] = [it["said"] for it in (await meeting.state())["statements"]]
    assert said["kind"] is None


async def test_cards_are_ticked_off_without_a_network(meeting: Meeting) -> None:
    one, two = meeting.devices
    path = meeting.path.replace("capture", "cards")
    for device in (one, two):
        await device.go(path)
        await expect(device.page.locator("#cards-page[data-offline]")).to_be_attached()
    await one.page.context.set_offline(True)
    for name in ("Anna Beispiel", "Berta Muster"):
        await one.page.get_by_role("button", name=f"Hat gesprochen ({name})").click()
    await one.page.get_by_role("button", name="Zurücknehmen (Anna Beispiel)").click()
    said = one.page.locator("#sync-words")
    await expect(said).to_contain_text("Nicht gesendet: 2.")
    await one.page.reload()
    spoken = one.page.locator(".person.here strong")
    await expect(spoken).to_have_text(["Berta Muster"])
    await expect(one.page.locator("#cards-count")).to_have_text(
        "1 von 3 haben gesprochen."
    )
    # Meanwhile somebody else ticks off who spoke before.
    await two.page.get_by_role("button", name="Hat gesprochen (Cem Vorlage)").click()
    await one.page.context.set_offline(False)
    await one.page.evaluate("dispatchEvent(new Event('online'))")
    for device in (one, two):
        both = device.page.locator(".person.here strong")
        await expect(both).to_have_text(["Berta Muster", "Cem Vorlage"], timeout=30_000)
    # The wall follows by itself.
    await two.go(f"{path}/screen")
    await expect(two.page.locator("h2").first).to_have_text("Anna Beispiel")
    await one.page.get_by_role("button", name="Hat gesprochen (Anna Beispiel)").click()
    await expect(two.page.locator("#followed")).to_contain_text(
        "Alle mit einer Karte haben gesprochen.", timeout=15_000
    )
    assert one.strangers == two.strangers == two.complaints == []


async def test_the_clock_says_what_is_left_and_follows_the_item(
    meeting: Meeting,
) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    left = device.page.locator("#clock [data-clock=left]")
    await expect(left).to_contain_text("noch")
    path = meeting.path.replace("capture", "clock")
    await device.go(path)
    await expect(device.page.locator("#clock[data-ready]")).to_be_attached()
    await expect(left).to_contain_text("noch")
    await expect(device.page.locator("[data-clock=on]")).to_have_text(
        "Vorstellungsrunde"
    )
    # As if the device's clock and its plan were three quarters of an hour later.
    await device.page.clock.install()
    await device.page.clock.fast_forward(45 * 60_000)
    await device.page.clock.run_for(2_000)
    await expect(device.page.locator("[data-clock=on]")).to_have_text("Drei Beispiele")


async def test_nobody_signs_out_with_something_in_hand(meeting: Meeting) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    await catch(device.page, "Schon gesendet.")
    await all_sent(device)
    await device.page.context.set_offline(True)
    await catch(device.page, "Noch in der Hand.")
    await device.page.get_by_role("button", name="Abmelden (Olga)").click()
    said = device.page.locator("#sync-words")
    await expect(said).to_contain_text("Bitte bleiben Sie angemeldet")
    await connect(device)
    await device.page.get_by_role("button", name="Abmelden (Olga)").click()
    await device.page.wait_for_url("**/desk/sign-in")
    kept = "JSON.stringify(localStorage)"
    await device.page.wait_for_function(f"!{kept}.includes('Schon gesendet')")
    assert await device.page.evaluate("caches.has('werkraum-capture')") is False


async def test_a_sign_in_that_ended_loses_nothing(meeting: Meeting) -> None:
    device, _ = meeting.devices
    await ready(device, meeting.path)
    await device.page.context.set_offline(True)
    await catch(device.page, "Ohne Anmeldung getippt.")
    await device.page.context.clear_cookies()
    await device.page.context.set_offline(False)
    await device.page.evaluate("dispatchEvent(new Event('online'))")
    said = device.page.locator("#sync-words")
    await expect(said).to_contain_text("Sie sind abgemeldet.")
    await device.page.context.add_cookies(meeting.cookies[:1])
    await device.page.reload()
    await all_sent(device)
    assert await meeting.texts() == ["Ohne Anmeldung getippt."]


async def test_without_a_script_the_page_is_made_of_forms(
    meeting: Meeting, chromium: Browser
) -> None:
    async with window(chromium, meeting.url, lang="en", script=False) as at:
        await at.page.context.add_cookies(meeting.cookies[:1])
        await at.go(meeting.path)
        speaker = at.page.locator("#organisation")
        await speaker.fill("Stadt Kleinhausen")
        await at.choose("Wish")
        await at.type("What is said", "Ein Treffen im Mai.")
        await at.choose("Nachwuchs")
        await at.press("Save")
        assert "Saved." in await at.text()
        await expect(speaker).to_have_value("Stadt Kleinhausen")
        await at.page.get_by_role("button", name="Remove").click()
        await at.press("Undo: have it again")
        assert "Ein Treffen im Mai." in await at.text()
    [said] = [it["said"] for it in (await meeting.state())["statements"]]
    assert (said["kind"], said["org_size"]) == ("wish", "small")
