"""From the raw answers of the demo to the report, by nothing but clicks.

The demo holds what people wrote and ticked. Themes, codings and the report are made
here, in a real browser without a script, as the guide for organisers says.
"""

import io
import re
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.async_api import Browser, Page
from tests.browser.windows import Window, window
from tests.conftest import ON_POSTGRES
from tests.server.installations import Installation

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
    "Ergebnisse der Umfrage",
    "Feedbackrunde und Anknüpfungspunkte",
    "Ausblick",
    "Anhang: Methode und Fragebogen",
    "Über uns und Kontakt",
]
SENTENCE = "Gut ein Drittel der Befragten wäre bereit"


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
            await at.go(f"{event}/feedback/report")
            await press(page, "Bericht entwerfen: Deutsch")
            report = page.url.partition("?")[0]
            headings = await page.locator("main h2").all_inner_texts()
            assert [it for it in headings if it in SECTIONS] == SECTIONS
            await the_sentence_stands_on_its_answers(at)
            await every_output_says_it(at, report)


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
    assert b"pdfuaid" in files["pdf"]
