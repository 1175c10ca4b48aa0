"""Which organisations are probably one: hints for organisers, who decide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from werkraum_registration.models import OrganisationKind
from werkraum_registration.organisation_names import loose_key

# Below this, one letter makes another town: Werl, Werne, Verl.
SHORTEST = 6
# Names made up to be alike must not cost us minutes.
MOST_ALIKE = 20


@dataclass(frozen=True)
class Named:
    """An organisation as it is compared."""

    id: UUID
    name: str
    name_key: str
    kind: OrganisationKind | None
    suggested: bool


Group = tuple[Named, ...]


def likely_doubles(named: Sequence[Named]) -> list[Group]:
    """Group what is probably one, the surest first; time grows with the names alone.

    First those whose names differ in what people leave out, then pairs that differ
    in one letter. Two that organisers both made a suggestion differ on purpose:
    there are Kempen and Kerpen.
    """
    loosely: dict[str, list[Named]] = defaultdict(list)
    for it in named:
        loosely[loose_key(it.name_key)].append(it)
    sure = [tuple(group) for group in loosely.values() if _may_be_one(group)]
    return [*sure, *_one_letter_apart(loosely)]


def _may_be_one(group: Sequence[Named]) -> bool:
    return len(group) > 1 and len({it.kind for it in group if it.kind}) < 2


def _one_letter_apart(loosely: dict[str, list[Named]]) -> Iterator[Group]:
    found: set[tuple[str, str]] = set()
    for keys in _neighbours(loosely):
        for pair in combinations(sorted(keys)[:MOST_ALIKE], 2):
            if pair in found or _digits(pair[0]) != _digits(pair[1]):
                continue
            found.add(pair)
            group = (*loosely[pair[0]], *loosely[pair[1]])
            if _may_be_one(group) and not all(it.suggested for it in group):
                yield group


def _neighbours(keys: Iterable[str]) -> Iterator[set[str]]:
    """Gather keys that are equal once each has lost one letter at most."""
    near: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        if len(key) >= SHORTEST:
            near[key].add(key)
            for at in range(len(key)):
                near[key[:at] + key[at + 1 :]].add(key)
    return (group for group in near.values() if len(group) > 1)


def _digits(key: str) -> str:
    """Grundschule 1 and Grundschule 2 are two."""
    return "".join(each for each in key if each.isdigit())
