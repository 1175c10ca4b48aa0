"""What somebody with the database, the logs and the letters can try.

Each matcher says which text it takes for whose, as a list in the order in which people
are known to have answered. By chance each finds about one of thirty.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import comb, factorial, sqrt


@dataclass(frozen=True)
class StoredText:
    """A text as it lies in the tables.

    `place` is its row's (rowid, ctid), `version` the transaction that wrote it
    (xmin), `offset` where it stands in the bytes of the files.
    """

    text: str
    place: int
    answer_id: str
    response_id: str
    response_place: int
    version: int = 0
    response_version: int = 0
    group: str = ""
    at: str = ""
    offset: int = 0


@dataclass(frozen=True)
class StoredBallot:
    """A ballot; whose it is, the matchers may even know."""

    person: int
    place: int
    version: int = 0
    token_hash: str = ""


@dataclass(frozen=True)
class Loot:
    """All that was taken; people are numbered in the order of their answers."""

    texts: Sequence[StoredText]
    ballots: Sequence[StoredBallot]
    # Where each person comes from, as the list of participants says.
    groups: Sequence[str]
    # People in the order in which their letters went out.
    letters: Sequence[int] = ()
    # A number that the log has for each person: bytes, milliseconds, …
    logged: Sequence[float] = field(default_factory=tuple)


Guess = list[str]
Matcher = Callable[[Loot], Guess]


def _by(key: Callable[[StoredText], object]) -> Matcher:
    """Take the texts in an order for the order of answering."""

    def guess(loot: Loot) -> Guess:
        found = sorted(loot.texts, key=key)  # type: ignore[arg-type]
        return [it.text for it in found]

    return guess


def _paired(
    of_ballot: Callable[[StoredBallot], object],
    of_text: Callable[[StoredText], object],
) -> Matcher:
    """Take the n-th ballot and the n-th text for one person's."""

    def guess(loot: Loot) -> Guess:
        texts = sorted(loot.texts, key=of_text)  # type: ignore[arg-type]
        ballots = sorted(loot.ballots, key=of_ballot)  # type: ignore[arg-type]
        said = {
            ballot.person: it.text for ballot, it in zip(ballots, texts, strict=True)
        }
        return [said[person] for person in range(len(texts))]

    return guess


def _by_same_version(loot: Loot) -> Guess:
    """Take for one person's what the same transaction wrote."""
    written: dict[int, list[str]] = defaultdict(list)
    for it in loot.texts:
        written[it.response_version].append(it.text)
    ballots = sorted(loot.ballots, key=lambda it: it.person)
    return [(written[it.version] or [""]).pop() for it in ballots]


def _by_size(loot: Loot) -> Guess:
    """Take the longest text for whoever stands in the log with the largest number."""
    texts = sorted(loot.texts, key=lambda it: len(it.text))
    people = sorted(range(len(texts)), key=lambda person: loot.logged[person])
    said = {person: it.text for person, it in zip(people, texts, strict=True)}
    return [said[person] for person in range(len(texts))]


def _by_letters(loot: Loot) -> Guess:
    """Take the order of the letters for that of the rows."""
    texts = sorted(loot.texts, key=lambda it: it.place)
    said = {person: it.text for person, it in zip(loot.letters, texts, strict=True)}
    return [said[person] for person in range(len(texts))]


def _by_group(loot: Loot) -> Guess:
    """Look among those who come from the same, in the order of the rows."""
    rest = sorted(loot.texts, key=lambda it: it.place)
    guess = []
    for group in loot.groups:
        same = [it for it in rest if it.group in (group, "")]
        taken = (same or rest)[0]
        rest.remove(taken)
        guess.append(taken.text)
    return guess


MATCHERS: dict[str, Matcher] = {
    "order of answers": _by(lambda it: it.place),
    "order of responses": _by(lambda it: it.response_place),
    "order in the files": _by(lambda it: it.offset),
    "versions of rows": _by(lambda it: (it.version, it.place)),
    "time": _by(lambda it: (it.at, it.place)),
    "ids of answers": _by(lambda it: it.answer_id),
    "ids of responses": _by(lambda it: it.response_id),
    "ballots beside responses": _paired(
        lambda it: it.place, lambda it: it.response_place
    ),
    "hashes beside ids": _paired(lambda it: it.token_hash, lambda it: it.response_id),
    "same transaction": _by_same_version,
    "size": _by_size,
    "letters": _by_letters,
    "group": _by_group,
}


def found(matcher: Matcher, loot: Loot, truth: Sequence[str]) -> int:
    """Count whose text was guessed right."""
    return sum(a == b for a, b in zip(matcher(loot), truth, strict=True))


