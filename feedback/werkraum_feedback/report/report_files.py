"""A report as a file, whoever may have it: HTML, Markdown, JSON, DOCX, PDF."""

from collections import OrderedDict
from collections.abc import Sequence

from starlette.responses import Response

from werkraum_feedback.report.report_document import Document, document_of
from werkraum_feedback.report.report_document_words import document_words
from werkraum_feedback.report.report_html import fragment
from werkraum_feedback.report.report_json import report_json
from werkraum_feedback.report.report_markdown import markdown
from werkraum_feedback.report.report_process import written
from werkraum_feedback.report_models import Passage, Report
from werkraum_foundation.refusals import NotFound

KINDS = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


# What is published never changes, and costs a second to write.
MOST_KEPT = 20
_kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()


async def _written(document: Document, suffix: str) -> bytes:
    """Write a file, or hand out the one that was written of the same report."""
    key = (document.content_hash, suffix)
    if not document.content_hash:
        return await written(document, suffix)
    if key not in _kept:
        _kept[key] = await written(document, suffix)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def document_for(report: Report, passages: Sequence[Passage]) -> Document:
    return document_of(report, passages, document_words(report.language))


async def report_file(
    report: Report, passages: Sequence[Passage], suffix: str, *, at_desk: bool
) -> Response:
    """Answer with the report as a file of this kind; `NotFound` for any other.

    At the desk the JSON tells what carries each passage.
    """
    if suffix not in KINDS:
        raise NotFound
    document = document_for(report, passages)
    evidence = [it.evidence for it in passages] if at_desk else ()
    body: str | bytes
    match suffix:
        case "html":
            body = fragment(document)
        case "md":
            body = markdown(document)
        case "json":
            body = report_json(document, evidence)
        case _:
            body = await _written(document, suffix)
    name = f"{report.event.slug}-{report.language}-{report.number}.{suffix}"
    return Response(
        body,
        media_type=KINDS[suffix],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
