"""Themes and quotes of an occasion as tables, for the workbook of a round."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from werkraum_feedback.coding.quoted_names import quotable_names
from werkraum_feedback.coding.speaker_groups import NO_GROUP, people_of_groups
from werkraum_feedback.coding.theme_counts import (
    Quote,
    quotes_by_theme,
    statements_by_id,
)
from werkraum_feedback.coding.theme_figures import ThemeTable, table_of
from werkraum_feedback.results.shares import FEWEST
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.workbooks import Cell


@dataclass(frozen=True)
class ThemesTold:
    """The themes of an occasion with the words that may be quoted of them."""

    table: ThemeTable = ThemeTable([], [], {}, with_numbers=False, coded=0, said=0)
    quotes: Mapping[UUID, Sequence[Quote]] = field(default_factory=dict)
    # Of those who agreed to be quoted by name, by statement.
    names: Mapping[UUID, str] = field(default_factory=dict)


async def themes_told(occasion_id: UUID) -> ThemesTold:
    """Gather what may be told of themes: nothing where fewer than five spoke."""
    people = await people_of_groups(occasion_id)
    if sum(people.values()) < FEWEST:
        return ThemesTold()
    spoken = await statements_by_id(occasion_id)
    return ThemesTold(
        await table_of(occasion_id),
        await quotes_by_theme(occasion_id),
        await quotable_names(spoken.values()),
    )


def theme_rows(told: ThemesTold) -> Iterator[tuple[Cell, ...]]:
    """Lay out one row per theme, with a column for each group that is named.

    Numbers of groups stand there only where the page has them, too.
    """
    table = told.table
    rest = bool(table.groups) and table.with_numbers and table.rest
    yield (
        gettext("Theme"),
        gettext("What belongs to it"),
        gettext("Statements"),
        gettext("Kinds of organisations"),
        *(group.words for group in table.groups),
        *([gettext("all others")] if rest else []),
    )
    for count in table.counts:
        cells = [table.cell(count, group) for group in table.groups]
        yield (
            pick(count.theme.name)[0],
            pick(count.theme.definition)[0],
            count.statements,
            count.kinds,
            *(int(it) if it.isdigit() else it for it in cells),
            *([count.by_group.get(NO_GROUP, 0)] if rest else []),
        )


def quote_rows(told: ThemesTold) -> Iterator[tuple[Cell, ...]]:
    """Lay out one row per quote, the good ones of each theme first."""
    yield gettext("Theme"), gettext("Quote"), gettext("Where from"), gettext("Marked")
    for count in told.table.counts:
        for quote in told.quotes.get(count.theme.id, ()):
            if quote.may_be_quoted:
                marked = gettext("good quote") if quote.good else ""
                where = told.names.get(quote.statement_id) or quote.group.words
                yield pick(count.theme.name)[0], quote.text, where, marked
