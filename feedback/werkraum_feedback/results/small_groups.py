"""Which groups may be shown so that no smaller one can be told: pure rules.

Showing a group tells what its people answered together. Whoever has several groups
can add and subtract them: all towns less the small ones are the others. So groups are
let in one after the other, and each only if no sum and difference of what is shown
already and of the new one is a group of fewer than five (docs/decisions/0022).

Which groups are shown never depends on what somebody asked for: filters, tables side
by side, files, all show of the same set.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Self

from werkraum_feedback.results.shares import FEWEST
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_registration.words import kind_words, size_words

TOWN = OrganisationKind.MUNICIPALITY


@dataclass(frozen=True)
class Group:
    """People by where they come from: a kind of organisation, of towns the size.

    As the group of one person what is empty was not said; as a wish to see some
    people it stands for all.
    """

    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None

    @classmethod
    def of(
        cls,
        kind: OrganisationKind | str | None = None,
        size: OrganisationSize | str | None = None,
    ) -> Self:
        """Name a group; only towns are told apart by size, so a size is a town's."""
        if not kind:
            return cls(TOWN, OrganisationSize(size)) if size else cls()
        read = OrganisationKind(kind)
        return cls(read, OrganisationSize(size) if size and read is TOWN else None)

    def holds(self, other: Self) -> bool:
        """Whether everybody of the other group belongs to this one."""
        kinds = self.org_kind is None or self.org_kind == other.org_kind
        return kinds and (self.org_size is None or self.org_size == other.org_size)

    @property
    def code(self) -> str:
        return ".".join(it.value for it in (self.org_kind, self.org_size) if it)

    @property
    def words(self) -> str:
        """Name the group as people say it: "Small town", "Association"."""
        return size_words(self.org_size) if self.org_size else kind_words(self.org_kind)


EVERYBODY = Group()
UNSAID = Group()
KINDS = tuple(Group(kind) for kind in OrganisationKind)
SIZES = tuple(Group(TOWN, size) for size in OrganisationSize)
GROUPS = (*KINDS, *SIZES)
"""What can be asked for: the kinds, then the sizes of towns."""

People = Mapping[Group, int]
"""How many people of each group there are, each person in one group only."""

Cells = frozenset[Group]
"""Groups without people in common, taken together."""


def cells_of(group: Group, people: People) -> Cells:
    return frozenset(cell for cell in people if people[cell] and group.holds(cell))


def count_of(group: Group, people: People) -> int:
    return sum(people[cell] for cell in cells_of(group, people))


def shown_together(
    people: People,
    wanted: Sequence[Group] = GROUPS,
    *,
    fewest: int = FEWEST,
    beside: Iterable[Cells] = (),
) -> frozenset[Group]:
    """Choose the groups that may be shown beside everybody and beside each other.

    `beside` is what is shown of the same answers anyway. The broader group comes
    before the narrower one, the larger before the smaller.
    """
    published = [cells_of(EVERYBODY, people), *beside]
    shown = []
    for group in sorted(wanted, key=lambda it: _turn(it, people)):
        cells = cells_of(group, people)
        if cells and tells_no_smaller([*published, cells], people, fewest):
            published.append(cells)
            shown.append(group)
    return frozenset(shown)


def _turn(group: Group, people: People) -> tuple[bool, int, str]:
    return group.org_size is not None, -count_of(group, people), group.code


PRIME = 2**61 - 1
MOST_TRIED = 20_000
"""Sums that are looked at before it is taken for granted that one tells too much."""


def tells_no_smaller(published: Sequence[Cells], people: People, fewest: int) -> bool:
    """Whether no sum or difference of what is published is fewer than `fewest` people.

    What cannot be told apart by any published group only comes together, so these
    are the columns of the equations. A weighting of them that is nought over every
    published group is nought over whatever can be computed from these, too; the
    other way round it holds but for a chance of one in 10^18, and then a group is
    hidden that need not be. Nobody gains by knowing which groups are empty.
    """
    together: dict[tuple[bool, ...], int] = defaultdict(int)
    for cell, count in people.items():
        if count:
            together[tuple(cell in it for it in published)] += count
    columns = list(together)
    weights = _nought_over([*zip(*columns, strict=True)], len(columns))
    small = [
        (together[column], weight)
        for column, weight in zip(columns, weights, strict=True)
        if together[column] < fewest
    ]
    return not _adds_up_to_nought(small, fewest)


