"""Many people at once who want the same: the seats add up."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime

from tests.people import an_event, an_organiser
from tests.registration.conftest import Registers, applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.refusals import Refused
from werkraum_registration import links
from werkraum_registration.confirmations import confirm
from werkraum_registration.models import Registration, SeatPool, State
from werkraum_registration.queries import place_in_queue
from werkraum_registration.registrations import cancel
from werkraum_registration.seat_pools import set_seats
from werkraum_registration.submissions import key_of, submit
from werkraum_registration.wishes import switch_mode


async def test_of_fifty_who_want_the_last_seat_one_gets_it(
    one_seat: Event, registers: Registers
) -> None:
    made = await asyncio.gather(
        *(registers(one_seat, f"Person{number}") for number in range(50))
    )
    assert sum(each.state is State.CONFIRMED for each in made) == 1
    waiting = await Registration.filter(state=State.WAITLISTED).order_by("id")
    places = [await place_in_queue(each) for each in waiting]
    assert places == list(range(1, 50))
    await must_add_up()


async def test_the_same_form_sent_ten_times_at_once_registers_once(
    one_seat: Event, now: datetime
) -> None:
    anna = applicant("Anna")
    key = key_of("token", anna, Mode.ONSITE)
    await asyncio.gather(
        *(submit(one_seat, anna, Mode.ONSITE, key=key, now=now) for _ in range(10))
    )
    assert await Registration.all().count() == 1
    await must_add_up()


async def test_one_address_in_both_modes_at_once_registers_once(
    one_seat: Event, registers: Registers
) -> None:
    modes = [Mode.ONSITE, Mode.ONLINE] * 10
    made = await asyncio.gather(*(registers(one_seat, "Anna", mode) for mode in modes))
    assert len({each.id for each in made}) == 1
    assert sum(each.created for each in made) == 1
    await must_add_up()


async def test_pressing_the_button_ten_times_at_once_confirms_once(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    for name in ("Anna", "Berta"):
        await registers(four_seats, name)
    anna = await Registration.get(name="Anna")
    token = links.confirm_token(anna)
    made = await asyncio.gather(*(confirm(token, now=now) for _ in range(10)))
    assert {each.state for each in made} == {State.CONFIRMED}
    assert (await Registration.get(name="Berta")).state is State.UNCONFIRMED
    await must_add_up()


async def test_crossing_switches_leave_everybody_with_one_seat(
    database: str, registers: Registers, now: datetime
) -> None:
    event = await an_event(
        await an_organiser(),
        seats={Mode.ONSITE: 12, Mode.ONLINE: 12},
        now=now,
        confirmation=Confirmation.IMMEDIATE,
    )
    modes = [Mode.ONSITE, Mode.ONLINE] * 10
    made = [
        await registers(event, f"P{number}", mode) for number, mode in enumerate(modes)
    ]
    other = {Mode.ONSITE: Mode.ONLINE, Mode.ONLINE: Mode.ONSITE}
    await asyncio.gather(
        *(
            tried(switch_mode(e.id, other[e.mode], actor=ATTENDEE, now=now))
            for e in made
        )
    )
    assert await Registration.filter(state=State.CONFIRMED).count() == 20
    await must_add_up()


async def tried(deed: Awaitable[object]) -> None:
    """Do it, or be refused: both are fine in a storm."""
    try:
        await deed
    except Refused:
        pass


async def test_a_total_set_while_somebody_cancels_does_not_count_them(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    locked = asyncio.Event()

    @unit_of_work
    async def set_a_total() -> None:
        seats = {Mode.ONSITE: 1, Mode.ONLINE: 2}
        await set_seats(one_seat.id, seats, total=9, now=now)
        locked.set()
        await asyncio.sleep(0.3)

    async def cancel_meanwhile() -> None:
        await locked.wait()
        await cancel(anna.id, actor=ATTENDEE, now=now)

    await asyncio.gather(cancel_meanwhile(), set_a_total())
    assert (await SeatPool.get(mode=None)).taken == 0
    await must_add_up()
