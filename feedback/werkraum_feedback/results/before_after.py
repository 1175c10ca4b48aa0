"""What people said before an event and after it, where they were asked the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkraum_feedback.models import Round, RoundKind, RoundState
from werkraum_feedback.questions import Question
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.results.tallies import QuestionResult, Results, Tally

LATER = (RoundKind.CLOSING, RoundKind.SURVEY)


@dataclass(frozen=True)
class Pair:
    """One question asked twice, of different people it may be."""

    before: QuestionResult
    after: QuestionResult

    @property
    def rows(self) -> Sequence[tuple[Tally, Tally]]:
        return list(zip(self.before.tallies, self.after.tallies, strict=True))

    @property
    def with_numbers(self) -> bool:
        return self.before.with_numbers or self.after.with_numbers


async def round_before(asked: Round) -> Round | None:
    """Find the latest round about needs that came before one at the end."""
    if asked.kind not in LATER or asked.opened_at is None:
        return None
    earlier = Round.filter(
        organiser_id=asked.organiser_id,
        event_id=asked.event_id,
        kind=RoundKind.NEEDS,
        state=RoundState.CLOSED,
        opened_at__lte=asked.opened_at,
    )
    return await earlier.exclude(id=asked.id).order_by("-opened_at").first()


async def pairs_of(asked: Round, after: Results) -> tuple[Pair, ...]:
    """Set what was asked twice side by side, where five people or more said so."""
    earlier = await round_before(asked)
    if earlier is None:
        return ()
    return pairs(await results_of(earlier), after)


def pairs(before: Results, after: Results) -> tuple[Pair, ...]:
    """Match questions by words, kind and options; texts have nothing to compare."""
    return tuple(
        Pair(one, other)
        for other in after.questions
        for one in before.questions
        if one.is_shown
        and other.is_shown
        and not other.in_words
        and is_the_same(one.question, other.question)
    )


def is_the_same(one: Question, other: Question) -> bool:
    """Whether two questions ask the same in every language they have in common."""
    common = [code for code in one.text if other.text.get(code) and one.text[code]]
    return (
        one.kind is other.kind
        and bool(common)
        and all(_plain(one.text[code]) == _plain(other.text[code]) for code in common)
        and [it.code for it in one.offered] == [it.code for it in other.offered]
        and [dict(it.label) for it in one.offered]
        == [dict(it.label) for it in other.offered]
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