def _nought_over(rows: Sequence[Sequence[bool]], width: int) -> list[int]:
    """Find a random weighting of the columns whose sum over each row is nought."""
    pivots: dict[int, list[int]] = {}
    for row in rows:
        _eliminate([int(it) for it in row], pivots)
    # Any numbers do that nobody chose with a certain group in mind.
    weights = [pow(3, 1_000_003 + column, PRIME) for column in range(width)]
    for pivot, reduced in pivots.items():
        rest = (reduced[it] * weights[it] for it in range(width) if it not in pivots)
        weights[pivot] = -sum(rest) % PRIME
    return weights


def _eliminate(row: list[int], pivots: dict[int, list[int]]) -> None:
    """Bring a row among those of the reduced form, unless it follows from them."""
    for pivot, known in pivots.items():
        row = _less(row, known, row[pivot])
    lead = next((place for place, value in enumerate(row) if value), None)
    if lead is None:
        return
    inverse = pow(row[lead], -1, PRIME)
    row = [value * inverse % PRIME for value in row]
    for other, known in pivots.items():
        pivots[other] = _less(known, row, known[lead])
    pivots[lead] = row


def _less(row: list[int], other: list[int], times: int) -> list[int]:
    return [(mine - times * its) % PRIME for mine, its in zip(row, other, strict=True)]


def _adds_up_to_nought(small: Sequence[tuple[int, int]], fewest: int) -> bool:
    """Whether some of these, fewer than `fewest` people, weigh nought together."""
    sums = [(0, 0)]
    for people, weight in small:
        more = [
            (count + people, (sum_ + weight) % PRIME)
            for count, sum_ in sums
            if count + people < fewest
        ]
        if any(sum_ == 0 for _, sum_ in more) or len(sums) + len(more) > MOST_TRIED:
            return True
        sums += more
    return False


def labels_for(tables: Sequence[tuple[People, int]]) -> dict[Group, Group]:
    """Say as what group each person may stand in a file of single answers.

    A line is told by its group with everything in it, so one partition serves all
    questions: `tables` are the people who answered each, and the fewest of them that
    may be shown. In each table every label has nobody or enough people, and so have
    those without one. Sizes of towns are given up before their kind.
    """
    cells = {cell for people, _ in tables for cell in people if people[cell]}
    labels = {cell: cell for cell in cells}
    if not all(_is_enough(cell, labels, tables) for cell in cells if cell.org_size):
        labels = {cell: Group(cell.org_kind) for cell in cells}
    for kind in set(labels.values()):
        if not _is_enough(kind, labels, tables):
            labels = _without(kind, labels)
    while not _is_enough(UNSAID, labels, tables):
        left = set(labels.values()) - {UNSAID}
        if not left:
            break
        smallest = min(left, key=lambda it: (_people_of(it, labels, tables), it.code))
        labels = _without(smallest, labels)
    return labels


def _without(label: Group, labels: Mapping[Group, Group]) -> dict[Group, Group]:
    return {cell: UNSAID if given == label else given for cell, given in labels.items()}


def _is_enough(
    label: Group,
    labels: Mapping[Group, Group],
    tables: Sequence[tuple[People, int]],
) -> bool:
    def enough(people: People, fewest: int) -> bool:
        count = sum(people.get(cell, 0) for cell in labels if labels[cell] == label)
        return count == 0 or count >= fewest

    return all(enough(people, fewest) for people, fewest in tables)


def _people_of(
    label: Group,
    labels: Mapping[Group, Group],
    tables: Sequence[tuple[People, int]],
) -> int:
    return sum(
        people.get(cell, 0)
        for (people, _), cell in product(tables, labels)
        if labels[cell] == label
    )


def blocks_of(labels: Mapping[Group, Group]) -> list[Cells]:
    """Gather the groups that stand under one label."""
    blocks: dict[Group, set[Group]] = defaultdict(set)
    for cell, label in labels.items():
        blocks[label].add(cell)
    return [frozenset(cells) for cells in blocks.values()]
