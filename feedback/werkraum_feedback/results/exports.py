"""The answers of a round as a table, and the codebook that explains it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from werkraum_feedback.questions import Answer, Option, Question, QuestionKind
from werkraum_feedback.results.small_groups import UNSAID
from werkraum_feedback.results.voices import Line
from werkraum_foundation.language import gettext, in_language, pick
from werkraum_foundation.spreadsheets import Cell, Delimiter, csv_lines

WITH_COLUMNS = (QuestionKind.CHOICES, QuestionKind.RANKING)
"""Kinds of which each option has a column of its own."""


@dataclass(frozen=True)
class Column:
    """One column: a question, or one option where several may be picked."""

    question: Question
    option: Option | None = None


def answers_csv(
    questions: Sequence[Question],
    lines: Sequence[Line],
    language: str,
    *,
    delimiter: Delimiter = ",",
    bom: bool = False,
) -> Iterator[str]:
    """Yield the table as CSV, one text per line, one line per response."""
    yield from csv_lines(
        answer_rows(questions, lines, language), delimiter=delimiter, bom=bom
    )


def answer_rows(
    questions: Sequence[Question], lines: Sequence[Line], language: str
) -> Iterator[tuple[Cell, ...]]:
    """Lay out the table: a head, then one row per response.

    Where somebody comes from is told in front, if it is told of anybody.
    """
    columns = list(columns_of(questions))
    by_group = any(line.group != UNSAID for line in lines)
    with in_language(language):
        where = (gettext("Where from"),) if by_group else ()
        groups = {line.group: line.group.words for line in lines}
    yield *where, *(_head(column, language) for column in columns)
    for line in lines:
        group = (groups[line.group],) if by_group else ()
        yield *group, *(_cell(column, line, language) for column in columns)


def codebook_rows(
    questions: Sequence[Question], language: str
) -> list[tuple[str, ...]]:
    """Explain the table: a head, a row per question, a row per option of it."""
    # Not a generator: the language must not outlive this call.
    with in_language(language):
        return [_codebook_head(), *_codebook(questions)]


def _codebook_head() -> tuple[str, ...]:
    return (
        gettext("Question no."),
        gettext("Kind of question"),
        gettext("Question"),
        gettext("Answer no."),
        gettext("Answer"),
    )


def _codebook(questions: Sequence[Question]) -> Iterator[tuple[str, ...]]:
    for question in questions:
        text = pick(question.text)[0]
        yield question.code, kind_in_words(question.kind), text, "", ""
        for option in question.offered:
            yield question.code, "", "", option.code, label_of(option)


def kind_in_words(kind: QuestionKind) -> str:
    words = {
        QuestionKind.SCALE: gettext("scale from 1 to 5"),
        QuestionKind.SCORE: gettext("score from 0 to 10"),
        QuestionKind.YES_NO: gettext("yes or no"),
        QuestionKind.CHOICE: gettext("one answer"),
        QuestionKind.CHOICES: gettext("several answers"),
        QuestionKind.RANKING: gettext("ranking, 1 is the first place"),
        QuestionKind.NUMBER: gettext("number"),
        QuestionKind.TEXT: gettext("free text"),
        QuestionKind.STATEMENT: gettext("statement in free words"),
    }
    return words[kind]


def label_of(option: Option, language: str | None = None) -> str:
    return pick(option.label, language)[0] or option.code


def columns_of(questions: Sequence[Question]) -> Iterator[Column]:
    for question in questions:
        if question.kind in WITH_COLUMNS:
            yield from (Column(question, option) for option in question.options)
        else:
            yield Column(question)


def _head(column: Column, language: str) -> str:
    head = f"{column.question.code} {pick(column.question.text, language)[0]}"
    if column.option is None:
        return head
    return f"{head} [{label_of(column.option, language)}]"


def _cell(column: Column, line: Line, language: str) -> Cell:
    answer = line.answers.get(column.question.id)
    if answer is None:
        return None
    if column.option is not None:
        return place_or_mark(column.question, column.option, answer)
    if answer.codes:
        return _labels(column.question, answer, language)
    return answer.text if answer.number is None else answer.number


def place_or_mark(question: Question, option: Option, answer: Answer) -> int | None:
    """Say on which place of a ranking an option is, or 1 if it was picked, else 0."""
    picked = option.code in answer.codes
    if question.kind is not QuestionKind.RANKING:
        return int(picked)
    return answer.codes.index(option.code) + 1 if picked else None


def _labels(question: Question, answer: Answer, language: str) -> str:
    return ", ".join(
        label_of(option, language)
        for option in question.offered
        if option.code in answer.codes
    )
