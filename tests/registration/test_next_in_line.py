"""Who gets the free seats, by rule: order, parties, totals, second choices."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from werkraum_events.models import Mode, QueueOrder
from werkraum_registration.models import Wanted
from werkraum_registration.rules import (
    Next,
    has_room,
    may_hold,
    next_in_line,
    still_wanted,
)

ONSITE, ONLINE = UUID(int=1), UUID(int=2)
NINE = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def waiting(
    name: str,
    pool: UUID = ONSITE,
    *,
    seats: int = 1,
    minute: int = 0,
    priority: int = 0,
    counts: bool = True,
    person: str = "",
) -> Next:
    """Somebody in a queue; the letter of the name is both wish and person."""
    return Next(
        wish_id=UUID(int=ord(name)),
        registration_id=UUID(int=ord(person or name)),
        pool_id=pool,
        seats=seats,
        priority=priority,
        queued_at=NINE + timedelta(minutes=minute),
        counts_in_total=counts,
    )


def names(
    *queue: Next,
    onsite: int | None = 1,
    online: int | None = 0,
    total: int | None = None,
    order: QueueOrder = QueueOrder.STRICT,
) -> str:
    free = {ONSITE: onsite, ONLINE: online}
    granted = next_in_line(queue, free=free, total=total, order=order)
    return "".join(chr(each.wish_id.int) for each in granted)


def test_who_has_waited_longest_is_next() -> None:
    assert names(waiting("B", minute=2), waiting("A", minute=1)) == "A"


def test_priority_comes_before_waiting() -> None:
    assert names(waiting("A"), waiting("B", minute=5, priority=10)) == "B"


def test_at_one_moment_the_earlier_wish_is_next() -> None:
    assert names(waiting("B"), waiting("A")) == "A"


def test_as_many_are_next_as_there_are_seats() -> None:
    queue = [waiting(name, minute=number) for number, name in enumerate("ABC")]
    assert names(*queue, onsite=2) == "AB"
    assert names(*queue, onsite=None) == "ABC"
    assert names(*queue, onsite=0) == ""


def test_a_party_too_large_holds_up_those_behind_it() -> None:
    queue = waiting("A", seats=3), waiting("B", minute=1)
    assert names(*queue, onsite=2) == ""


def test_where_gaps_are_filled_it_does_not() -> None:
    queue = waiting("A", seats=3), waiting("B", minute=1), waiting("C", minute=2)
    assert names(*queue, onsite=2, order=QueueOrder.FILL) == "BC"


def test_a_party_gets_all_of_its_seats() -> None:
    queue = waiting("A", seats=2), waiting("B", minute=1)
    assert names(*queue, onsite=2) == "A"
    assert names(*queue, onsite=3) == "AB"


def test_a_full_total_holds_up_both_queues() -> None:
    queue = waiting("A"), waiting("B", ONLINE, minute=1)
    assert names(*queue, onsite=5, online=5, total=1) == "A"
    assert names(*queue, onsite=5, online=5, total=0) == ""


def test_a_full_total_does_not_hold_up_who_has_the_other_seat() -> None:
    queue = waiting("A"), waiting("B", minute=1, counts=False)
    assert names(*queue, onsite=2, total=0) == "B"


def test_nobody_gets_both_choices_in_one_go() -> None:
    first, second = waiting("A", person="X"), waiting("B", ONLINE, person="X")
    assert names(first, second, onsite=1, online=1) == "A"
    assert names(first, second, onsite=0, online=1) == "B"


def test_a_queue_that_is_held_up_does_not_hold_up_the_other() -> None:
    queue = waiting("A", seats=2), waiting("B", ONLINE, minute=1)
    assert names(*queue, onsite=1, online=1) == "B"


@pytest.mark.parametrize(
    ("taken", "demand", "wanted", "strict", "fill"),
    [
        (3, 3, 1, True, True),
        (4, 4, 1, False, False),
        (2, 5, 1, False, True),
        (2, 2, 2, True, True),
        (3, 3, 2, False, False),
    ],
    ids=["a seat left", "full", "a party waits", "for two", "too many"],
)
def test_a_newcomer_passes_nobody_but_a_party_where_gaps_are_filled(
    taken: int, demand: int, wanted: int, strict: bool, fill: bool
) -> None:
    for order, room in ((QueueOrder.STRICT, strict), (QueueOrder.FILL, fill)):
        assert room is has_room(
            4, taken=taken, demand=demand, wanted=wanted, order=order
        )
        assert has_room(None, taken=taken, demand=demand, wanted=9, order=order)


@pytest.mark.parametrize(
    ("seats", "unconfirmed", "may"),
    [(None, 99, True), (1, 0, True), (4, 1, True), (4, 2, False), (3, 1, False)],
)
def test_unconfirmed_addresses_keep_at_most_half_of_the_seats(
    seats: int | None, unconfirmed: int, may: bool
) -> None:
    assert may_hold(seats, unconfirmed=unconfirmed, wanted=1) is may


@pytest.mark.parametrize(
    ("wanted", "mode", "still"),
    [
        (Wanted.ONSITE_ELSE_ONLINE, Mode.ONLINE, (Mode.ONSITE,)),
        (Wanted.ONSITE_ELSE_ONLINE, Mode.ONSITE, ()),
        (Wanted.ONLINE, Mode.ONLINE, ()),
        (Wanted.ONLINE, Mode.ONSITE, ()),
    ],
)
def test_who_has_the_second_choice_still_wants_the_first(
    wanted: Wanted, mode: Mode, still: tuple[Mode, ...]
) -> None:
    assert still_wanted(wanted, mode) == still
