"""A report as Markdown (CommonMark with the tables of GitHub)."""

import re
from collections.abc import Iterator

from werkraum_feedback.report.report_document import (
    Block,
    Document,
    Part,
    Spans,
    in_sequence,
)
from werkraum_feedback.report.report_words import linked, plainly
from werkraum_feedback.report_models import PassageKind
from werkraum_foundation.markdown import Span

# At the beginning of a line it would be a heading, a list, a quote, a rule, a table.
BEGINS_BLOCK = re.compile(r"^(\s*)([#>+=|-]|\d+[.)])", re.M)


def markdown(document: Document) -> str:
    lines = [f"# {_line(document.title)}"]
    for part in document.parts:
        lines += list(_part(part))
    return "\n\n".join(lines) + "\n"


def _part(part: Part) -> Iterator[str]:
    yield f"## {_line(part.heading)}"
    for kind, blocks in in_sequence(part.blocks):
        if kind is PassageKind.ITEM:
            yield "\n".join(f"- {_indented(it.spans)}" for it in blocks)
        else:
            yield _block(blocks[0])


def _block(block: Block) -> str:
    match block.kind:
        case PassageKind.QUOTE:
            said = _paragraph(block.spans)
            if block.source:
                said += f"\n\n— {_line(block.source)}"
            return "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
        case PassageKind.TABLE | PassageKind.CHART:
            return f"**{_cell(block.text)}**\n\n{_table(block)}"
        case _:
            return _paragraph(block.spans)


def _table(block: Block) -> str:
    rows = [block.head, tuple("---" for _ in block.head), *block.rows]
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in rows)


def _cell(text: str) -> str:
    return text if text == "---" else _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return plainly(text)


def _paragraph(spans: Spans) -> str:
    text = "".join(map(_span, spans)).replace("\n", "\\\n")
    return BEGINS_BLOCK.sub(r"\1\\\2", text)


def _indented(spans: Spans) -> str:
    return _paragraph(spans).replace("\n", "\n  ")


def _span(span: Span) -> str:
    # Emphasis holds no blank at its ends (CommonMark 6.2).
    body = span.text.strip()
    if not body:
        return span.text
    before, after = span.text.split(body)[0], span.text.split(body)[-1]
    if span.href:
        text = linked(body, span.href)
    else:
        text = "\n".join(plainly(line) for line in body.split("\n"))
    if span.em:
        text = f"*{text}*"
    if span.strong:
        text = f"**{text}**"
    return before + text + after
