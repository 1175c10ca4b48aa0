"""Many people at once, and hundreds of changes in any order: the seats add up."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import Registers, applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.refusals import Refused
from werkraum_registration import links
from werkraum_registration.confirmations import confirm
from werkraum_registration.holds import expire_due
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import active_registration, place_in_queue
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


class Churn:
    """Changes at random, each by a person of thirty, the clock moving on."""

    def __init__(self, event: Event, seed: int, now: datetime) -> None:
        self.event, self.now = event, now
        self.chance = random.Random(seed)
        self.deeds: list[Callable[[], Coroutine[object, object, None]]] = [
            self.register,
            self.register,
            self.register,
            self.confirm,
            self.confirm,
            self.cancel,
            self.switch,
            self.resize,
            self.expire,
        ]

    async def run(self, operations: int) -> None:
        for _ in range(operations):
            self.now += timedelta(minutes=self.chance.randrange(20))
            await tried(self.chance.choice(self.deeds)())

    async def someone(self) -> Registration | None:
        name = f"p{self.chance.randrange(30)}@attendee.example"
        return await active_registration(self.event.id, name)

    async def register(self) -> None:
        person = applicant(f"P{self.chance.randrange(30)}")
        mode = self.chance.choice(list(Mode))
        key = key_of(str(self.chance.random()), person, mode)
        await submit(self.event, person, mode, key=key, now=self.now)

    async def confirm(self) -> None:
        if found := await self.someone():
            await confirm(links.confirm_token(found), now=self.now)

    async def cancel(self) -> None:
        if found := await self.someone():
            await cancel(found.id, actor=ATTENDEE, now=self.now)

    async def switch(self) -> None:
        if found := await self.someone():
            mode = self.chance.choice(list(Mode))
            await switch_mode(found.id, mode, actor=ATTENDEE, now=self.now)

    async def resize(self) -> None:
        seats = {mode: self.chance.choice([2, 5, 8, None]) for mode in Mode}
        await set_seats(self.event.id, seats, now=self.now)

    async def expire(self) -> None:
        await expire_due(self.now)


@pytest.mark.parametrize("confirmation", list(Confirmation))
@pytest.mark.parametrize("seed", range(3))
async def test_after_every_change_of_a_churn_the_seats_add_up(
    database: str, confirmation: Confirmation, seed: int, now: datetime
) -> None:
    churn = Churn(await hybrid(confirmation, now), seed, now)
    for _ in range(60):
        await churn.run(3)
        await must_add_up()
    seen = {each.state for each in await Registration.all()}
    assert seen >= {State.CONFIRMED, State.CANCELLED}


@pytest.mark.parametrize("confirmation", list(Confirmation))
async def test_after_churns_side_by_side_the_seats_add_up(
    database: str, confirmation: Confirmation, now: datetime
) -> None:
    event = await hybrid(confirmation, now)
    churns = [Churn(event, seed, now) for seed in range(8)]
    await asyncio.gather(*(churn.run(30) for churn in churns))
    await must_add_up()


async def hybrid(confirmation: Confirmation, now: datetime) -> Event:
    return await an_event(
        await an_organiser(),
        seats={Mode.ONSITE: 3, Mode.ONLINE: 5},
        now=now,
        confirmation=confirmation,
        starts_at=now + timedelta(days=60),
        ends_at=now + timedelta(days=61),
    )
