"""Registering, confirming, cancelling, switching: who gets which seat."""

from datetime import datetime, timedelta

import pytest
from tests.registration.conftest import Registers, applicant
from tests.registration.counters import counters_of, must_add_up

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.models import Job
from werkraum_foundation.refusals import NotFound
from werkraum_registration import links, rules
from werkraum_registration.confirmations import confirm
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import confirmed_of, place_in_queue
from werkraum_registration.registrations import cancel, register
from werkraum_registration.wishes import switch_mode


async def states_of(event: Event) -> dict[str, State]:
    found = await Registration.filter(event_id=event.id).order_by("id")
    return {each.name: each.state for each in found}


async def token_of(name: str) -> str:
    """Rebuild the link of the last letter to somebody."""
    found = await Registration.filter(name=name).order_by("-id").first()
    assert found
    return links.confirm_token(found)


async def test_the_first_gets_the_seat_and_the_second_waits(
    one_seat: Event, registers: Registers
) -> None:
    await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    assert await states_of(one_seat) == {
        "Anna": State.CONFIRMED,
        "Berta": State.WAITLISTED,
    }
    await must_add_up()


async def test_without_a_limit_everybody_gets_a_seat(
    database: str, four_seats: Event, registers: Registers
) -> None:
    await counters_of(four_seats, seats=None)
    for name in ("Anna", "Berta", "Clara", "Dora", "Emma", "Frieda"):
        made = await registers(four_seats, name)
        await confirm(await token_of(name), now=four_seats.created_at)
        assert made.state is State.UNCONFIRMED
    assert set((await states_of(four_seats)).values()) == {State.CONFIRMED}
    await must_add_up()


async def test_unconfirmed_addresses_keep_at_most_half_of_the_seats(
    four_seats: Event, registers: Registers
) -> None:
    for name in ("Anna", "Berta", "Clara"):
        await registers(four_seats, name)
    held = await Registration.filter(holds_seat=True).order_by("id")
    assert [each.name for each in held] == ["Anna", "Berta"]
    last = await Registration.get(name="Clara")
    assert (last.state, last.holds_seat) == (State.UNCONFIRMED, False)
    await must_add_up()


