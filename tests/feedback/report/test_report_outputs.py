"""Every output of a report, with a quote that is as hard on it as it can be."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from tests.feedback.report_samples import a_workshop

from werkraum_feedback.report.report_document import Document, parts_of
from werkraum_feedback.report.report_document_words import document_words
from werkraum_feedback.report.report_draft import draft
from werkraum_feedback.report.report_html import fragment
from werkraum_feedback.report.report_json import report_json
from werkraum_feedback.report.report_markdown import markdown
from werkraum_feedback.report.report_process import written
from werkraum_feedback.report_models import Passage, PassageKind
from werkraum_foundation.language import in_language

SCHEMA = Path(__file__).parents[3] / "docs" / "report.schema.json"
EMOJI = "Ein Herz 😀 und eine Familie 👩‍👧"
RTL = "שלום עולם, مرحبا بالعالم"
ZALGO = "Z̵̡a̴̖l̷̊g̸͈o̰͓"
SCRIPT = "<script>alert(1)</script> | # *[x](javascript:alert(1))"
HARD = f"{EMOJI} ★ 漢字 {RTL} {ZALGO}\n{SCRIPT} " + "x" * 500
LONG = (HARD + " Und noch mehr davon." * 500)[:10_000]


def a_passage(text: str, kind: PassageKind, **data: object) -> Passage:
    return Passage(
        section="theme:1", position=0, kind=kind, text=text, drafted="", data=data
    )


def a_document(language: str = "de", text: str = LONG) -> Document:
    """The whole workshop, and in its first theme what is hard to write."""
    made = draft(a_workshop(language))
    found = [
        Passage(
            section=it.section,
            position=number,
            kind=it.kind,
            text=it.text,
            drafted=it.text,
            evidence=list(it.evidence),
            data=it.stored,
        )
        for number, it in enumerate(made.passages)
    ]
    place = next(n for n, it in enumerate(found) if it.section == "theme:1")
    source = {"from": "Stimme 😀 aus einem Verein", "language": "de"}
    found[place + 1 : place + 1] = [
        a_passage(text, PassageKind.QUOTE, **source),
        a_passage("Ein **fetter** [Link](<https://a.example/x_y>)", PassageKind.ITEM),
        a_passage(
            "Tafel 😀",
            PassageKind.TABLE,
            head=["A|B", "😀"],
            rows=[["=1+1", "<b>"], ["x" * 200, RTL]],
        ),
    ]
    words = document_words(language)
    with in_language(language):
        parts = tuple(parts_of(found, words))
    return Document(
        made.title,
        language,
        1,
        "Werkstatt 😀",
        "Netzwerkstelle",
        words=words,
        parts=parts,
    )


def test_html_is_bare_and_escaped() -> None:
    html = fragment(a_document())

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"<script|<style|\sclass=|\sstyle=|\son\w+=", html)
    assert 'href="javascript' not in html
    assert EMOJI in html and RTL in html and ZALGO in html
    assert '<blockquote>\n<p lang="de">' in html
    assert '<strong>fetter</strong> <a href="https://a.example/x_y">Link</a>' in html
    assert html.count("<table>") == html.count("<caption>") == html.count("<thead>")
    assert html.startswith("<h2>Auf einen Blick</h2>")


def test_markdown_says_the_same_when_it_is_read() -> None:
    text = markdown(a_document())

    assert text.startswith("# Bericht: Weiterentwicklung der Netzwerkstelle\n\n## ")
    assert r"\<script\>" in text
    assert r"\*\[x\](javascript:alert(1))" in text
    assert "- Ein **fetter** [Link](<https://a.example/x_y>)" in text
    assert r"| A\|B | 😀 |" in text


def test_json_keeps_to_its_schema() -> None:
    told = json.loads(report_json(a_document()))

    must_fit(told, json.loads(SCHEMA.read_text("utf-8")))
    quote = next(
        it
        for section in told["sections"]
        for it in section["passages"]
        if it["kind"] == "quote"
    )
    assert quote["text"].startswith(EMOJI)
    assert quote["from"] == "Stimme 😀 aus einem Verein"


# Any: JSON.
def must_fit(value: Any, schema: dict[str, Any]) -> None:
    """Check the few words of JSON Schema that ours uses."""
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    allowed = schema.get("type", list(kinds))
    names = [allowed] if isinstance(allowed, str) else allowed
    assert isinstance(value, tuple(kinds[name] for name in names)), (value, schema)
    if "enum" in schema:
        assert value in schema["enum"]
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        known = schema.get("properties", {})
        assert set(value) <= set(known), set(value) - set(known)
        for name, each in value.items():
            must_fit(each, known[name])
    if isinstance(value, list):
        for each in value:
            must_fit(each, schema.get("items", {}))


@pytest.mark.parametrize("language", ["de", "en"])
async def test_docx_is_read_back(language: str) -> None:
    document = a_document(language)
    file = docx.Document(BytesIO(await written(document, "docx")))
    said = "\n".join(it.text for it in file.paragraphs)

    assert file.core_properties.title == document.title
    assert file.core_properties.language == language
    assert EMOJI in said and RTL in said and ZALGO in said and "<script>" in said
    heads = [
        it.text for it in file.paragraphs if it.style and it.style.name == "Heading 1"
    ]
    assert heads == [part.heading for part in document.parts]
    tables = [it for part in document.parts for it in part.blocks if it.head]
    assert len(file.tables) == len(tables)
    for table, block in zip(file.tables, tables, strict=True):
        properties = table.rows[0]._tr.trPr
        assert properties is not None and properties.find(qn("w:tblHeader")) is not None
        described = table._tbl.tblPr.find(qn("w:tblDescription"))
        assert described is not None and described.get(qn("w:val")) == block.text
    assert table_languages(file) == {{"de": "de-DE", "en": "en-GB"}[language]}


def table_languages(file: Any) -> set[str]:  # Any: python-docx has no name for it
    found = file.styles.element.iter(qn("w:lang"))
    return {it.get(qn("w:val")) for it in found}


async def test_docx_holds_a_link() -> None:
    made = await written(a_document(), "docx")
    with zipfile.ZipFile(BytesIO(made)) as file:
        links = file.read("word/_rels/document.xml.rels").decode()

    assert 'Target="https://a.example/x_y"' in links
    assert "javascript" not in links


@pytest.mark.parametrize("language", ["de", "en"])
async def test_pdf_is_tagged_and_says_what_it_is(language: str) -> None:
    reader = pypdf.PdfReader(BytesIO(await written(a_document(language), "pdf")))
    root = root_of(reader)
    about = root["/Metadata"].get_data().decode()

    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == a_document(language).title
    assert re.search(r"pdfuaid:part(>|=\")1", about)
    assert re.search(r"pdfaid:part(>|=\")2", about)
    assert re.search(r"pdfaid:conformance(>|=\")A", about)


async def test_pdf_names_the_heads_of_tables_and_hides_bars_from_readers() -> None:
    document = a_document()
    reader = pypdf.PdfReader(BytesIO(await written(document, "pdf")))
    tags = structure(root_of(reader)["/StructTreeRoot"])
    kinds = [kind for kind, _ in tags]
    blocks = [it for part in document.parts for it in part.blocks]
    tables = [it for it in blocks if it.head]

    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/TH") == sum(len(it.head) for it in tables)
    # A bar repeats the numbers beside it; a screen reader passes it over.
    assert "/Figure" not in kinds
    assert "/H1" in kinds and "/BlockQuote" in kinds and "/L" in kinds


# Any: pypdf has no types for what stands in a file.
def root_of(reader: pypdf.PdfReader) -> Any:
    return reader.trailer["/Root"]


def structure(node: Any) -> list[tuple[str, str]]:
    """List the tags of a file with what each says to those who hear it."""
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        return [it for each in node for it in structure(each)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [(str(node["/S"]), str(node.get("/Alt", "")))] if "/S" in node else []
    return own + structure(node.get("/K"))


def a_long_document() -> Document:
    """Forty sections, each a little longer, so that pages end at any place."""
    words = document_words("de")
    made = []
    for number in range(40):
        section = f"theme:{number + 1}"
        text = f"Satz {number} am Anfang. " + "Noch ein Satz. " * (number * 7 % 60)
        rows = [[f"Zeile {row} von {number}", str(row)] for row in range(1, 9)]
        if number == 20:
            rows = [[f"Lange Zeile {row}", str(row)] for row in range(1, 91)]
        table = {"head": ["Kopf", "Zahl"], "rows": rows}
        heading = {"heading": f"Thema {number}"}
        made += [
            Passage(section=section, kind=kind, text=said, data=data | heading)
            for kind, said, data in (
                (PassageKind.PARAGRAPH, text, {}),
                (PassageKind.TABLE, f"Tafel {number}", table),
            )
        ]
    with in_language("de"):
        parts = tuple(parts_of(made, words))
    return Document("Ein Bericht", "de", 1, "Ein Tag", "Amt", words=words, parts=parts)


async def test_pdf_leaves_no_heading_alone_and_tears_no_short_table() -> None:
    made = pypdf.PdfReader(BytesIO(await written(a_long_document(), "pdf")))
    pages = [it.extract_text() for it in made.pages]

    for number in range(40):
        [page] = [it for it in pages if re.search(rf"Thema {number}\n", it)]
        assert f"Satz {number} am Anfang" in page
        [page] = [it for it in pages if f"Tafel {number}\n" in it]
        if number != 20:
            assert all(f"Zeile {row} von {number} " in page for row in range(1, 9))


async def test_pdf_names_the_columns_on_each_page_of_a_long_table() -> None:
    made = pypdf.PdfReader(BytesIO(await written(a_long_document(), "pdf")))
    pages = [it.extract_text() for it in made.pages]
    held = [it for it in pages if "Lange Zeile" in it]

    assert len(held) > 2
    assert all(re.search("Kopf.*Zahl.*Lange Zeile", it, re.S) for it in held)
    assert re.search("Tafel 20\n.*Lange Zeile 1 1\n", held[0], re.S)


async def test_docx_keeps_headings_captions_and_short_tables_together() -> None:
    file = docx.Document(BytesIO(await written(a_long_document(), "docx")))
    short, long = file.tables[0], file.tables[20]

    for name in ("Heading 1", "Caption"):
        assert file.styles[name].paragraph_format.keep_with_next
    assert file.sections[0].page_width and round(file.sections[0].page_width.mm) == 210
    kept = [[it.paragraphs[0].paragraph_format.keep_with_next for it in row.cells]
            for row in short.rows]  # fmt: skip
    assert all(map(all, kept[:-1])) and not any(kept[-1])
    assert not long.rows[5].cells[0].paragraphs[0].paragraph_format.keep_with_next
    for row in long.rows:
        properties = row._tr.trPr
        assert properties is not None
        assert properties.find(qn("w:cantSplit")) is not None


async def test_pdf_carries_its_typefaces_and_names_what_they_lack() -> None:
    reader = pypdf.PdfReader(BytesIO(await written(a_document(), "pdf")))
    said = " ".join(" ".join(it.extract_text().split()) for it in reader.pages)

    assert "[grinning face]" in said
    assert "[woman][girl]" in said
    assert "★" in said
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [
        each.get_object() for one in resources for each in one.get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        [described] = [it.get_object() for it in font["/DescendantFonts"]]
        told = described["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(told)
        assert "/ToUnicode" in font


async def test_a_text_of_strange_letters_alone_is_written_too() -> None:
    strange = "".join(chr(0x1F300 + number) for number in range(200))
    made = await written(a_document(text=strange), "pdf")

    assert made.startswith(b"%PDF-")


async def test_the_same_report_gives_the_same_pdf() -> None:
    document = a_document()
    assert await written(document, "pdf") == await written(document, "pdf")
