"""Figures about themes: a table by group, pairs that go together, a trend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    GroupOf,
    group_of,
    may_be_named,
    people_of_groups,
    shown,
)
from werkraum_feedback.coding.theme_counts import (
    ThemeCount,
    codings_of,
    statements_by_id,
    theme_counts,
)
from werkraum_feedback.results.shares import FEWEST, FEWEST_FOR_NUMBERS, percent
from werkraum_feedback.statement_models import Theme, ThemeState
from werkraum_foundation.database import rows
from werkraum_foundation.language import gettext

MOST_PAIRED = 12
MOST_EVENTS = 12


@dataclass(frozen=True)
class ThemeTable:
    """Themes of an event by the groups that may be named.

    `with_numbers` where each of those groups has ten people or more: numbers of a
    smaller one could be told by subtracting. `rest` says whether others spoke, too.
    """

    counts: Sequence[ThemeCount]
    groups: Sequence[GroupOf]
    statements: Mapping[GroupOf, int]
    with_numbers: bool
    coded: int
    said: int

    @property
    def rest(self) -> bool:
        return self.statements.get(NO_GROUP, 0) > 0

    def cell(self, count: ThemeCount, group: GroupOf) -> str:
        """Say how many of a group's statements speak of the theme."""
        part = count.by_group.get(group, 0)
        return (str(part) if self.with_numbers else spoken_of()) if part else "–"


async def table_of(occasion_id: UUID) -> ThemeTable:
    """Count the themes of an event by groups; eight queries."""
    counts, people = (
        await theme_counts(occasion_id),
        await people_of_groups(occasion_id),
    )
    named, spoken = may_be_named(people), await statements_by_id(occasion_id)
    groups = sorted(named, key=_town_first)
    return ThemeTable(
        counts,
        groups,
        Counter(shown(group_of(it), named) for it in spoken.values()),
        with_numbers=all(people[group] >= FEWEST_FOR_NUMBERS for group in groups),
        coded=len({it for count in counts for it in count.statement_ids}),
        said=len(spoken),
    )


def _town_first(group: GroupOf) -> tuple[bool, int, str]:
    sizes = ["small", "medium", "large"]
    size = sizes.index(group.org_size) if group.org_size else 3
    return (group.org_kind != "municipality", size, group.code)


@dataclass(frozen=True)
class Pairs:
    """How many statements speak of two themes at once."""

    themes: Sequence[Theme]
    counts: Mapping[frozenset[UUID], int]

    def of(self, one: Theme, other: Theme) -> int:
        return self.counts.get(frozenset((one.id, other.id)), 0)


async def pairs_of(occasion_id: UUID, counts: Sequence[ThemeCount]) -> Pairs:
    """Count pairs among the themes most spoken of; one query."""
    often = sorted(counts, key=lambda it: -it.statements)[:MOST_PAIRED]
    themes = [it.theme for it in often]
    known = {it.id for it in themes}
    marked: dict[UUID, set[UUID]] = {}
    for coding in await codings_of(occasion_id):
        if coding.theme_id in known:
            marked.setdefault(coding.statement_id, set()).add(coding.theme_id)
    pairs = (
        frozenset(pair) for each in marked.values() for pair in combinations(each, 2)
    )
    return Pairs(themes, Counter(pairs))


@dataclass(frozen=True)
class Column:
    """An event in the trend; `people` decide how exactly it may be told."""

    event: Event
    people: int
    statements: int
    counts: Mapping[UUID, int]

    def cell(self, theme: Theme) -> str:
        """Say which part of an event's statements speaks of a theme."""
        part = self.counts.get(theme.id, 0)
        if self.people < FEWEST:
            return ""
        if not part:
            return "–"
        if self.people < FEWEST_FOR_NUMBERS:
            return spoken_of()
        # NOTE: a percentage; German puts a no-break space before the sign.
        return gettext("%(percent)s%%", percent=percent(part, self.statements))


def spoken_of() -> str:
    """Say that a theme came up, where a number would say too much."""
    return gettext("spoken of")


@dataclass(frozen=True)
class Trend:
    """Themes over the events of an office, the earliest first."""

    columns: Sequence[Column]
    themes: Sequence[Theme]


async def trend_of(organiser_id: UUID) -> Trend:
    """Follow themes over the last twelve events at which something was said.

    Six queries per event: twelve events are what a page can show.
    """
    columns = []
    for event in await _events_of(organiser_id):
        people = sum((await people_of_groups(event.id)).values())
        counts = {it.theme.id: it.statements for it in await theme_counts(event.id)}
        said = len(await statements_by_id(event.id))
        columns.append(Column(event, people, said, counts))
    used = {theme for column in columns for theme in column.counts}
    found = await Theme.filter(
        organiser_id=organiser_id, id__in=list(used), state__not=ThemeState.MERGED
    )
    total = {it.id: sum(col.counts.get(it.id, 0) for col in columns) for it in found}
    return Trend(columns, sorted(found, key=lambda it: (-total[it.id], it.position)))


async def _events_of(organiser_id: UUID) -> list[Event]:
    ids = await _events_spoken_at(organiser_id)
    found = Event.filter(organiser_id=organiser_id, id__in=ids)
    latest = await found.order_by("-starts_at", "-id").limit(MOST_EVENTS)
    return list(reversed(latest))


async def _events_spoken_at(organiser_id: UUID) -> list[UUID]:
    found = await rows(
        "SELECT DISTINCT event_id FROM statement WHERE organiser_id = :organiser"
        " AND event_id IS NOT NULL AND state = 'shown'",
        organiser=organiser_id,
    )
    return [UUID(str(row["event_id"])) for row in found]
