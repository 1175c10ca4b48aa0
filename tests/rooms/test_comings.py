"""However the comings and leavings of a device are told, its stays are the same."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from werkraum_rooms.comings import Stay, come, leave

START = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
SECONDS = st.integers(0, 12).map(lambda it: START + timedelta(seconds=it))


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def told(*news: tuple[str, datetime]) -> list[tuple[datetime, datetime | None]]:
    """Tell what happened in this order; the stays whose coming is known."""
    known: dict[object, Stay] = {}
    for kind, moment in news:
        there = list(known.values())
        changed = (
            come(there, moment, shut=None) if kind == "came" else leave(there, moment)
        )
        known |= {it.id: it for it in changed}
    stays = [(it.joined_at, it.left_at) for it in known.values() if it.joined_at]
    return sorted(stays, key=lambda it: it[0])


def test_who_goes_into_a_breakout_and_comes_back_is_in_again() -> None:
    stays = told(("came", at(1)), ("left", at(5)), ("came", at(9)))

    assert stays == [(at(1), at(5)), (at(9), None)]


def test_a_coming_whose_leaving_was_lost_ends_with_the_next() -> None:
    assert told(("came", at(1)), ("came", at(9))) == [(at(1), at(9)), (at(9), None)]


def test_a_leaving_told_before_its_coming_ends_it() -> None:
    assert told(("left", at(5)), ("came", at(1))) == [(at(1), at(5))]


def test_a_room_that_was_closed_meanwhile_has_nobody_in_it() -> None:
    [stay] = come([], at(1), shut=at(3))

    assert (stay.joined_at, stay.left_at) == (at(1), at(3))


def owner(left: datetime, came: set[datetime]) -> datetime | None:
    """Which coming a leaving ends: the latest that is not after it."""
    return max((it for it in came if it <= left), default=None)


@given(
    st.sets(SECONDS, max_size=4),
    st.sets(SECONDS, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_it_is_told_makes_no_difference(
    came: set[datetime], left: set[datetime], chance: Random
) -> None:
    news = [("came", it) for it in came] + [("left", it) for it in left]
    chance.shuffle(news)

    expected = []
    for moment in sorted(came):
        ends = [it for it in left if owner(it, came) == moment]
        ends += [it for it in came if it > moment]
        expected.append((moment, min(ends, default=None)))
    assert told(*news) == expected
