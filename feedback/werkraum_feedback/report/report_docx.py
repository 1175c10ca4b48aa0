"""A report as DOCX to work on, by python-docx; missing where it is not installed."""

from io import BytesIO
from itertools import pairwise

import docx
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from werkraum_feedback.report.report_document import Block, Document, Spans
from werkraum_feedback.report.report_docx_look import arrange, dress
from werkraum_feedback.report_models import PassageKind
from werkraum_foundation.markdown import Span
from werkraum_foundation.plain_text import UNPRINTABLE


def report_docx(document: Document) -> bytes:
    made = docx.Document()
    _set_up(made, document)
    dress(made, document)
    made.add_paragraph(_xml(document.title), style="Title")
    made.add_paragraph(_xml(document.line), style="Subtitle")
    if document.change_note:
        words = f"{document.words['changes']}: {document.change_note}"
        made.add_paragraph(_xml(words))
    for part in document.parts:
        made.add_paragraph(_xml(part.heading), style="Heading 1")
        for block, after in pairwise((*part.blocks, None)):
            if block:
                _add(made, block, before_a_table=bool(after and after.head))
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: Docx, document: Document) -> None:
    """Say what it is and in which language, for whoever hears it read."""
    about = made.core_properties
    about.title, about.author = _xml(document.title), _xml(document.organiser)
    about.language, about.subject = document.language, _xml(document.event)
    about.comments = document.words["version"].format(document.number)
    locale = {"de": "de-DE", "en": "en-GB"}.get(document.language, document.language)
    defaults = made.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), locale)
        defaults.append(lang)


def _add(made: Docx, block: Block, *, before_a_table: bool) -> None:
    match block.kind:
        case PassageKind.QUOTE:
            _say(made.add_paragraph(style="Quote"), block.spans)
            if block.source:
                made.paragraphs[-1].paragraph_format.keep_with_next = True
                made.add_paragraph(f"— {_xml(block.source)}", style="Quote")
        case PassageKind.ITEM:
            _say(made.add_paragraph(style="List Bullet"), block.spans)
        case PassageKind.TABLE | PassageKind.CHART:
            _say(made.add_paragraph(style="Caption"), block.spans)
            _add_table(made, block)
        case _:
            paragraph = made.add_paragraph()
            _say(paragraph, block.spans)
            # What is said of a table stands on the same page.
            paragraph.paragraph_format.keep_with_next = before_a_table or None


def _say(paragraph: Paragraph, spans: Spans) -> None:
    for span in spans:
        if span.href:
            _add_link(paragraph, span)
        else:
            _look(paragraph.add_run(_xml(span.text)), span)


def _look(run: Run, span: Span) -> None:
    run.bold, run.italic = span.strong or None, span.em or None


def _add_link(paragraph: Paragraph, span: Span) -> None:
    """Add a link, for which python-docx has no word of its own."""
    target = paragraph.part.relate_to(
        span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(_xml(span.text))
    _look(run, span)
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _add_table(made: Docx, block: Block) -> None:
    table = made.add_table(rows=1, cols=len(block.head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(_xml(text)).bold = True
    for row in block.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = _xml(text)
    arrange(table, block)
    _describe(table, block.text)
    made.add_paragraph()


def _describe(table: Table, words: str) -> None:
    """Give the table a title for those who hear it."""
    for tag in ("w:tblCaption", "w:tblDescription"):
        told = OxmlElement(tag)
        told.set(qn("w:val"), _xml(words)[:255])
        table._tbl.tblPr.append(told)


def _xml(text: str) -> str:
    """Leave out what no XML may hold."""
    return UNPRINTABLE.sub("", text)