def along(matcher: Matcher, loot: Loot, truth: Sequence[str]) -> float:
    """Say how far the guess runs along with the truth: Spearman's rank correlation.

    1 where it is the truth, -1 where it is turned round, nearly 1 where everything is
    one place off and not one guess is right; 0 on the average of all orders.
    """
    places = {text: place for place, text in enumerate(truth)}
    guess = [places.get(text) for text in matcher(loot)]
    if None in guess or len(set(guess)) < len(truth):
        return 0.0
    apart = sum((place - it) ** 2 for place, it in enumerate(guess) if it is not None)
    people = len(truth)
    return 1 - 6 * apart / (people * (people**2 - 1))


def neighbours(matcher: Matcher, loot: Loot, truth: Sequence[str]) -> int:
    """Count who is guessed to have spoken right after whom, and did.

    Finds an order of which only the beginning is not known, or that lies in pieces.
    """
    places = {text: place for place, text in enumerate(truth)}
    guess = [places.get(text, -2) for text in matcher(loot)]
    return sum(after == before + 1 for before, after in pairwise(guess))


def right_by_chance(people: int) -> list[float]:
    """Say how probable each number of right guesses is.

    A guess that knows nothing is a random order. How many orders of so many people
    leave a certain number in their place is counted, so this is exact.
    """
    return [
        comb(people, right) * _moved(people - right) / factorial(people)
        for right in range(people + 1)
    ]


def neighbours_by_chance(people: int) -> list[float]:
    """The same for neighbours: those who stay together are taken for one."""
    return [
        comb(people - 1, together)
        * (_moved(people - together) + _moved(people - together - 1))
        / factorial(people)
        for together in range(people)
    ]


@cache
def _moved(people: int) -> int:
    """Count the orders in which nobody is in their place."""
    if people < 2:
        return 1 - people
    return (people - 1) * (_moved(people - 1) + _moved(people - 2))


def at_least(sum_: int, chances: Sequence[float], rounds: int) -> float:
    """Say how probable such a sum or a greater one is, of several rounds."""
    several = [1.0]
    for _ in range(rounds):
        longer = [0.0] * (len(several) + len(chances) - 1)
        for number, chance in enumerate(several):
            for more, its in enumerate(chances):
                longer[number + more] += chance * its
        several = longer
    return sum(several[sum_:])


RARE = 1e-7
"""How often chance alone may look like knowledge, for a matcher in all its rounds."""
# So many deviations a normal variable is away, to either side, more rarely than that.
FAR = 5.4


class Tally:
    """What matchers found in several rounds, and whether chance does as well.

    Looked at is the sum of all rounds, in three ways. Right guesses: of thirty people
    in twenty rounds 20 by chance, and 48 or more with a probability of 8 in 10^8,
    which is exact; whoever knows two people of a round beside chance is found out
    nearly always. Neighbours: 19 by chance, 47 or more with 8 in 10^8, exact as well.
    Orders: the sum of the correlations, with a variance of 1/(n-1) each, is 4.5 or
    more to either side with less than 7 in 10^8, as its tails are lighter than the
    normal ones; a correlation of a third is found out, also where no guess hits.

    About fifty matchers in all these tests, on each of two engines, make a run red by
    chance at most once in 40,000.
    """

    def __init__(self, matchers: Mapping[str, Matcher]) -> None:
        self.matchers = matchers
        self.right: dict[str, list[int]] = {name: [] for name in matchers}
        self.beside: dict[str, list[int]] = {name: [] for name in matchers}
        self.along: dict[str, list[float]] = {name: [] for name in matchers}
        self.people = 0

    def add(self, loot: Loot, truth: Sequence[str]) -> None:
        self.people = len(truth)
        for name, matcher in self.matchers.items():
            self.right[name].append(found(matcher, loot, truth))
            self.beside[name].append(neighbours(matcher, loot, truth))
            self.along[name].append(along(matcher, loot, truth))

    def more_than_chance(self) -> dict[str, list[Sequence[float]]]:
        """Name the matchers that know something, with what they found."""
        return {
            name: [self.right[name], self.beside[name], self.along[name]]
            for name in self.matchers
            if self._is_rare(self.right[name], right_by_chance(self.people))
            or self._is_rare(self.beside[name], neighbours_by_chance(self.people))
            or self._is_far(self.along[name])
        }

    def _is_rare(self, found: Sequence[int], chances: Sequence[float]) -> bool:
        return at_least(sum(found), chances, len(found)) < RARE

    def _is_far(self, along: Sequence[float]) -> bool:
        return abs(sum(along)) > FAR * sqrt(len(along) / (self.people - 1))
