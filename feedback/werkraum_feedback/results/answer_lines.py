"""Answers as JSON Lines, one answer per line, and the codebook that goes with them.

Both carry the name of their schema and its version; docs/answer-files.md describes
them. What is taken out of a line or changes its meaning makes a new version.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from werkraum_feedback.models import Round
from werkraum_feedback.questions import Answer, Option, Question, QuestionKind
from werkraum_feedback.results.exports import label_of
from werkraum_feedback.results.small_groups import UNSAID, Group
from werkraum_feedback.results.voices import Line

ANSWERS_SCHEMA, CODEBOOK_SCHEMA = "werkraum.answers", "werkraum.codebook"
SCHEMA_VERSION = 1

Entry = dict[str, object]


def answer_lines(
    asked: Round, questions: Sequence[Question], lines: Sequence[Line]
) -> Iterator[str]:
    """Yield one line per answer, of several picked options one for each."""
    for line in lines:
        for question in questions:
            if answer := line.answers.get(question.id):
                for entry in _entries(question, answer):
                    yield _text(_frame(asked, question, line) | entry)


def _text(entry: Mapping[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _frame(asked: Round, question: Question, line: Line) -> Entry:
    return {
        "schema": ANSWERS_SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "round": str(asked.id),
        "round_version": asked.version,
        "question": question.code,
        "kind": question.kind.value,
        "response": line.number,
        "group": _group(line.group),
        "value": None,
        "code": None,
        "place": None,
        "label": None,
        "text": None,
    }


def _group(group: Group) -> Entry | None:
    if group == UNSAID:
        return None
    return {"org_kind": group.org_kind, "org_size": group.org_size}


def _entries(question: Question, answer: Answer) -> Iterator[Entry]:
    if answer.text:
        yield {"text": answer.text}
        return
    options = {option.code: option for option in question.offered}
    if answer.number is not None:
        option = options.get(str(answer.number))
        yield {"value": answer.number, "label": _label(option)}
    for place, code in enumerate(answer.codes, start=1):
        ranked = question.kind is QuestionKind.RANKING
        entry: Entry = {"code": code, "label": _label(options.get(code))}
        yield entry | ({"place": place} if ranked else {})


def _label(option: Option | None) -> Mapping[str, str] | None:
    return dict(option.label) if option and option.label else None


def codebook_of(
    asked: Round, questions: Sequence[Question], *, answered: int | None
) -> Entry:
    """Explain the lines; `answered` is None where numbers may not be told."""
    return {
        "schema": CODEBOOK_SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "round": str(asked.id),
        "round_version": asked.version,
        "round_kind": asked.kind.value,
        "title": asked.title,
        "invited": asked.invited,
        "answered": answered,
        "questions": [_question(it) for it in questions],
    }


def _question(question: Question) -> Entry:
    return {
        "question": question.code,
        "kind": question.kind.value,
        "text": dict(question.text),
        "hint": dict(question.hint),
        "options": [
            {"code": it.code, "label": dict(it.label) or {"": label_of(it)}}
            for it in question.offered
        ],
    }
