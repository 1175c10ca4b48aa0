"""Offers: a freed seat is held for whoever is next, until a deadline."""

from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import Registers
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import rules
from werkraum_registration.models import Registration, State, Wish
from werkraum_registration.offers import accept, decline, lapse_due
from werkraum_registration.promotion import promote_by_hand
from werkraum_registration.queries import place_in_queue, wishes_of
from werkraum_registration.registrations import cancel, restore
from werkraum_registration.seat_pools import set_seats

WEEK = timedelta(days=7)


@pytest.fixture
async def offering(database: str, now: datetime) -> Event:
    """An event that confirms at once, has one seat on site and offers it on."""
    return await an_event(
        await an_organiser(),
        seats={Mode.ONSITE: 1},
        now=now,
        confirmation=Confirmation.IMMEDIATE,
        starts_at=now + timedelta(days=60),
        ends_at=now + timedelta(days=61),
    )


async def named(name: str) -> Registration:
    return await Registration.filter(name=name).order_by("-id").first() or pytest.fail()


async def state(name: str) -> State:
    return (await named(name)).state


async def leaves(name: str, at: datetime) -> None:
    await cancel((await named(name)).id, actor=ATTENDEE, now=at)


@pytest.fixture
async def queue(offering: Event, registers: Registers) -> Event:
    """Anna has the seat; Berta, Clara and Dora wait in this order."""
    for name in ("Anna", "Berta", "Clara", "Dora"):
        await registers(offering, name)
    return offering


async def test_a_freed_seat_is_offered_to_the_first_in_line(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    assert (await state("Berta"), await state("Clara")) == (
        State.OFFERED,
        State.WAITLISTED,
    )
    [offer] = await wishes_of((await named("Berta")).id)
    assert offer.offered_until == rules.offer_until(queue, now=now)
    await must_add_up(now)


async def test_who_accepts_has_the_seat_and_pressing_twice_changes_nothing(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    berta = (await named("Berta")).id
    for _ in range(2):
        await accept(berta, Mode.ONSITE, actor=ATTENDEE, now=now)
    assert await state("Berta") is State.CONFIRMED
    assert not await Wish.exists(registration_id=berta)
    await must_add_up(now)


async def test_who_declines_is_out_and_the_next_is_offered_the_seat(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    berta = (await named("Berta")).id
    await decline(berta, Mode.ONSITE, actor=ATTENDEE, now=now)
    assert (await state("Berta"), await state("Clara")) == (
        State.CANCELLED,
        State.OFFERED,
    )
    with pytest.raises(rules.RegistrationEnded):
        await accept(berta, Mode.ONSITE, actor=ATTENDEE, now=now)
    await must_add_up(now)


async def test_the_deadline_is_already_too_late(queue: Event, now: datetime) -> None:
    await leaves("Anna", now)
    berta = (await named("Berta")).id
    until = rules.offer_until(queue, now=now)
    with pytest.raises(rules.NoOffer):
        await accept(berta, Mode.ONSITE, actor=ATTENDEE, now=until)
    assert await lapse_due(until - timedelta(seconds=1)) == 0
    assert await lapse_due(until) == 1


async def test_who_lets_an_offer_lapse_goes_to_the_end_and_then_out(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    for name, following in (("Berta", "Clara"), ("Clara", "Dora"), ("Dora", "Berta")):
        assert await state(name) is State.OFFERED
        now += WEEK
        await lapse_due(now)
        assert await state(following) is State.OFFERED
    assert await place_in_queue(await named("Clara")) == 1
    now += WEEK
    await lapse_due(now)
    assert await state("Berta") is State.EXPIRED
    await must_add_up(now)


async def test_whose_seat_nobody_else_wants_is_offered_it_again(
    offering: Event, registers: Registers, now: datetime
) -> None:
    for name in ("Anna", "Berta"):
        await registers(offering, name)
    await leaves("Anna", now)
    await lapse_due(now + WEEK)
    assert await state("Berta") is State.OFFERED
    await lapse_due(now + 2 * WEEK)
    assert await state("Berta") is State.EXPIRED


async def test_nothing_is_offered_once_registration_has_closed(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", queue.starts_at)
    assert await state("Berta") is State.WAITLISTED
    await must_add_up(queue.starts_at)


async def test_an_open_offer_ends_when_registration_closes(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    closed = now + timedelta(minutes=5)
    await Event.filter(id=queue.id).update(registration_closes_at=closed)
    berta = (await named("Berta")).id
    with pytest.raises(rules.NoOffer):
        await accept(berta, Mode.ONSITE, actor=ATTENDEE, now=closed)
    assert await lapse_due(closed) == 1
    assert await state("Berta") is State.WAITLISTED


async def test_more_seats_are_offered_at_once(queue: Event, now: datetime) -> None:
    await set_seats(queue.id, {Mode.ONSITE: 3}, now=now)
    states = [await state(name) for name in ("Berta", "Clara", "Dora")]
    assert states == [State.OFFERED, State.OFFERED, State.WAITLISTED]
    await must_add_up(now)


async def test_a_newcomer_does_not_pass_who_waits_or_is_offered(
    queue: Event, registers: Registers, now: datetime
) -> None:
    await leaves("Anna", now)
    made = await registers(queue, "Emma")
    assert made.state is State.WAITLISTED


async def test_an_organiser_seats_somebody_before_their_turn_but_not_beyond_the_limit(
    queue: Event, now: datetime
) -> None:
    dora = (await named("Dora")).id
    with pytest.raises(rules.NoFreeSeat):
        await promote_by_hand(dora, Mode.ONSITE, "speaks", actor="olga", now=now)
    await leaves("Anna", queue.starts_at - timedelta(minutes=1))
    later = queue.starts_at + timedelta(minutes=1)
    await lapse_due(later)
    await promote_by_hand(dora, Mode.ONSITE, "speaks", actor="olga", now=later)
    assert await state("Dora") is State.CONFIRMED
    await must_add_up(later)


async def test_a_cancellation_taken_back_in_time_gets_the_seat_if_it_is_free(
    offering: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(offering, "Anna")
    await leaves("Anna", now)
    back = await restore(anna.id, actor=ATTENDEE, now=now + timedelta(minutes=14))
    assert back.state is State.CONFIRMED
    await must_add_up(now)


async def test_else_it_heads_the_queue(queue: Event, now: datetime) -> None:
    await leaves("Anna", now)
    anna = await named("Anna")
    back = await restore(anna.id, actor=ATTENDEE, now=now + timedelta(minutes=1))
    assert back.state is State.WAITLISTED
    assert await place_in_queue(back) == 1
    assert await state("Berta") is State.OFFERED


async def test_after_a_quarter_of_an_hour_it_stays_cancelled(
    queue: Event, now: datetime
) -> None:
    await leaves("Anna", now)
    anna = (await named("Anna")).id
    with pytest.raises(rules.CannotRestore):
        await restore(anna, actor=ATTENDEE, now=now + timedelta(minutes=15))


async def test_nobody_takes_back_what_the_organiser_has_cancelled(
    offering: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(offering, "Anna")
    await cancel(anna.id, actor="olga", now=now)
    with pytest.raises(rules.CannotRestore):
        await restore(anna.id, actor=ATTENDEE, now=now)
