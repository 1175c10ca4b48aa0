"""From counts to what the page shows, and what it must not show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import mean, median, quantiles

from babel.numbers import format_decimal

from werkraum_feedback.questions import Option, Question, QuestionKind
from werkraum_feedback.results.counts import Counts, Picked, Said
from werkraum_feedback.results.shares import (
    FEWEST,
    FEWEST_FOR_NUMBERS,
    percent,
    share_in_words,
)
from werkraum_feedback.results.small_groups import EVERYBODY, Group, count_of
from werkraum_foundation.language import gettext, language, pick

FEWEST_WITHOUT_NOTICE = 30

MEASURED = (QuestionKind.SCALE, QuestionKind.SCORE, QuestionKind.NUMBER)
"""Kinds whose answer is a number."""


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

    `percent` is that of those who answered; below ten of them all numbers are
    None. Of a ranking `count` are those who put the option first, `places` how many
    put it first, second, …, and `mean_rank` is among those who ranked it.
    """

    option: Option
    words: str
    count: int | None = None
    percent: int | None = None
    places: tuple[int, ...] = ()
    mean_rank: float | None = None

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

    @property
    def rank_in_figures(self) -> str:
        return in_figures(self.mean_rank)


@dataclass(frozen=True)
class Spread:
    """The middle of numbers, and between what the middle half of them lies."""

    low: float
    median: float
    high: float
    mean: float

    @property
    def lower(self) -> str:
        return in_figures(self.low)

    @property
    def middle(self) -> str:
        return in_figures(self.median)

    @property
    def upper(self) -> str:
        return in_figures(self.high)


@dataclass(frozen=True)
class QuestionResult:
    """What may be shown of one question.

    Below five answers it is the same as without any, and so is a group that would
    give away a smaller one: everything is empty. Below ten the tallies say words
    only, and `answered` stays None. `texts` stand in an order that says nothing
    about who wrote when.
    """

    question: Question
    detail: Detail = Detail.NOTHING
    answered: int | None = None
    tallies: tuple[Tally, ...] = ()
    spread: Spread | None = None
    texts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return pick(self.question.text)[0]

    @property
    def is_shown(self) -> bool:
        return self.detail > Detail.NOTHING

    @property
    def in_words(self) -> bool:
        """Whether people wrote texts, of which there is nothing to count."""
        return self.question.is_text

    @property
    def is_ranking(self) -> bool:
        return self.question.kind is QuestionKind.RANKING

    @property
    def with_numbers(self) -> bool:
        return self.detail >= Detail.NUMBERS_WITH_NOTICE

    @property
    def with_notice(self) -> bool:
        """Whether to say that so few answers give a rough picture only."""
        return self.detail is Detail.NUMBERS_WITH_NOTICE

    @property
    def median(self) -> float | None:
        return self.spread.median if self.spread else None

    @property
    def median_in_figures(self) -> str:
        """Say the median as it is written: 4 or 4,5; nothing where there is none."""
        return in_figures(self.median)

    @property
    def ranked(self) -> tuple[Tally, ...]:
        """The options of a ranking, the most preferred first."""
        return tuple(
            sorted(self.tallies, key=lambda it: it.mean_rank or len(it.places))
        )


@dataclass(frozen=True)
class Results:
    """A round in numbers: people invited, people who answered, each question.

    `answered` and `rate` (whole percent of those invited) come from ten answers
    on, the rate not where fewer were invited than answered. `present` are those
    who were there, None where nobody knows. Of a group there is no rate.
    """

    detail: Detail
    invited: int
    answered: int | None
    rate: int | None
    questions: tuple[QuestionResult, ...]
    group: Group = EVERYBODY
    present: int | None = None
    rate_of_present: int | None = None


