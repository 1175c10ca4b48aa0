"""What carries a sentence of a report: ids and figures, as they were then."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from werkraum_feedback.answering.records import row_id
from werkraum_feedback.report.report_facts import Asked, Crowd, Talked
from werkraum_feedback.results.tallies import QuestionResult

# Any: each kind names its own ids and figures (report_models).
Evidence = dict[str, Any]


def of_answers(
    asked: Asked, result: QuestionResult, code: str, part: int | None, word: str
) -> Evidence:
    """So many of those who answered a question said this; below ten, in words."""
    return {
        "kind": "answers",
        "round_id": str(asked.round_id),
        "question_id": str(row_id(result.question.id)),
        "code": code,
        "part": part,
        "whole": result.answered,
        "word": word,
    }


def of_question(asked: Asked, result: QuestionResult) -> Evidence:
    """The question itself, whatever was answered."""
    return of_answers(asked, result, "", None, "") | {"whole": None}


def of_round(asked: Asked) -> Evidence:
    return {
        "kind": "answers",
        "round_id": str(asked.round_id),
        "question_id": "",
        "code": "",
        "part": asked.results.answered,
        "whole": asked.results.invited if asked.results.answered else None,
    }


def of_theme(event_id: UUID, talked: Talked, whole: int) -> Evidence:
    return {
        "kind": "theme",
        "theme_id": str(talked.theme_id),
        "event": str(event_id),
        "name": talked.name,
        "part": talked.statements,
        "whole": whole,
        "groups": sorted(it.group.code for it in talked.groups if it.part),
    }


def of_statements(ids: Iterable[UUID]) -> Evidence:
    return {"kind": "statements", "ids": sorted(map(str, ids))}


def of_said(event_id: UUID, part: int, whole: int, phase: str = "") -> Evidence:
    """So many of all statements belong to a part of the event, or all of them."""
    told = {"kind": "statements", "event": str(event_id), "part": part, "whole": whole}
    return told | {"phase": phase}


def of_crowd(event_id: UUID, crowd: Crowd) -> Evidence:
    return {
        "kind": "attendance",
        "event": str(event_id),
        "part": crowd.people,
        "organisations": crowd.organisations,
        "noted": crowd.noted,
    }


def of_row(kind: str, identifier: UUID, name: str) -> Evidence:
    """A row of the event's own: session, event, material, practice, reply."""
    return {"kind": kind, "id": str(identifier), "name": name}


def of_count(kind: str, event_id: UUID, part: int, **more: object) -> Evidence:
    """So many contacts or pledges."""
    return {"kind": kind, "event": str(event_id), "part": part, **more}
