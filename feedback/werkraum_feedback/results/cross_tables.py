"""A question by where people come from: groups side by side, as far as may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkraum_feedback.results.counts import Counts
from werkraum_feedback.results.small_groups import EVERYBODY, KINDS, SIZES, Group
from werkraum_feedback.results.tallies import (
    QuestionResult,
    Spread,
    Tally,
    question_result,
)

BY = {"kind": KINDS, "size": SIZES}
"""What people can be told apart by, as it stands in the address of the page."""


@dataclass(frozen=True)
class Row:
    """One answer, and of each column how many gave it; None where there is nothing."""

    label: str
    tallies: tuple[Tally, ...]


@dataclass(frozen=True)
class CrossTable:
    """Everybody and the groups that may be shown; what is hidden has no column."""

    columns: tuple[tuple[Group, QuestionResult], ...]
    some_hidden: bool

    @property
    def rows(self) -> tuple[Row, ...]:
        by_option = zip(*(result.tallies for _, result in self.columns), strict=True)
        return tuple(Row(tallies[0].label, tallies) for tallies in by_option)

    @property
    def spreads(self) -> tuple[Spread | None, ...]:
        return tuple(result.spread for _, result in self.columns)

    @property
    def has_spreads(self) -> bool:
        return any(self.spreads)


def cross_table(
    whole: QuestionResult, counts: Counts, groups: Sequence[Group]
) -> CrossTable | None:
    """Set groups beside everybody; None where none of them may be shown."""
    if whole.in_words:
        return None
    results = [
        (group, question_result(whole.question, counts, group)) for group in groups
    ]
    shown = [(group, result) for group, result in results if result.is_shown]
    if not shown:
        return None
    columns = ((EVERYBODY, whole), *shown)
    return CrossTable(columns, some_hidden=len(shown) < len(results))
