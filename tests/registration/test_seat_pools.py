"""The seats of an event are changed by its organiser."""

from datetime import datetime

import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import Registers
from tests.registration.counters import must_add_up
from tests.registration.test_registrations import states_of

from werkraum_events.models import Event, Mode
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import rules
from werkraum_registration.models import SeatPool, State
from werkraum_registration.queries import Seats, seats_of
from werkraum_registration.registrations import cancel
from werkraum_registration.seat_pools import set_seats


async def test_missing_pools_are_made(database: str, now: datetime) -> None:
    event = await an_event(await an_organiser(), seats={}, now=now)
    await set_seats(event.id, {Mode.ONLINE: None, Mode.ONSITE: 50}, now=now)
    assert await seats_of(event.id) == [
        Seats(Mode.ONSITE, seats=50, taken=0, waiting=0),
        Seats(Mode.ONLINE, seats=None, taken=0, waiting=0),
    ]


@pytest.mark.parametrize(
    ("seats", "waiting"),
    [(2, ["Clara"]), (3, []), (None, [])],
    ids=["one more", "two more", "no limit"],
)
async def test_more_seats_go_to_those_who_wait_longest(
    one_seat: Event,
    registers: Registers,
    now: datetime,
    seats: int | None,
    waiting: list[str],
) -> None:
    for name in ("Anna", "Berta", "Clara"):
        await registers(one_seat, name)
    await set_seats(one_seat.id, {Mode.ONSITE: seats, Mode.ONLINE: 2}, now=now)
    states = await states_of(one_seat)
    assert [n for n, state in states.items() if state is State.WAITLISTED] == waiting
    await must_add_up()


async def test_there_cannot_be_fewer_seats_than_are_taken(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    await registers(one_seat, "Anna")
    with pytest.raises(rules.BelowTaken):
        await set_seats(one_seat.id, {Mode.ONSITE: 0, Mode.ONLINE: 9}, now=now)
    assert [each.seats for each in await seats_of(one_seat.id)] == [1, 2]


async def test_a_mode_that_is_left_out_is_closed_unless_somebody_is_in_it(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    with pytest.raises(rules.ModeInUse):
        await set_seats(one_seat.id, {Mode.ONLINE: 2}, now=now)
    await cancel(anna.id, actor=ATTENDEE, now=now)
    await set_seats(one_seat.id, {Mode.ONLINE: 2}, now=now)
    assert (await SeatPool.get(mode=Mode.ONSITE)).seats == 0
