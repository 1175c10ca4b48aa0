"""From the raw answers of the demo to the report, by nothing but clicks.

The demo holds what people wrote and ticked. Themes, codings, good quotes, an example
from practice and the report are made here, in a real browser without a script, as the
guide for organisers says.
"""

import asyncio
import io
import re
import time
from email import message_from_bytes, policy
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.async_api import Browser, Page
from tests.browser.windows import Window, window
from tests.conftest import ON_POSTGRES
from tests.server.installations import PATIENCE, Installation

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(ON_POSTGRES, reason="the pages are the same on SQLite"),
]

TITLE = "Werkstattgespräch: Was das Netzwerk als Nächstes braucht"
# What an organiser would name, and the beginnings of words that suggest it.
THEMES = {
    "Junge Menschen": "*jugend\njunge\njüngere\n*nachwuchs\nstudi\n*schule\ngeneration",
    "Fördermittel": "*förder\n*antrag\nanträge\nabrechn\ngeld\nstiftung\ntopf",
    "Digitales": "*digital\n*video\ntechnik\nonline\nhybrid\nsoziale",
}
SECTIONS = [
    "Auf einen Blick",
    "Ziel und Zweck",
    "Ablauf",
    "Vorstellungsrunde und verbindende Themen",
    *THEMES,
    "Beispiele aus der Praxis",
    "Ergebnisse der Umfrage",
    "Feedbackrunde und Anknüpfungspunkte",
    "Ausblick",
    "Anhang: Methode und Fragebogen",
    "Über uns und Kontakt",
]
SENTENCE = "Gut ein Drittel der Befragten wäre bereit"
# Words of people who came: one agreed to be quoted without a name, one did not.
QUOTED = "Wege zu jungen Erwachsenen außerhalb von Austausch und Verein."
NOT_QUOTED = "Junge Mitglieder, die bleiben, wenn sie zum Studium wegziehen."
BAKING = "Brotbacktag in beiden Orten gemacht"
EXAMPLE = ["Brotbacktag in zwei Städten", "Moosbrück und Saint-Aubin", "Ein Samstag"]
# What the draft says of each step, and the page that its evidence leads to.
CARRIED = {
    "Vertreten waren Klein-, Mittel- und Großstädte sowie Vereine.": "/headcount",
    "Zunächst kamen die Teilnehmenden in einer Vorstellungsrunde zu Wort": (
        "/feedback/statements?phase=introduction"
    ),
    "dass Klein-, Mittel- und Großstädte sowie Vereine gemeinsame Anliegen haben": (
        "/feedback/themes/"
    ),
    "Die drei verbindenden Themen waren": "/feedback/themes/",
    "Ein Beispiel aus der Praxis ist hier festgehalten.": "/desk/practices/",
    SENTENCE: "/results",
    "An der Feedbackrunde „Zum Abschluss“ beteiligte sich": "/results",
    "In der Feedbackrunde am Ende wurden noch einmal": (
        "/feedback/statements?phase=closing"
    ),
}


def link_in(log: Path) -> str:
    found = re.search(r"http\S+/sign-in/\S+", log.read_text("utf-8"))
    assert found
    return found[0]


async def sign_in(at: Window, link: str) -> None:
    await at.go(link)
    await at.page.locator("main form button").click()
    await at.page.wait_for_load_state()


async def press(page: Page, words: str) -> None:
    await page.locator("main button", has_text=words).first.click()
    await page.wait_for_load_state()


async def make_themes(at: Window) -> None:
    for name, words in THEMES.items():
        await at.go("/desk/codebook/new")
        await at.page.fill("[name=name_de]", name)
        await at.page.fill("[name=words]", words)
        await press(at.page, "Ins Themenbuch aufnehmen")


async def read_everything(at: Window, event: str) -> int:
    """Read one statement after the other; take each suggestion, as it fits here."""
    await at.go(f"{event}/feedback/coding")
    page, coded = at.page, 0
    done = page.locator("main button", has_text="Fertig, zum nächsten")
    fits = page.locator("main button", has_text="Passt").filter(has_not_text="nicht")
    while await done.count():
        while await fits.count():
            await fits.first.click()
            await page.wait_for_load_state()
            coded += 1
        await done.click()
        await page.wait_for_load_state()
    assert "Sie haben alles gelesen" in await page.inner_text("main")
    return coded


async def test_the_report_is_made_from_raw_answers_by_clicks(
    chromium: Browser, tmp_path: Path
) -> None:
    demo = Installation(tmp_path)
    with demo.serving("demo") as running:
        async with window(chromium, demo.address, lang="de", script=False) as at:
            page = at.page
            await sign_in(at, link_in(running.log))
            await page.get_by_role("link", name=TITLE).first.click()
            event = page.url.removeprefix(demo.address)
            await make_themes(at)
            assert await read_everything(at, event) > 40
            assert await mark_as_good_quote(at, event, QUOTED) == []
            [warning] = await mark_as_good_quote(at, event, NOT_QUOTED)
            assert "bleibt aus dem Bericht heraus" in warning
            await make_an_example(at, event)
            await the_person_agrees(chromium, demo, demo.folder / "letters")
            await publish_the_example(at, event)
            await at.go(f"{event}/feedback/report")
            await press(page, "Bericht entwerfen: Deutsch")
            report = page.url.partition("?")[0]
            headings = await page.locator("main h2").all_inner_texts()
            assert [it for it in headings if it in SECTIONS] == SECTIONS
            await every_step_is_there_with_what_carries_it(at)
            await only_the_allowed_quote_is_there(at)
            await the_sentence_stands_on_its_answers(at)
            await every_output_says_it(at, report)


