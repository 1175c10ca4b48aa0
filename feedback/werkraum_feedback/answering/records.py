"""Questions and answers as rows, and rows as questions and answers."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from werkraum_events.models import Topic
from werkraum_feedback.models import AnswerRow, QuestionRow
from werkraum_feedback.questions import (
    NO_POLES,
    Answer,
    Answers,
    Option,
    Poles,
    Question,
)

# A field's name and an id on a page begin with a letter, a UUID often does not.
PREFIX = "q-"


def field_name(identifier: UUID) -> str:
    """Name the field of a question: the `id` of a `Question`."""
    return PREFIX + identifier.hex


def row_id(field: str) -> UUID:
    return UUID(field.removeprefix(PREFIX))


def question_row(question: Question, round_id: UUID, position: int) -> QuestionRow:
    poles = question.poles
    return QuestionRow(
        id=row_id(question.id),
        round_id=round_id,
        position=position,
        code=question.code,
        kind=question.kind,
        text=dict(question.text),
        hint=dict(question.hint),
        options=[{"code": it.code, "label": dict(it.label)} for it in question.options],
        poles=[] if poles == NO_POLES else [dict(poles.low), dict(poles.high)],
        low=question.low,
        high=question.high,
    )


def question_of(row: QuestionRow) -> Question:
    return Question(
        id=field_name(row.id),
        code=row.code,
        kind=row.kind,
        text=row.text,
        hint=row.hint,
        options=tuple(Option(**option) for option in row.options),
        poles=Poles(*row.poles) if row.poles else NO_POLES,
        low=row.low,
        high=row.high,
    )


def topic_options(topics: Sequence[Topic]) -> list[Option]:
    """Offer an organiser's topics to choose from."""
    return [Option(topic.slug, topic.name) for topic in topics]


def answer_rows(answers: Answers, response_id: UUID) -> list[AnswerRow]:
    return [
        AnswerRow(
            response_id=response_id,
            question_id=row_id(answer.question_id),
            number=answer.number,
            codes=list(answer.codes) or None,
            text=answer.text or None,
        )
        for answer in answers.given
    ]


def answers_of(rows: Iterable[AnswerRow]) -> list[Answers]:
    """Gather the rows of many responses, one `Answers` for each."""
    given: dict[UUID, list[Answer]] = {}
    for row in rows:
        given.setdefault(row.response_id, []).append(_answer(row))
    return [Answers(tuple(answers)) for answers in given.values()]


def _answer(row: AnswerRow) -> Answer:
    return Answer(
        field_name(row.question_id), row.number, tuple(row.codes or ()), row.text or ""
    )