async def test_who_keeps_no_seat_gets_one_in_the_order_of_confirming(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    event = one_seat
    event.confirmation = event.confirmation.DOUBLE_OPT_IN
    await event.save()
    for name in ("Anna", "Berta", "Clara"):
        await registers(event, name)
    for name in ("Clara", "Berta", "Anna"):
        await confirm(await token_of(name), now=now)
    clara = await Registration.get(name="Clara")
    assert clara.state is State.WAITLISTED and await place_in_queue(clara) == 1
    assert (await states_of(event))["Anna"] is State.CONFIRMED
    await must_add_up()


async def test_confirming_twice_changes_nothing_the_second_time(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    token = await token_of("Anna")
    first = await confirm(token, now=now)
    again = await confirm(token + ".", now=now + timedelta(hours=1))
    assert first == again
    assert (await Registration.get(name="Anna")).vouched_at == now
    await must_add_up()


async def test_an_unknown_token_confirms_nobody(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    with pytest.raises(rules.UnknownLink):
        await confirm((await token_of("Anna"))[:-1], now=now)
    assert await states_of(four_seats) == {"Anna": State.UNCONFIRMED}


async def test_the_same_address_registers_once(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    first = await registers(one_seat, "Anna")
    again = await register(
        one_seat.id, applicant("ANNA"), Mode.ONLINE, vouched=False, now=now
    )
    assert (again.id, again.mode, again.created) == (first.id, Mode.ONSITE, False)
    await must_add_up()


async def test_after_cancelling_the_address_may_register_again(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    first = await registers(one_seat, "Anna")
    await cancel(first.id, actor=ATTENDEE, now=now)
    again = await registers(one_seat, "Anna")
    assert again.created and again.state is State.CONFIRMED
    await must_add_up()


async def test_who_waits_longest_moves_up(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    await registers(one_seat, "Clara")
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert await states_of(one_seat) == {
        "Anna": State.CANCELLED,
        "Berta": State.CONFIRMED,
        "Clara": State.WAITLISTED,
    }
    await must_add_up()


async def test_a_newcomer_does_not_overtake_after_others_have_left(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    names = ("Anna", "Berta", "Clara", "Dora")
    people = {name: await registers(one_seat, name) for name in names}
    for leaving in ("Berta", "Clara"):
        await cancel(people[leaving].id, actor=ATTENDEE, now=now)
    await registers(one_seat, "Emma")
    await cancel(people["Anna"].id, actor=ATTENDEE, now=now)
    states = await states_of(one_seat)
    assert states["Dora"] is State.CONFIRMED and states["Emma"] is State.WAITLISTED


async def test_cancelling_twice_is_harmless(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await cancel(anna.id, actor=ATTENDEE, now=now)
    again = await cancel(anna.id, actor=ATTENDEE, now=now + timedelta(days=20))
    assert again.ended_at == now
    await must_add_up()


async def test_nobody_cancels_when_the_event_is_over(
    one_seat: Event, registers: Registers
) -> None:
    anna = await registers(one_seat, "Anna")
    with pytest.raises(rules.EventOver):
        await cancel(anna.id, actor=ATTENDEE, now=one_seat.ends_at)
    assert [each.id for each in await confirmed_of(one_seat.id)] == [anna.id]


async def test_switching_frees_the_seat_for_who_waits(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    switched = await switch_mode(anna.id, Mode.ONLINE, actor=ATTENDEE, now=now)
    assert (switched.mode, switched.state) == (Mode.ONLINE, State.CONFIRMED)
    assert (await states_of(one_seat))["Berta"] is State.CONFIRMED
    await must_add_up()


async def test_switching_to_a_full_mode_loses_nothing(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    await registers(one_seat, "Anna")
    berta = await registers(one_seat, "Berta", Mode.ONLINE)
    with pytest.raises(rules.OtherModeFull):
        await switch_mode(berta.id, Mode.ONSITE, actor=ATTENDEE, now=now)
    kept = await Registration.get(id=berta.id)
    assert (kept.mode, kept.state) == (Mode.ONLINE, State.CONFIRMED)
    await must_add_up()


async def test_who_waits_on_site_may_take_a_free_seat_online(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    await registers(one_seat, "Anna")
    berta = await registers(one_seat, "Berta")
    await switch_mode(berta.id, Mode.ONLINE, actor=ATTENDEE, now=now)
    assert (await Registration.get(id=berta.id)).state is State.CONFIRMED
    await must_add_up()


async def test_without_a_waiting_list_a_full_event_refuses(
    one_seat: Event, registers: Registers
) -> None:
    one_seat.waiting_list = False
    await one_seat.save()
    await registers(one_seat, "Anna")
    with pytest.raises(rules.Full):
        await registers(one_seat, "Berta")
    assert await states_of(one_seat) == {"Anna": State.CONFIRMED}
    await must_add_up()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": Status.DRAFT}, NotFound),
        ({"status": Status.CANCELLED}, rules.EventCalledOff),
    ],
    ids=["draft", "called off"],
)
async def test_an_event_that_is_not_on_takes_nobody(
    one_seat: Event,
    registers: Registers,
    changes: dict[str, Status],
    refusal: type[Exception],
) -> None:
    await Event.filter(id=one_seat.id).update(**changes)
    with pytest.raises(refusal):
        await registers(one_seat, "Anna")
    assert await states_of(one_seat) == {}
    assert await Job.all().count() == 0
    await must_add_up()


async def test_nobody_moves_up_at_an_event_that_is_called_off(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    await Event.filter(id=one_seat.id).update(status=Status.CANCELLED)
    with pytest.raises(rules.EventCalledOff):
        await cancel(anna.id, actor=ATTENDEE, now=now)
    assert (await states_of(one_seat))["Berta"] is State.WAITLISTED
