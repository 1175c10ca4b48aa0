"""Somebody who adds and subtracts whatever is shown, to find out about a few people.

Written without a look at the rules: with fractions, and by trying out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from werkraum_feedback.results.small_groups import Group

Cells = frozenset[Group]
People = Mapping[Group, int]


def few_told(published: Iterable[Cells], people: People, fewest: int) -> list[Cells]:
    """Find the groups of fewer people whose answers follow from what is published.

    The strongest reader knows which groups are empty; adding and subtracting is then
    solving equations: a group follows if it is a combination of what is published.
    """
    cells = [cell for cell in people if people[cell]]
    known = _reduced([[Fraction(it in one) for it in cells] for one in published])
    return [
        group
        for group in _small(cells, people, fewest)
        if _follows([Fraction(cell in group) for cell in cells], known)
    ]


def _small(cells: Sequence[Group], people: People, fewest: int) -> Iterator[Cells]:
    for size in range(1, min(fewest, len(cells) + 1)):
        for some in combinations(cells, size):
            if sum(people[cell] for cell in some) < fewest:
                yield frozenset(some)


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    done: list[list[Fraction]] = []
    for row in rows:
        row = _rest(row, done)
        lead = next((value for value in row if value), None)
        if lead:
            done.append([value / lead for value in row])
    return done


def _rest(row: list[Fraction], known: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    for one in known:
        at = next(place for place, value in enumerate(one) if value)
        row = [mine - row[at] * its for mine, its in zip(row, one, strict=True)]
    return row


def _follows(row: list[Fraction], known: Sequence[Sequence[Fraction]]) -> bool:
    return not any(_rest(row, known))


def sizes_told(published: Iterable[Cells], people: People, fewest: int) -> list[Cells]:
    """Find the groups of fewer people whose number is certain, as people are whole.

    A number is not certain if the same totals come about with one person more or
    less in some groups, and nowhere fewer than nobody.
    """
    cells, totals = list(people), list(published)
    moves = [
        dict(zip(cells, move, strict=True))
        for move in product((-1, 0, 1), repeat=len(cells))
    ]
    possible = [
        move
        for move in moves
        if all(people[cell] + move[cell] >= 0 for cell in cells)
        and all(sum(move.get(cell, 0) for cell in total) == 0 for total in totals)
    ]
    filled = [cell for cell in cells if people[cell]]
    return [
        group
        for group in _small(filled, people, fewest)
        if not any(sum(move[cell] for cell in group) for move in possible)
    ]
