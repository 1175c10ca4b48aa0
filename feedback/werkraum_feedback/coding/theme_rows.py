"""Themes and quotes of an occasion as tables, for the workbook of a round."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding.speaker_groups import people_of_groups
from werkraum_feedback.coding.theme_counts import (
    GroupOf,
    Quote,
    ThemeCount,
    quotes_of,
    theme_counts,
)
from werkraum_feedback.results.shares import FEWEST
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.workbooks import Cell


@dataclass(frozen=True)
class ThemesTold:
    """The themes of an occasion with the words that may be quoted of them."""

    themes: tuple[tuple[ThemeCount, tuple[Quote, ...]], ...] = ()


async def themes_told(occasion_id: UUID) -> ThemesTold:
    """Gather what may be told of themes: nothing where fewer than five spoke."""
    people = await people_of_groups(occasion_id)
    if sum(people.values()) < FEWEST:
        return ThemesTold()
    return ThemesTold(
        tuple(
            [
                (count, await _quotes(count.theme.id, occasion_id))
                for count in await theme_counts(occasion_id)
            ]
        )
    )


async def _quotes(theme_id: UUID, occasion_id: UUID) -> tuple[Quote, ...]:
    found = await quotes_of(theme_id, occasion_id)
    return tuple(quote for quote in found if quote.may_be_quoted)


def theme_rows(told: ThemesTold) -> Iterator[tuple[Cell, ...]]:
    """Lay out one row per theme, with a column for each group that is named."""
    groups = sorted(
        {group for count, _ in told.themes for group in count.by_group if group.code},
        key=lambda group: group.code,
    )
    yield (
        gettext("Theme"),
        gettext("What belongs to it"),
        gettext("Statements"),
        gettext("Kinds of organisations"),
        *(group.words for group in groups),
        gettext("all others"),
    )
    for count, _ in told.themes:
        yield (
            pick(count.theme.name)[0],
            pick(count.theme.definition)[0],
            count.statements,
            count.kinds,
            *(count.by_group.get(group, 0) for group in groups),
            count.by_group.get(GroupOf(), 0),
        )


def quote_rows(told: ThemesTold) -> Iterator[tuple[Cell, ...]]:
    """Lay out one row per quote, the good ones of each theme first."""
    yield gettext("Theme"), gettext("Quote"), gettext("Where from"), gettext("Marked")
    for count, quotes in told.themes:
        for quote in quotes:
            marked = gettext("good quote") if quote.good else ""
            yield pick(count.theme.name)[0], quote.text, quote.group.words, marked
