"""What somebody with the database, the logs and the letters can try.

Each matcher says which text it takes for whose, as a list in the order in which people
are known to have answered. By chance each finds about one of thirty.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


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
