"""Answers in the cells of a sent list: read as people write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from werkraum_foundation.faults import Fault
from werkraum_foundation.language import gettext
from werkraum_registration.answer_reading import (
    LARGEST_NUMBER,
    Answers,
    Value,
    from_json,
    read_answers,
)
from werkraum_registration.import_columns import letters
from werkraum_registration.models import FormQuestion, FormQuestionKind
from werkraum_registration.question_rules import all_choices_of

TRUTH = {
    **dict.fromkeys("ja j yes y wahr true x 1".split(), True),
    **dict.fromkeys("nein n no falsch false 0".split(), False),
}
# "1.000" and "1,000" are a thousand, "3,0" and "3.00" are three.
THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,' ]\d{3})+")
WHOLE = re.compile(r"(\d{1,9})([.,]0+)?")


def read_cells(questions: Sequence[FormQuestion], cells: Mapping[UUID, str]) -> Answers:
    """Read the answers of one line; none need be there.

    `questions` in their order, retired ones too. Faults stand at the fields that
    the questions have in forms.
    """
    return read_answers(questions, cells, from_cell)


def from_cell(question: FormQuestion, given: object) -> Value | Fault:
    """Read a cell; what fits nothing is told with its value."""
    text = str(given)
    match question.kind:
        case FormQuestionKind.SEVERAL:
            codes = next(filter(None, _several(question, text)), None)
            return _no_answer(text) if codes is None else from_json(question, codes)
        case FormQuestionKind.CHOICE:
            code = _code(question, text)
            return _no_answer(text) if code is None else from_json(question, code)
        case FormQuestionKind.YES_NO:
            truth = TRUTH.get(letters(text))
            return _neither(text) if truth is None else truth
        case FormQuestionKind.NUMBER:
            number = _number(text)
            return _no_number(text) if number is None else from_json(question, number)
    return from_json(question, text)


def _several(question: FormQuestion, text: str) -> Iterator[list[str] | None]:
    """Try the whole cell as one answer, then several with marks between them.

    A comma comes last: our own files put it there, but an answer may hold one.
    """
    for marks in (None, "[;|]", "[;|,]"):
        parts = [text] if marks is None else re.split(marks, text)
        codes = [_code(question, it) for it in parts if it.strip()]
        known = [it for it in codes if it is not None]
        yield list(dict.fromkeys(known)) if known and len(known) == len(codes) else None


def _code(question: FormQuestion, text: str) -> str | None:
    """Find a choice by its code or its label in any language."""
    choices = all_choices_of(question)
    # What is offered comes before what is gone and may be called the same.
    for choice in sorted(choices, key=lambda it: it.gone):
        if text.strip() in (choice.code, *choice.label.values()):
            return choice.code
    alike = [
        it.code
        for it in choices
        if letters(text) in map(letters, (it.code, *it.label.values()))
    ]
    return alike[0] if len(alike) == 1 and letters(text) else None


def _number(text: str) -> int | None:
    typed = text.strip()
    if not typed.isascii():
        return None
    if THOUSANDS.fullmatch(typed):
        return int(re.sub(r"\D", "", typed))
    whole = WHOLE.fullmatch(typed)
    return int(whole[1]) if whole else None


def _no_answer(text: str) -> Fault:
    said = gettext("“%(value)s” is no answer to this question.", value=_short(text))
    return Fault("", "unknown_choice", said)


def _neither(text: str) -> Fault:
    said = gettext("“%(value)s” is neither yes nor no.", value=_short(text))
    return Fault("", "unknown_choice", said)


def _no_number(text: str) -> Fault:
    said = gettext(
        "“%(value)s” is no whole number from 0 to %(most)s.",
        value=_short(text),
        most=LARGEST_NUMBER,
    )
    return Fault("", "whole_number", said)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
