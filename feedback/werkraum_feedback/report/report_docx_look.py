"""How a report looks as DOCX: A4, headings with their texts, tables in one piece."""

import re

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from werkraum_feedback.report.report_document import Block, Document
from werkraum_foundation.plain_text import UNPRINTABLE

ACCENT, QUIET = RGBColor(0x1D, 0x4A, 0x5C), RGBColor(0x59, 0x59, 0x59)
PALE = "E6EDF0"
# A table of so many rows and letters stays on one page, and so does a row.
MOST_ROWS, MOST_LETTERS, MOST_IN_A_ROW = 14, 1_200, 1_500
NUMBER = re.compile("[0-9., \u00a0%]+")
SIZES = {"Title": 24, "Subtitle": 11, "Heading 1": 15, "Caption": 11, "Normal": 11}


def dress(made: Docx, document: Document) -> None:
    """Set paper, letters and the line at the foot of each page."""
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = Mm(25)
    for name, size in SIZES.items():
        style = made.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        _one_typeface(style.element)
    for name in ("Title", "Heading 1"):
        made.styles[name].font.color.rgb = ACCENT
    made.styles["Subtitle"].font.color.rgb = QUIET
    made.styles["Caption"].font.color.rgb = RGBColor(0, 0, 0)
    for name in ("Heading 1", "Caption", "Title"):
        made.styles[name].paragraph_format.keep_with_next = True
    _foot(page.footer.paragraphs[0], document)


def _one_typeface(style: BaseOxmlElement) -> None:
    """Let no theme of the word processor put its own typeface in the place of ours."""
    fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    assert fonts is not None  # It was named a line before.
    for name in [it for it in fonts.keys() if it.endswith("Theme")]:
        del fonts.attrib[name]


def _foot(paragraph: Paragraph, document: Document) -> None:
    words = UNPRINTABLE.sub("", document.organiser)
    run = paragraph.add_run(f"{words} · {document.words['page']} ")
    run.font.size, run.font.color.rgb = Pt(9), QUIET
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)


def arrange(table: Table, block: Block) -> None:
    """Repeat the head on each page, break no row, keep a short table in one piece."""
    for row in table.rows:
        if sum(len(cell.text) for cell in row.cells) <= MOST_IN_A_ROW:
            _set(row._tr.get_or_add_trPr(), "w:cantSplit")
    _set(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for cell in table.rows[0].cells:
        _shade(cell)
    together = is_short(block)
    for row in table.rows[:-1] if together else table.rows[:1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
    for place in numbers_in(block):
        for row in table.rows:
            right = WD_ALIGN_PARAGRAPH.RIGHT
            row.cells[place].paragraphs[0].alignment = right


def is_short(block: Block) -> bool:
    letters = sum(len(cell) for row in block.rows for cell in row)
    return len(block.rows) <= MOST_ROWS and letters <= MOST_LETTERS


def numbers_in(block: Block) -> list[int]:
    """Find the columns that hold numbers alone; the first names the rows."""
    places = range(1, len(block.head))
    return [
        place
        for place in places
        if block.rows
        and all(NUMBER.fullmatch(row[place]) for row in block.rows if place < len(row))
    ]


def _set(properties: BaseOxmlElement, tag: str) -> None:
    made = OxmlElement(tag)
    made.set(qn("w:val"), "true")
    properties.append(made)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), PALE)
    cell._tc.get_or_add_tcPr().append(shade)
