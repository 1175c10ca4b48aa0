"""A report as a piece of HTML to paste elsewhere: no class, no style, no script."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from werkraum_feedback.report.report_document import (
    Block,
    Document,
    Part,
    Spans,
    in_sequence,
)
from werkraum_feedback.report_models import PassageKind
from werkraum_foundation.markdown import Span


def fragment(document: Document) -> str:
    """Write the body of the report, from h2 down: the title is the page's."""
    return "\n".join(str(line) for part in document.parts for line in _part(part)) + (
        "\n"
    )


def marked(spans: Spans) -> Markup:
    """Write words with emphasis and links as HTML."""
    return Markup("").join(_span(it) for it in spans)


def _span(span: Span) -> Markup:
    made = Markup("<br>\n").join(escape(line) for line in span.text.split("\n"))
    if span.em:
        made = Markup("<em>{}</em>").format(made)
    if span.strong:
        made = Markup("<strong>{}</strong>").format(made)
    if span.href:
        made = Markup('<a href="{}">{}</a>').format(span.href, made)
    return made


def _part(part: Part) -> Iterator[Markup]:
    yield Markup("<h2>{}</h2>").format(part.heading)
    for kind, blocks in in_sequence(part.blocks):
        if kind is PassageKind.ITEM:
            items = (Markup("<li>{}</li>").format(marked(it.spans)) for it in blocks)
            yield Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(items))
        else:
            yield _block(blocks[0])


def _block(block: Block) -> Markup:
    match block.kind:
        case PassageKind.QUOTE:
            return _quote(block)
        case PassageKind.TABLE | PassageKind.CHART:
            return _table(block)
        case _:
            return Markup("<p>{}</p>").format(marked(block.spans))


def _quote(block: Block) -> Markup:
    lang = Markup(' lang="{}"').format(block.language) if block.language else ""
    source = Markup("\n<p><cite>{}</cite></p>").format(block.source)
    return Markup("<blockquote>\n<p{}>{}</p>{}\n</blockquote>").format(
        lang, marked(block.spans), source if block.source else ""
    )


def _table(block: Block) -> Markup:
    heads = (Markup('<th scope="col">{}</th>').format(it) for it in block.head)
    rows = (_row(row) for row in block.rows)
    return Markup(
        "<table>\n<caption>{}</caption>\n<thead>\n<tr>{}</tr>\n</thead>\n"
        "<tbody>\n{}\n</tbody>\n</table>"
    ).format(marked(block.spans), Markup("").join(heads), Markup("\n").join(rows))


def _row(row: tuple[str, ...]) -> Markup:
    first, *rest = row or ("",)
    cells = (Markup("<td>{}</td>").format(it) for it in rest)
    head = Markup('<th scope="row">{}</th>').format(first)
    return Markup("<tr>{}{}</tr>").format(head, Markup("").join(cells))
