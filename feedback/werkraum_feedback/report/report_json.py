"""A report as JSON; docs/report.schema.json says what stands where."""

import json
from collections.abc import Sequence
from typing import Any

from werkraum_feedback.report.report_document import Block, Document
from werkraum_feedback.report.report_evidence import Evidence
from werkraum_feedback.report_models import PassageKind

SCHEMA = "werkraum-report/1"


def report_json(document: Document, evidence: Sequence[Sequence[Evidence]] = ()) -> str:
    """Write it all; `evidence` (one list for each passage) is for the desk alone."""
    carried = iter(evidence)
    sections = [
        {
            "section": part.code,
            "heading": part.heading,
            "passages": [
                _passage(block)
                | ({"evidence": list(next(carried))} if evidence else {})
                for block in part.blocks
            ],
        }
        for part in document.parts
    ]
    told = {
        "schema": SCHEMA,
        "title": document.title,
        "language": document.language,
        "version": document.number,
        "event": document.event,
        "organiser": document.organiser,
        "published": document.published or None,
        "change_note": document.change_note,
        "content_hash": document.content_hash or None,
        "sections": sections,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _passage(block: Block) -> dict[str, Any]:  # Any: each kind has its own fields
    told: dict[str, Any] = {
        "kind": block.kind.value,
        "text": block.text,
        "spans": [_plain(vars(it)) for it in block.spans],
    }
    if block.kind is PassageKind.QUOTE:
        told |= {"from": block.source, "language": block.language}
    if block.head:
        told |= {"head": block.head, "rows": block.rows}
    if block.kind is PassageKind.CHART:
        told["answered"] = block.answered
    return told


def _plain(span: dict[str, Any]) -> dict[str, Any]:  # Any: as above
    return {name: value for name, value in span.items() if value}
