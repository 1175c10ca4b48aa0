"""Groups of those who said something, and which of them may be named.

A group is a kind of organisation; of towns, a kind and a size. It is named only
if at least five of an event said something, and never so that a smaller one could
be told by subtracting those that are named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.statement_models import Statement, StatementState
from werkraum_foundation.database import rows
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_registration.words import kind_words, size_words


@dataclass(frozen=True)
class GroupOf:
    """A kind of organisation, of towns with their size; empty where none is said."""

    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None

    @classmethod
    def of(
        cls, kind: OrganisationKind | str | None, size: OrganisationSize | str | None
    ) -> Self:
        """Put somebody into a group; only towns are told apart by their size."""
        if not kind:
            return cls()
        read = OrganisationKind(kind)
        is_town = read is OrganisationKind.MUNICIPALITY
        return cls(read, OrganisationSize(size) if size and is_town else None)

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read what `code` has written; None for anything else."""
        kind, _, size = code.partition(".")
        try:
            group = cls.of(kind, size)
        except ValueError:
            return None
        return group if group.code == code and group.org_kind else None

    @property
    def code(self) -> str:
        return ".".join(it.value for it in (self.org_kind, self.org_size) if it)

    @property
    def words(self) -> str:
        """Name the group as people say it: "Small town", "Association"."""
        if self.org_size:
            return size_words(self.org_size)
        return kind_words(self.org_kind)


NO_GROUP = GroupOf()


def group_of(statement: Statement) -> GroupOf:
    return GroupOf.of(statement.org_kind, statement.org_size)


def may_be_named(people: Mapping[GroupOf, int]) -> frozenset[GroupOf]:
    """Choose the groups that may be named, by how many people of each spoke.

    Whoever belongs to no group counts among the rest, and so do towns that do not
    tell their size beside others that do. If there is a rest of groups that are
    hidden, it holds two of them and five people at least: else the next smallest
    is hidden, too.
    """
    vague = {NO_GROUP}
    if any(group.org_size for group in people):
        vague.add(GroupOf(OrganisationKind.MUNICIPALITY))
    named = sorted(
        (group for group in people if group not in vague),
        key=lambda group: (people[group], group.code),
    )
    hidden = []
    while named and people[named[0]] < FEWEST:
        hidden.append(named.pop(0))
    rest = sum(people.get(group, 0) for group in (*hidden, *vague))
    while hidden and named and (len(hidden) < 2 or rest < FEWEST):
        hidden.append(named.pop(0))
        rest += people[hidden[-1]]
    return frozenset(named)


# Whoever answered several questions is one person.
ONE_EACH = (
    "count(DISTINCT coalesce("
    "CAST(answer.response_id AS TEXT), CAST(statement.registration_id AS TEXT),"
    " CAST(statement.organisation_id AS TEXT), CAST(statement.id AS TEXT)))"
)
SPEAKERS = (
    f"SELECT statement.org_kind, statement.org_size, {ONE_EACH} AS people"
    " FROM statement LEFT JOIN answer ON answer.id = statement.answer_id"
    " WHERE (statement.event_id = :at OR statement.round_id = :at)"
    " AND statement.state = :state"
    " GROUP BY statement.org_kind, statement.org_size"
)


async def people_of_groups(occasion_id: UUID) -> dict[GroupOf, int]:
    """Count who of each group said something at an occasion; one query."""
    found = await rows(SPEAKERS, at=occasion_id, state=StatementState.SHOWN.value)
    counts: dict[GroupOf, int] = {}
    for row in found:
        group = GroupOf.of(row["org_kind"], row["org_size"])
        counts[group] = counts.get(group, 0) + int(row["people"])
    return counts


async def named_groups(occasion_id: UUID) -> frozenset[GroupOf]:
    """Find the groups of an occasion that may be named; one query."""
    return may_be_named(await people_of_groups(occasion_id))


def shown(group: GroupOf, named: Iterable[GroupOf]) -> GroupOf:
    """Show a group that may be named; any other shows as none."""
    return group if group in frozenset(named) else NO_GROUP
