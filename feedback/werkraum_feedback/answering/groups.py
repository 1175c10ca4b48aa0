"""Where responses come from, made so coarse that no group is a handful of people."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from werkraum_feedback.models import Channel
from werkraum_feedback.results.shares import FEWEST
from werkraum_registration.models import OrganisationKind, OrganisationSize

Kind = OrganisationKind | None
Origin = tuple[Kind, OrganisationSize | None]

NOWHERE: Origin = (None, None)

W = TypeVar("W", bound=str)


def coarse(origins: Sequence[Origin]) -> list[Origin]:
    """Say for each response what may be kept of where it comes from.

    Everybody who knows the list of participants knows who comes from where. So a
    group that is stored has at least five responses: smaller ones lose the size,
    then the kind, and take the next smallest with them if too few would remain.
    """
    sizes = {
        kind: _merged(size for its, size in origins if its is kind)
        for kind in {kind for kind, _ in origins}
    }
    kept = [(kind, None if size in sizes[kind] else size) for kind, size in origins]
    kinds = _merged(kind for kind, _ in kept)
    return [NOWHERE if kind in kinds else (kind, size) for kind, size in kept]


def coarse_channels(channels: Sequence[Channel]) -> list[Channel]:
    """Say of each answer to a question how it came, where five and more came so.

    Whoever was on the phone, or handed in paper, is known to those who were there.
    """
    gone = _merged(None if it is Channel.SELF else it for it in channels)
    return [Channel.SELF if it in gone else it for it in channels]


def _merged(words: Iterable[W | None]) -> frozenset[W]:
    """Name what has to become None so that nothing is left of one to four."""
    left, gone = dict(Counter(words)), set[W]()
    while any(0 < number < FEWEST for number in left.values()):
        named = [it for it in left if it is not None]
        if not named:
            break
        smallest = min(named, key=lambda it: (left[it], str(it)))
        left[None] = left.get(None, 0) + left.pop(smallest)
        gone.add(smallest)
    return frozenset(gone)
