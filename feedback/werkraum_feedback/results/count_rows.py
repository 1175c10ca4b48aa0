"""The counts of a round as a table: what the page shows, of everybody and of groups."""

from collections.abc import Iterator, Sequence

from werkraum_feedback.results.exports import label_of
from werkraum_feedback.results.small_groups import EVERYBODY
from werkraum_feedback.results.tallies import QuestionResult, Results
from werkraum_foundation.language import gettext
from werkraum_foundation.workbooks import Cell


def count_rows(found: Sequence[Results]) -> Iterator[tuple[Cell, ...]]:
    """Lay out the results of everybody and of groups, one row per answer.

    What may not be shown has no row; between five and nine people there are words
    and no numbers.
    """
    yield (
        gettext("Question no."),
        gettext("Where from"),
        gettext("Answer no."),
        gettext("Answer"),
        gettext("In words"),
        gettext("Number of people"),
        gettext("Percentage"),
        gettext("Mean rank"),
        gettext("Figure"),
    )
    for results in found:
        whole = results.group == EVERYBODY
        where = gettext("All people") if whole else results.group.words
        for result in results.questions:
            if result.is_shown:
                yield from _rows(result, where)


def _rows(result: QuestionResult, where: str) -> Iterator[tuple[Cell, ...]]:
    code = result.question.code
    if result.answered is not None:
        answered = gettext("people who answered")
        yield code, where, "", answered, "", None, None, None, result.answered
    for tally in result.tallies:
        yield (
            code,
            where,
            tally.option.code,
            label_of(tally.option),
            tally.words,
            tally.count,
            tally.percent,
            tally.mean_rank,
            None,
        )
    if spread := result.spread:
        figures = {
            gettext("lower quarter"): spread.low,
            gettext("middle (median)"): spread.median,
            gettext("upper quarter"): spread.high,
            gettext("mean"): spread.mean,
        }
        for name, figure in figures.items():
            yield code, where, "", name, "", None, None, None, figure
