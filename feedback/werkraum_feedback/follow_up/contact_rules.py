"""Who is suggested to whom: what they have in common, explained, fair, repeatable.

A pair needs somebody who seeks and somebody who offers, at least one theme or country
of both, and two organisations. First everybody gets a first suggestion, then a second.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import combinations
from uuid import UUID

from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import OrganisationKind, OrganisationSize

MOST = 3
# A no stays silent, and so does no answer, until then.
LASTS = timedelta(days=60)
LONGEST_TALK = timedelta(hours=2)
MUTUAL = "mutual"


class NotYet(Refused):
    code = "contacts_not_yet"

    def message(self) -> str:
        return gettext("From the start of the event on you can say what you seek.")


class NoContact(Refused):
    code = "no_contact"

    def message(self) -> str:
        return gettext("This suggestion does not stand any more.")


class TalkOver(Refused):
    code = "talk_over"

    def message(self) -> str:
        return gettext("This talk is over already.")


@dataclass(frozen=True)
class Seeker:
    """Somebody who seeks or offers; themes and countries are codes."""

    wish: UUID
    seeks: bool
    offers: bool
    themes: frozenset[str]
    countries: frozenset[str]
    organisation: UUID | None = None
    kind: OrganisationKind | None = None
    size: OrganisationSize | None = None


@dataclass(frozen=True)
class Match:
    """Two who might talk, and why: ("theme:…", "country:PL", "size:small")."""

    one: UUID
    other: UUID
    reasons: tuple[str, ...]


def reasons_for(one: Seeker, other: Seeker) -> tuple[str, ...]:
    """Say what two have in common; nothing where they do not fit."""
    given = one.seeks and other.offers
    taken = one.offers and other.seeks
    same = one.organisation is not None and one.organisation == other.organisation
    shared = [
        *sorted(one.themes & other.themes),
        *(f"country:{it}" for it in sorted(one.countries & other.countries)),
    ]
    if same or not shared or not (given or taken):
        return ()
    if one.kind and one.kind is other.kind:
        shared.append(f"kind:{one.kind.value}")
    if one.size and one.size is other.size:
        shared.append(f"size:{one.size.value}")
    return (*shared, MUTUAL) if given and taken else tuple(shared)


def suggest(
    people: Collection[Seeker], known: Iterable[frozenset[UUID]] = ()
) -> list[Match]:
    """Pair people, three suggestions each at most, those they had before included."""
    before = set(known)
    given = Counter(person for pair in before for person in pair)
    ranked = sorted(_fitting(people, before), key=_rank)
    made: dict[tuple[UUID, UUID], Match] = {}
    for level in range(MOST):
        for match in ranked:
            pair = (match.one, match.other)
            if pair not in made and all(given[it] <= level for it in pair):
                made[pair] = match
                given.update(pair)
    return list(made.values())


def _fitting(
    people: Collection[Seeker], before: Collection[frozenset[UUID]]
) -> list[Match]:
    # In one order, whichever the database had.
    there = sorted(people, key=lambda it: it.wish)
    pairs = [it for it in combinations(there, 2) if _key(*it) not in before]
    return [
        Match(one.wish, other.wish, reasons)
        for one, other in pairs
        if (reasons := reasons_for(one, other))
    ]


def _key(one: Seeker, other: Seeker) -> frozenset[UUID]:
    return frozenset((one.wish, other.wish))


def _rank(match: Match) -> tuple[int, str]:
    """Put what has most in common first; else whoever came first had an advantage."""
    weights = (1 if it.startswith(("kind:", "size:")) else 2 for it in match.reasons)
    lot = sha256(match.one.bytes + match.other.bytes).hexdigest()
    return -sum(weights), lot
