"""The invariants of the seats, read from the rows themselves."""

from werkraum_events.models import Event, Mode
from werkraum_registration.models import ENDED, Registration, SeatPool, State


async def counters_of(event: Event, *, seats: int | None) -> None:
    """Give the event's on-site pool this limit, as long as nobody is in it."""
    await SeatPool.filter(event_id=event.id, mode=Mode.ONSITE).update(seats=seats)


async def must_add_up() -> None:
    """Compare each pool with its rows; nobody may wait beside a free seat."""
    for pool in await SeatPool.all():
        people = await Registration.filter(pool_id=pool.id).exclude(state__in=ENDED)
        held = [each for each in people if each.holds_seat]
        waiting = [each for each in people if each.state is State.WAITLISTED]
        assert pool.taken == len(held)
        assert pool.demand == len(held) + len(waiting)
        assert pool.unconfirmed == sum(e.state is State.UNCONFIRMED for e in held)
        assert all(each.holds_seat for each in people if each.state is State.CONFIRMED)
        assert all((e.number is not None) == (e in held + waiting) for e in people)
        assert all(each.mode is pool.mode for each in people)
        if pool.seats is None:
            assert not waiting
        else:
            assert pool.taken == min(pool.demand, pool.seats)
        numbers = [each.number for each in waiting if each.number is not None]
        assert max(numbers, default=0) <= pool.issued
