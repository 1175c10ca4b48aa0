"""The answers of a round as a table, and the codebook that explains it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from werkraum_feedback.questions import Answer, Answers, Option, Question, QuestionKind
from werkraum_feedback.shares import FEWEST, FEWEST_FOR_NUMBERS
from werkraum_foundation.language import gettext, in_language, pick
from werkraum_foundation.spreadsheets import Cell, Delimiter, csv_lines


@dataclass(frozen=True)
class _Column:
    """One column: a question, or one option where several may be picked."""

    question: Question
    option: Option | None = None


def answers_csv(
    questions: Sequence[Question],
    responses: Sequence[Answers],
    language: str,
    *,
    delimiter: Delimiter = ",",
    bom: bool = False,
) -> Iterator[str]:
    """Yield the table as CSV, one text per line, one line per response.

    The same rule as on the page: texts stand in it from five answers to their
    question on, what can be counted from ten; below that a column is empty, and a
    round with fewer than five responses has only its head. The lines are sorted
    by what they say, so their order tells nothing about the time.
    """
    yield from csv_lines(
        _table(questions, responses, language), delimiter=delimiter, bom=bom
    )


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
            yield question.code, "", "", option.code, pick(option.label)[0]


def kind_in_words(kind: QuestionKind) -> str:
    words = {
        QuestionKind.SCALE: gettext("scale from 1 to 5"),
        QuestionKind.CHOICE: gettext("one answer"),
        QuestionKind.CHOICES: gettext("several answers"),
        QuestionKind.TEXT: gettext("free text"),
    }
    return words[kind]


def _table(
    questions: Sequence[Question], responses: Sequence[Answers], language: str
) -> Iterator[tuple[Cell, ...]]:
    columns = list(_columns(questions))
    yield tuple(_head(column, language) for column in columns)
    voices = [response for response in responses if response.given]
    if len(voices) < FEWEST:
        return
    hidden = {q.id for q in questions if len(answers_to(q, voices)) < _fewest(q)}
    rows = (_row(columns, response, hidden, language) for response in voices)
    yield from sorted(rows, key=lambda row: [str(cell or "") for cell in row])


def answers_to(question: Question, responses: Iterable[Answers]) -> list[Answer]:
    return [
        answer
        for response in responses
        for answer in response.given
        if answer.question_id == question.id
    ]


def _fewest(question: Question) -> int:
    # A column of ratings or choices can be counted: numbers need ten people.
    return FEWEST if question.kind is QuestionKind.TEXT else FEWEST_FOR_NUMBERS


def _columns(questions: Sequence[Question]) -> Iterator[_Column]:
    for question in questions:
        if question.kind is QuestionKind.CHOICES:
            yield from (_Column(question, option) for option in question.options)
        else:
            yield _Column(question)


def _head(column: _Column, language: str) -> str:
    head = f"{column.question.code} {pick(column.question.text, language)[0]}"
    if column.option is None:
        return head
    return f"{head} [{pick(column.option.label, language)[0]}]"


def _row(
    columns: Sequence[_Column], response: Answers, hidden: set[str], language: str
) -> tuple[Cell, ...]:
    answers = {
        answer.question_id: answer
        for answer in response.given
        if answer.question_id not in hidden
    }
    return tuple(
        _cell(column, answers.get(column.question.id), language) for column in columns
    )


def _cell(column: _Column, answer: Answer | None, language: str) -> Cell:
    if answer is None:
        return None
    if column.option is not None:
        return int(column.option.code in answer.codes)
    if column.question.kind is QuestionKind.CHOICE:
        return _labels(column.question, answer, language)
    return answer.text if answer.number is None else answer.number


def _labels(question: Question, answer: Answer, language: str) -> str:
    return ", ".join(
        pick(option.label, language)[0]
        for option in question.options
        if option.code in answer.codes
    )
