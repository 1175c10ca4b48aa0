"""From answers to what the page shows, and what it must not show."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import median

from babel.numbers import format_decimal

from werkraum_feedback.questions import Answer, Answers, Option, Question, QuestionKind
from werkraum_feedback.shares import FEWEST, share_in_words
from werkraum_foundation.language import gettext, language, pick

FEWEST_FOR_NUMBERS = 10
FEWEST_WITHOUT_NOTICE = 30


class Detail(IntEnum):
    """How much so many answers carry."""

    NOTHING = 0
    WORDS = 1
    NUMBERS_WITH_NOTICE = 2
    NUMBERS = 3


def detail_for(people: int) -> Detail:
    """Decide what may be shown of a group of so many people."""
    if people < FEWEST:
        return Detail.NOTHING
    if people < FEWEST_FOR_NUMBERS:
        return Detail.WORDS
    if people < FEWEST_WITHOUT_NOTICE:
        return Detail.NUMBERS_WITH_NOTICE
    return Detail.NUMBERS


@dataclass(frozen=True)
class Tally:
    """How many people picked an option: in words, and in numbers where they may be.

    `percent` is that of those who answered; below ten of them both numbers are
    None.
    """

    option: Option
    words: str
    count: int | None = None
    percent: int | None = None

    @property
    def label(self) -> str:
        return pick(self.option.label)[0] or self.option.code

    @property
    def share(self) -> str:
        """Say the percent, or nothing where it may not be told."""
        if self.percent is None:
            return ""
        # NOTE: a percentage; German puts a no-break space before the sign.
        return gettext("%(percent)s%%", percent=self.percent)


@dataclass(frozen=True)
class QuestionResult:
    """What may be shown of one question.

    Below five answers it is the same as without any: everything is empty. Below
    ten the tallies say words only, and `answered` stays None. `texts` stand in an
    order that says nothing about who wrote when.
    """

    question: Question
    detail: Detail = Detail.NOTHING
    answered: int | None = None
    tallies: tuple[Tally, ...] = ()
    median: float | None = None
    texts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return pick(self.question.text)[0]

    @property
    def is_shown(self) -> bool:
        return self.detail > Detail.NOTHING

    @property
    def with_numbers(self) -> bool:
        return self.detail >= Detail.NUMBERS_WITH_NOTICE

    @property
    def with_notice(self) -> bool:
        """Whether to say that so few answers give a rough picture only."""
        return self.detail is Detail.NUMBERS_WITH_NOTICE

    @property
    def median_in_figures(self) -> str:
        """Say the median as it is written: 4 or 4,5; nothing where there is none."""
        if self.median is None:
            return ""
        return format_decimal(self.median, locale=language())


@dataclass(frozen=True)
class Results:
    """A round in numbers: people invited, people who answered, each question.

    `answered` and `rate` (whole percent of those invited) come from ten answers
    on, the rate not where fewer were invited than answered.
    """

    detail: Detail
    invited: int
    answered: int | None
    rate: int | None
    questions: tuple[QuestionResult, ...]


def results(
    questions: Sequence[Question],
    responses: Sequence[Answers],
    *,
    invited: int,
    salt: bytes,
) -> Results:
    """Count what was answered; `salt` belongs to the round and orders its texts.

    A response without any answer is nobody's voice and is not counted. Who looks
    before and after a single answer sees that answer by difference: show
    the results of a round only when it is closed.
    """
    voices = [response for response in responses if response.given]
    detail = detail_for(len(voices))
    counted = detail >= Detail.NUMBERS_WITH_NOTICE
    rated = counted and len(voices) <= invited
    return Results(
        detail=detail,
        invited=invited,
        answered=len(voices) if counted else None,
        rate=percent(len(voices), invited) if rated else None,
        questions=tuple(
            question_result(question, answers_to(question, voices), salt=salt)
            for question in questions
        ),
    )


def answers_to(question: Question, responses: Iterable[Answers]) -> list[Answer]:
    return [
        answer
        for response in responses
        for answer in response.given
        if answer.question_id == question.id
    ]


def question_result(
    question: Question, answers: Sequence[Answer], *, salt: bytes
) -> QuestionResult:
    """Say what may be shown of the answers to one question."""
    detail = detail_for(len(answers))
    if detail is Detail.NOTHING:
        return QuestionResult(question)
    return QuestionResult(
        question,
        detail,
        answered=len(answers) if detail >= Detail.NUMBERS_WITH_NOTICE else None,
        tallies=_tallies(question, answers, detail),
        median=_median(question, answers, detail),
        texts=in_no_order([answer.text for answer in answers if answer.text], salt),
    )


def _tallies(
    question: Question, answers: Sequence[Answer], detail: Detail
) -> tuple[Tally, ...]:
    picked = Counter(code for answer in answers for code in _codes(answer))
    return tuple(
        _tally(option, picked[option.code], len(answers), detail)
        for option in question.offered
    )


def _tally(option: Option, count: int, answered: int, detail: Detail) -> Tally:
    words = share_in_words(count, answered) or ""
    if detail < Detail.NUMBERS_WITH_NOTICE:
        return Tally(option, words)
    return Tally(option, words, count, percent(count, answered))


def _codes(answer: Answer) -> tuple[str, ...]:
    return answer.codes if answer.number is None else (str(answer.number),)


def _median(
    question: Question, answers: Sequence[Answer], detail: Detail
) -> float | None:
    if question.kind is not QuestionKind.SCALE or detail < Detail.NUMBERS_WITH_NOTICE:
        return None
    return median(answer.number for answer in answers if answer.number is not None)


def percent(part: int, whole: int) -> int:
    """Round to whole percent, halves up (round() would take 12.5 down to 12)."""
    return (200 * part + whole) // (2 * whole)


def in_no_order(texts: Iterable[str], salt: bytes) -> tuple[str, ...]:
    """Shuffle texts the same way each time, whatever order they came in.

    A keyed hash of the text alone decides, so the order holds no trace of the
    time of writing, and the salt makes each round shuffle differently.
    """

    def rank(text: str) -> tuple[bytes, str]:
        return hmac.digest(salt, text.encode(), hashlib.sha256), text

    return tuple(sorted(texts, key=rank))