def results(
    counts: Counts,
    *,
    invited: int,
    group: Group = EVERYBODY,
    present: int | None = None,
) -> Results:
    """Say what may be shown of a round, or of a group of those who answered.

    Who looks before and after a single answer sees that answer by difference: show
    the results of a round only when it is closed.
    """
    voices = count_of(group, counts.voices)
    shown = counts.voices_shown
    detail = _detail(group, voices, shown.groups, shown.numbered)
    answered = voices if detail >= Detail.NUMBERS_WITH_NOTICE else None
    whole = answered if group == EVERYBODY else None
    return Results(
        detail=detail,
        invited=invited,
        answered=answered,
        rate=_rate(whole, invited),
        questions=tuple(question_result(it, counts, group) for it in counts.questions),
        group=group,
        present=present,
        rate_of_present=_rate(whole, present),
    )


def _rate(answered: int | None, whole: int | None) -> int | None:
    if answered is None or whole is None or answered > whole:
        return None
    return percent(answered, whole)


def _detail(
    group: Group, people: int, shown: frozenset[Group], numbered: frozenset[Group]
) -> Detail:
    if group == EVERYBODY or group in numbered:
        return detail_for(people)
    return Detail.WORDS if group in shown else Detail.NOTHING


def question_result(
    question: Question, counts: Counts, group: Group = EVERYBODY
) -> QuestionResult:
    """Say what may be shown of the answers to one question."""
    said, shown = counts.of(question, group), counts.shown[question.id]
    people = counts.deciding(question) if group == EVERYBODY else said.people
    detail = _detail(group, people, shown.groups, shown.numbered)
    if detail is Detail.NOTHING:
        return QuestionResult(question)
    counted = detail >= Detail.NUMBERS_WITH_NOTICE
    return QuestionResult(
        question,
        detail,
        answered=said.people if counted else None,
        tallies=_tallies(question, said, counted=counted),
        spread=_spread(question, said) if counted else None,
        texts=tuple(said.texts),
    )


def _tallies(question: Question, said: Said, *, counted: bool) -> tuple[Tally, ...]:
    tally = _place_tally if question.kind is QuestionKind.RANKING else _tally
    return tuple(
        tally(option, said, counted=counted, options=len(question.offered))
        for option in question.offered
    )


def _tally(option: Option, said: Said, *, counted: bool, options: int) -> Tally:
    count = sum(
        people for picked, people in said.picked.items() if _has(picked, option.code)
    )
    return _told(option, count, said, counted=counted)


def _has(picked: Picked, code: str) -> bool:
    return code in picked if isinstance(picked, tuple) else str(picked) == code


def _told(option: Option, count: int, said: Said, *, counted: bool) -> Tally:
    words = share_in_words(count, said.people) or ""
    if not counted:
        return Tally(option, words)
    return Tally(option, words, count, percent(count, said.people))


def _place_tally(option: Option, said: Said, *, counted: bool, options: int) -> Tally:
    places = [0] * options
    for picked, people in said.picked.items():
        if isinstance(picked, tuple) and option.code in picked:
            places[picked.index(option.code)] += people
    told = _told(option, places[0], said, counted=counted)
    return with_places(told, places) if counted else told


def with_places(tally: Tally, places: Sequence[int]) -> Tally:
    """Add how many put it on which place, and the mean of these."""
    ranked = sum(places)
    points = sum(place * people for place, people in enumerate(places, start=1))
    return Tally(
        tally.option,
        tally.words,
        tally.count,
        tally.percent,
        tuple(places),
        points / ranked if ranked else None,
    )


def _spread(question: Question, said: Said) -> Spread | None:
    if question.kind not in MEASURED:
        return None
    return spread_of({it: n for it, n in said.picked.items() if isinstance(it, int)})


def spread_of(people: Mapping[int, int]) -> Spread | None:
    """Find the middle of numbers and of their halves; `people` who said each."""
    numbers = [number for number in sorted(people) for _ in range(people[number])]
    if len(numbers) < FEWEST_FOR_NUMBERS:
        return None
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return Spread(low, median(numbers), high, mean(numbers))


def in_figures(number: float | None) -> str:
    """Write a number as readers of the language do, with one digit at most."""
    if number is None:
        return ""
    return format_decimal(number, format="#,##0.#", locale=language())
