"""What may be told of groups of people to funders: none below five, nor by sums."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

K = 5
G = TypeVar("G")


@dataclass(frozen=True)
class Figure:
    """A number with what it counts; None where it may not be told or is not known."""

    code: str
    name: str
    definition: str
    value: int | None


def told(groups: Mapping[G, int]) -> tuple[dict[G, int], int]:
    """Split groups into those that are told and the sum of the others.

    The sum is of at least five too, or none is told: otherwise a small group would
    follow from the total.
    """
    shown = {group: n for group, n in groups.items() if n >= K}
    rest = sum(groups.values()) - sum(shown.values())
    while 0 < rest < K and shown:
        smallest = min(shown, key=lambda group: (shown[group], str(group)))
        rest += shown.pop(smallest)
    return shown, rest if rest >= K else 0


def digest(query: Mapping[str, str], figures: Sequence[Figure]) -> str:
    """Name a table by what was asked and what was counted, in whatever language."""
    counted = [[it.code, it.value] for it in figures]
    text = json.dumps(
        {"query": dict(sorted(query.items())), "rows": counted},
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return sha256(text.encode()).hexdigest()