async def mark_as_good_quote(at: Window, event: str, words: str) -> list[str]:
    """Find the words in the ledger and mark them; what the page says against it."""
    await at.go(f"{event}/feedback/statements")
    await at.page.get_by_label("Wörter im Text").fill(words)
    await press(at.page, "Anzeigen")
    await at.page.get_by_role("link", name="Thema zuordnen").first.click()
    await press(at.page, "Gutes Zitat")
    marks = at.page.locator("main .marks li")
    assert await marks.get_by_text("gutes Zitat", exact=True).count() == 1
    return await marks.filter(has_text="nicht zugestimmt").all_inner_texts()


async def make_an_example(at: Window, event: str) -> None:
    """Make a card of a statement, word it, and ask the person by letter."""
    page = at.page
    await at.go(f"{event}/feedback/statements?q=Brotbacktag")
    card = page.locator("main li.statement").filter(has_text=BAKING)
    await card.get_by_role("button", name="Praxisbeispiel daraus machen").click()
    await page.wait_for_load_state()
    assert BAKING in await page.locator("[name=what_de]").input_value()
    title, place, took = EXAMPLE
    await page.fill("[name=title_de]", title)
    await page.fill("[name=place]", place)
    await page.fill("[name=took_de]", took)
    await press(page, "Speichern")
    assert not await page.get_by_role("button", name="Veröffentlichen").count()
    await press(page, "Die Person fragen")


async def the_person_agrees(
    chromium: Browser, demo: Installation, letters: Path
) -> None:
    """In a browser of their own, by the link of the letter."""
    async with window(chromium, demo.address, lang="de", script=False) as at:
        await at.go(await link_of_the_letter(letters))
        assert BAKING in await at.text()
        await press(at.page, "ohne meinen Namen")


async def link_of_the_letter(letters: Path) -> str:
    until = time.monotonic() + PATIENCE
    while not (letter := first_of(letters)):
        assert time.monotonic() < until, "no letter came"
        await asyncio.sleep(0.1)
    found = re.search(r"http\S+/practices/\S+", letter)
    assert found
    return found[0]


def first_of(letters: Path) -> str:
    """Read the plain text of the first letter that was written, if there is one."""
    for file in sorted(letters.glob("*.eml")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        plain = letter.get_body(("plain",))
        return plain.get_content() if plain else ""
    return ""


async def publish_the_example(at: Window, event: str) -> None:
    await at.go(f"{event}/feedback/report")
    assert "es ist aber noch nicht veröffentlicht" in await at.text()
    await at.page.get_by_role("link", name="Die Praxisbeispiele ansehen").click()
    await at.page.get_by_role("link", name=EXAMPLE[0]).click()
    await press(at.page, "Veröffentlichen")
    await at.page.get_by_role("link", name="So sehen es alle").click()
    assert "/practices/" in at.page.url and EXAMPLE[0] in await at.text()


async def every_step_is_there_with_what_carries_it(at: Window) -> None:
    for sentence, way in CARRIED.items():
        passage = at.page.locator("[id^=p-]").filter(has_text=sentence).first
        links = passage.locator("details").first.locator("a[href]")
        led = [await it.get_attribute("href") or "" for it in await links.all()]
        assert any(way in it for it in led), (sentence, led)
        for address in led:
            answer = await at.page.context.request.get(at.origin + address)
            assert answer.status == 200, address


async def only_the_allowed_quote_is_there(at: Window) -> None:
    quote = at.page.locator("blockquote")
    assert await quote.all_inner_texts() == [QUOTED]
    said = await at.page.locator("[id^=p-]").filter(has=quote).inner_text()
    assert "Stimme aus einer Großstadt" in said


async def the_sentence_stands_on_its_answers(at: Window) -> None:
    """One click beside the sentence leads to the 41 of 121 who said yes."""
    line = at.page.locator("main li, main div").filter(has_text=SENTENCE).last
    text = await at.page.inner_text("main")
    assert "verbindenden Themen" in text and "Klein-, Mittel- und Großstädte" in text
    assert "sowie Vereine" in text
    passage = at.page.locator("[id^=p-]").filter(has_text=SENTENCE).first
    await passage.locator("summary").first.click()
    address = await passage.locator("a[href$=evidence]").first.get_attribute("href")
    await at.go(address or "")
    said = await at.page.inner_text("main")
    assert SENTENCE in said and "41" in said and "121" in said
    await at.page.go_back()
    assert await line.count()


async def every_output_says_it(at: Window, report: str) -> None:
    files = {}
    for suffix in ("html", "md", "docx", "pdf", "json"):
        answer = await at.page.context.request.get(f"{report}/report.{suffix}")
        assert answer.status == 200, suffix
        files[suffix] = await answer.body()
    told = {
        "html": files["html"].decode(),
        "md": files["md"].decode(),
        "docx": "\n".join(
            it.text for it in docx.Document(io.BytesIO(files["docx"])).paragraphs
        ),
        "pdf": "\n".join(
            it.extract_text() for it in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages
        ),
    }
    for suffix, text in told.items():
        plain = re.sub(r"\s+", " ", text)
        assert SENTENCE in plain, suffix
        assert all(section in plain for section in SECTIONS), suffix
        assert QUOTED in plain and NOT_QUOTED not in plain, suffix
    for suffix in ("html", "md", "pdf"):
        assert all(it in re.sub(r"\s+", " ", told[suffix]) for it in EXAMPLE), suffix
    rows = docx.Document(io.BytesIO(files["docx"])).tables
    cells = [it.text for table in rows for row in table.rows for it in row.cells]
    assert set(EXAMPLE) <= set(cells)
    assert b"pdfuaid" in files["pdf"]
