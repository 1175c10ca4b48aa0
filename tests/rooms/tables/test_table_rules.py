"""Who goes to which table."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.models import BreakoutTable
from werkraum_rooms.tables.table_rules import Guest, spread


def table(position: int, seats: int | None, taken: int = 0) -> BreakoutTable:
    return BreakoutTable(
        event_id=uuid7(),
        position=position,
        title={"en": "Table"},
        seats=seats,
        taken=taken,
        created_at=clock.now() - timedelta(days=1),
    )


def guests(*seats: int) -> list[Guest]:
    return [Guest(uuid7(), each) for each in seats]


def people_at(tables: list[BreakoutTable], crowd: list[Guest]) -> list[int]:
    found = spread(tables, crowd)
    return [
        each.taken + sum(it.seats for it, where in found.placed if where == each.id)
        for each in tables
    ]


@pytest.mark.parametrize(
    ("seats", "taken", "crowd", "after"),
    [
        ((None, None, None), (0, 0, 0), (1,) * 7, [3, 2, 2]),
        ((None, None), (4, 0), (1,) * 4, [4, 4]),
        ((2, None), (0, 0), (1,) * 6, [2, 4]),
        ((5, 5), (0, 0), (1, 1, 4), [4, 2]),
        ((3, 3), (0, 0), (3, 3, 3), [3, 3]),
    ],
    ids=["even", "fills up", "no further than the seats", "parties first", "full"],
)
def test_people_are_spread_evenly(
    seats: tuple[int | None, ...],
    taken: tuple[int, ...],
    crowd: tuple[int, ...],
    after: list[int],
) -> None:
    tables = [table(n, *each) for n, each in enumerate(zip(seats, taken, strict=True))]

    assert people_at(tables, guests(*crowd)) == after


def test_who_fits_nowhere_is_named() -> None:
    small, large = guests(1, 3)

    found = spread([table(1, 2)], [small, large])

    assert (found.left, [it for it, _ in found.placed]) == ((large,), [small])


@given(
    st.lists(st.one_of(st.none(), st.integers(1, 6)), min_size=1, max_size=5),
    st.lists(st.integers(1, 4), max_size=20),
)
def test_nobody_is_lost_and_no_table_overflows(
    seats: list[int | None], sizes: list[int]
) -> None:
    tables, crowd = [table(n, it) for n, it in enumerate(seats)], guests(*sizes)

    found = spread(tables, crowd)

    assert {*found.left, *(it for it, _ in found.placed)} == set(crowd)
    for each, people in zip(tables, people_at(tables, crowd), strict=True):
        assert each.seats is None or people <= each.seats
