"""How often a theme was spoken of at an occasion, and by how many kinds of people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding.occasions import said_at
from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.statement_models import (
    Coding,
    Quoting,
    Statement,
    StatementState,
    Theme,
)

__all__ = ["GroupOf", "Quote", "ThemeCount", "quotes_by_theme", "theme_counts"]


MARKED = ("id", "statement_id", "theme_id", "start", "end", "coder", "good_quote")


@dataclass(frozen=True)
class ThemeCount:
    """A theme at an occasion: statements that speak of it, whoever has marked them.

    `by_group` counts statements of the groups that may be named; all others stand
    together under the empty group. `kinds` counts the former.
    """

    theme: Theme
    statement_ids: tuple[UUID, ...]
    by_group: Mapping[GroupOf, int]

    @property
    def statements(self) -> int:
        return len(self.statement_ids)

    @property
    def kinds(self) -> int:
        return sum(group != NO_GROUP for group in self.by_group)


async def theme_counts(occasion_id: UUID) -> list[ThemeCount]:
    """Count the themes of an occasion, those shared by most kinds first.

    Four queries, however much was said. Themes nobody spoke of are left out.
    """
    spoken = await statements_by_id(occasion_id)
    named, codings = await named_groups(occasion_id), await codings_of(occasion_id)
    return await counts_among(spoken, named, codings)


async def counts_among(
    spoken: Mapping[UUID, Statement],
    named: Iterable[GroupOf],
    codings: Iterable[Coding],
) -> list[ThemeCount]:
    """Count the themes of what has been read before; one query for their names."""
    named = frozenset(named)
    marked: dict[UUID, set[UUID]] = defaultdict(set)
    for coding in codings:
        marked[coding.theme_id].add(coding.statement_id)
    themes = await Theme.filter(id__in=list(marked))
    counts = [
        _count(theme, [spoken[it] for it in marked[theme.id]], named)
        for theme in themes
    ]
    return sorted(counts, key=_most_shared_first)


def _count(
    theme: Theme, statements: Iterable[Statement], named: Iterable[GroupOf]
) -> ThemeCount:
    by_group: dict[GroupOf, int] = defaultdict(int)
    # By their ids, which are random and tell nothing.
    found = sorted(statements, key=lambda it: it.id)
    for statement in found:
        by_group[shown(group_of(statement), named)] += 1
    return ThemeCount(theme, tuple(it.id for it in found), dict(by_group))


def _most_shared_first(count: ThemeCount) -> tuple[int, int, int, UUID]:
    return (-count.kinds, -count.statements, count.theme.position, count.theme.id)


async def statements_by_id(occasion_id: UUID) -> dict[UUID, Statement]:
    """Read what was said at an occasion, without what is hidden."""
    found = await Statement.filter(said_at(occasion_id), state=StatementState.SHOWN)
    return {it.id: it for it in found}


async def codings_of(occasion_id: UUID) -> list[Coding]:
    """Read how the statements of an occasion are marked, hidden ones left out.

    To look at: without its time, which costs most to read, a row is not saved.
    """
    found = Coding.filter(
        said_at(occasion_id, "statement__"), statement__state=StatementState.SHOWN
    )
    return await found.only(*MARKED).order_by("id")


@dataclass(frozen=True)
class Quote:
    """Words of a statement about a theme.

    `group` may be shown as it is. `good` was marked as worth quoting; whether and
    how the words may be quoted is `quoting`. `registration_id` tells whose words
    they are, where they put their name to them.
    """

    statement_id: UUID
    text: str
    group: GroupOf
    quoting: Quoting
    good: bool
    language: str
    registration_id: UUID | None

    @property
    def may_be_quoted(self) -> bool:
        return self.quoting is not Quoting.NO


async def quotes_by_theme(occasion_id: UUID) -> dict[UUID, list[Quote]]:
    """List the words about each theme, the good ones first; three queries.

    Each span once, whoever has marked it, and all of them: only those that
    `may_be_quoted` belong in print.
    """
    spoken, named = await statements_by_id(occasion_id), await named_groups(occasion_id)
    spans: dict[tuple[UUID, UUID, int, int], bool] = {}
    for coding in await codings_of(occasion_id):
        span = (coding.theme_id, coding.statement_id, coding.start, coding.end)
        spans[span] = spans.get(span, False) or coding.good_quote
    quotes: dict[UUID, list[Quote]] = defaultdict(list)
    for (theme_id, statement_id, start, end), good in spans.items():
        found = _quote(spoken[statement_id], start, end, good, named)
        quotes[theme_id].append(found)
    return {
        theme_id: sorted(found, key=lambda it: (not it.good, it.statement_id))
        for theme_id, found in quotes.items()
    }


def _quote(
    statement: Statement, start: int, end: int, good: bool, named: Iterable[GroupOf]
) -> Quote:
    return Quote(
        statement.id,
        statement.text[start:end],
        shown(group_of(statement), named),
        statement.quoting,
        good,
        statement.language,
        statement.registration_id if statement.quoting is Quoting.NAMED else None,
    )
