"""Figures about themes: a table by group, pairs that go together, a trend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    ONE_EACH,
    GroupOf,
    group_of,
    may_be_named,
    people_of_groups,
    shown,
)
from werkraum_feedback.coding.theme_counts import (
    ThemeCount,
    codings_of,
    counts_among,
    statements_by_id,
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
    """Count the themes of an event by groups; four queries."""
    people, spoken = (
        await people_of_groups(occasion_id),
        await statements_by_id(occasion_id),
    )
    named = may_be_named(people)
    counts = await counts_among(spoken, named, await codings_of(occasion_id))
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


# The last events at which something was said that is shown.
_LATEST = (
    " statement.state = 'shown' AND statement.event_id IN (SELECT id FROM event"
    " WHERE organiser_id = :organiser AND EXISTS (SELECT 1 FROM statement"
    " WHERE statement.event_id = event.id AND statement.state = 'shown')"
    f" ORDER BY starts_at DESC, id DESC LIMIT {MOST_EVENTS})"
)
SAID_AT = (
    f"SELECT event_id, count(*) AS number FROM statement WHERE{_LATEST}"
    " GROUP BY event_id"
)
# As people_of_groups counts them: whoever answered several questions is one person.
PEOPLE_AT = (
    f"SELECT statement.event_id, {ONE_EACH} AS number FROM statement"
    f" LEFT JOIN answer ON answer.id = statement.answer_id WHERE{_LATEST}"
    " GROUP BY statement.event_id, statement.org_kind, statement.org_size"
)
ABOUT_AT = (
    "SELECT statement.event_id, coding.theme_id,"
    " count(DISTINCT statement.id) AS number"
    f" FROM coding JOIN statement ON statement.id = coding.statement_id WHERE{_LATEST}"
    " GROUP BY statement.event_id, coding.theme_id"
)


async def trend_of(organiser_id: UUID) -> Trend:
    """Follow themes over the last twelve events at which something was said.

    Twelve are what a page can show. Five queries, however many there are.
    """
    people = await _counted(PEOPLE_AT, organiser_id)
    said = await _counted(SAID_AT, organiser_id)
    about: dict[UUID, dict[UUID, int]] = {}
    for row in await rows(ABOUT_AT, organiser=organiser_id):
        counts = about.setdefault(UUID(str(row["event_id"])), {})
        counts[UUID(str(row["theme_id"]))] = row["number"]
    events = await Event.filter(id__in=list(said)).order_by("starts_at", "id")
    columns = [
        Column(it, people[it.id], said[it.id], about.get(it.id, {})) for it in events
    ]
    used = {theme for column in columns for theme in column.counts}
    found = await Theme.filter(
        organiser_id=organiser_id, id__in=list(used), state__not=ThemeState.MERGED
    )
    total = {it.id: sum(col.counts.get(it.id, 0) for col in columns) for it in found}
    return Trend(columns, sorted(found, key=lambda it: (-total[it.id], it.position)))


async def _counted(statement: str, organiser_id: UUID) -> Counter[UUID]:
    """Add up `number` by event."""
    found: Counter[UUID] = Counter()
    for row in await rows(statement, organiser=organiser_id):
        found[UUID(str(row["event_id"]))] += row["number"]
    return found
