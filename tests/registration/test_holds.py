"""Seats kept for unconfirmed addresses lapse, and somebody else gets them."""

from datetime import datetime, timedelta

from tests.registration.conftest import Registers
from tests.registration.counters import must_add_up
from tests.registration.test_registrations import states_of, token_of

from werkraum_events.models import Event
from werkraum_registration.confirmations import confirm
from werkraum_registration.holds import expire_due
from werkraum_registration.models import Registration, State, Submission
from werkraum_registration.sweeps import SWEEPS

HOUR = timedelta(hours=1)


async def test_an_address_nobody_confirms_expires_after_a_day(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    assert await expire_due(now + timedelta(hours=23, minutes=59)) == 0
    assert await expire_due(now + timedelta(hours=24)) == 1
    assert await states_of(four_seats) == {"Anna": State.EXPIRED}
    await must_add_up()


async def test_a_seat_nobody_else_wants_is_kept_longer_than_an_hour(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    assert await expire_due(now + 2 * HOUR) == 0
    assert (await Registration.get(name="Anna")).holds_seat


async def test_a_seat_that_is_wanted_goes_on_after_an_hour(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    for name in ("Anna", "Berta", "Clara"):
        await registers(four_seats, name)
    assert await expire_due(now + HOUR - timedelta(seconds=1)) == 0
    assert await expire_due(now + HOUR) == 2
    assert set((await states_of(four_seats)).values()) == {State.UNCONFIRMED}
    assert await Registration.filter(holds_seat=True).count() == 0
    await must_add_up()


async def test_who_waits_gets_the_seat_that_lapses(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    names = ("Anna", "Berta", "Clara", "Dora", "Emma")
    for name in names:
        await registers(four_seats, name)
    for name in names[1:]:
        await confirm(await token_of(name), now=now)
    assert (await states_of(four_seats))["Emma"] is State.WAITLISTED
    await expire_due(now + HOUR)
    assert (await states_of(four_seats))["Emma"] is State.CONFIRMED
    await must_add_up()


async def test_after_the_seat_has_lapsed_confirming_still_works(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    for name in ("Anna", "Berta", "Clara"):
        await registers(four_seats, name)
    await expire_due(now + HOUR)
    made = await confirm(await token_of("Anna"), now=now + 2 * HOUR)
    assert made.state is State.CONFIRMED
    await must_add_up()


async def test_who_never_kept_a_seat_expires_all_the_same(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    for name in ("Anna", "Berta", "Clara"):
        await registers(four_seats, name)
    assert await expire_due(now + 24 * HOUR) == 3
    assert set((await states_of(four_seats)).values()) == {State.EXPIRED}
    await must_add_up()


async def test_sweeping_twice_touches_nothing_the_second_time(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    for sweep in SWEEPS:
        await sweep(now + 24 * HOUR)
    assert [await sweep(now + 24 * HOUR) for sweep in SWEEPS] == [0] * len(SWEEPS)


async def test_sent_forms_are_forgotten_after_two_days(
    four_seats: Event, now: datetime
) -> None:
    for age in (47, 48):
        await Submission.create(
            key_hash=f"{age}",
            event_id=four_seats.id,
            name="Anna",
            email="anna@attendee.example",
            wish={},
            created_at=now - age * HOUR,
        )
    for sweep in SWEEPS:
        await sweep(now)
    assert [each.key_hash for each in await Submission.all()] == ["47"]
