"""The result of a live question, as everybody in the room may see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from werkraum_feedback.answering import records
from werkraum_feedback.live_rounds.live_words import WordCount, word_list
from werkraum_feedback.models import AnswerRow
from werkraum_feedback.questions import Answer, Option, Question, QuestionKind
from werkraum_feedback.results.shares import deciding, percent, share_in_words
from werkraum_feedback.results.tallies import Detail, Tally, detail_for


@dataclass(frozen=True)
class LiveResult:
    """Nothing below five voices, words only below ten, as in every result.

    `tallies` say how many picked an option (of a ranking: put it first), `words`
    what was said most, `middle` is the median of a number.
    """

    detail: Detail
    tallies: tuple[Tally, ...] = ()
    words: tuple[WordCount, ...] = ()
    middle: float | None = None

    @property
    def is_shown(self) -> bool:
        return self.detail > Detail.NOTHING

    @property
    def with_numbers(self) -> bool:
        return self.detail >= Detail.NUMBERS_WITH_NOTICE


async def result_of(
    round_id: UUID, question: Question, typed_in: int = 0
) -> LiveResult:
    """Count what was answered to a question; one query."""
    found = await AnswerRow.filter(
        response__round_id=round_id, question_id=records.row_id(question.id)
    )
    given = records.answers_of(found)
    answers = [it for each in given for it in each.given]
    return live_result(question, answers, typed_in)


def live_result(
    question: Question, answers: Sequence[Answer], typed_in: int = 0
) -> LiveResult:
    """Say what may be shown; `typed_in` of the answers are known to somebody."""
    detail = detail_for(deciding(len(answers), typed_in))
    if detail is Detail.NOTHING:
        return LiveResult(detail)
    if question.is_text:
        return LiveResult(detail, words=word_list(it.text for it in answers))
    if question.kind is QuestionKind.NUMBER:
        return LiveResult(detail, middle=_middle(answers, detail))
    picked = Counter(code for it in answers for code in _codes(question, it))
    return LiveResult(
        detail,
        tuple(
            _tally(option, picked[option.code], len(answers), detail)
            for option in question.offered
        ),
    )


def _codes(question: Question, answer: Answer) -> tuple[str, ...]:
    if answer.number is not None:
        return (str(answer.number),)
    first_only = question.kind is QuestionKind.RANKING
    return answer.codes[:1] if first_only else answer.codes


def _tally(option: Option, count: int, people: int, detail: Detail) -> Tally:
    words = share_in_words(count, people) or ""
    if detail < Detail.NUMBERS_WITH_NOTICE:
        return Tally(option, words)
    return Tally(option, words, count, percent(count, people))


def _middle(answers: Sequence[Answer], detail: Detail) -> float | None:
    if detail < Detail.NUMBERS_WITH_NOTICE:
        return None
    return median(it.number for it in answers if it.number is not None)
