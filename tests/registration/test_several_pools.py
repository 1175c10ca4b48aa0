"""On site if possible, else online; a total beside them; workshops with own seats."""

from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode, Promotion, Session
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import rules
from werkraum_registration.approvals import approve_now, reject_now
from werkraum_registration.models import Booking, Registration, State, Wanted
from werkraum_registration.offers import accept, lapse_due
from werkraum_registration.parties import choose_sessions, resize
from werkraum_registration.queries import wishes_of
from werkraum_registration.registrations import (
    Application,
    Registered,
    cancel,
    register,
)
from werkraum_registration.seat_pools import (
    set_seats,
    set_session_seats,
    would_be_taken_back,
)
from werkraum_registration.wishes import stop_waiting, wait_for

EITHER = Wanted.ONSITE_ELSE_ONLINE
BOTH = {Mode.ONSITE: 1, Mode.ONLINE: 2}


async def hybrid(
    now: datetime,
    *,
    promotion: Promotion = Promotion.CONFIRM,
    approval: bool = False,
    largest_party: int = 1,
) -> Event:
    """One seat on site, two online; confirms at once."""
    return await an_event(
        await an_organiser(),
        seats=BOTH,
        now=now,
        confirmation=Confirmation.IMMEDIATE,
        promotion=promotion,
        approval=approval,
        largest_party=largest_party,
    )


async def joins(
    event: Event,
    name: str,
    now: datetime,
    wanted: Wanted = EITHER,
    seats: int = 1,
    sessions: tuple[Session, ...] = (),
) -> Registered:
    chosen = tuple(session.id for session in sessions)
    wish = Application(wanted, seats=seats, sessions=chosen)
    return await register(event.id, applicant(name), wish, vouched=True, now=now)


async def standing(made: Registered) -> tuple[State, Mode, list[Mode | None]]:
    found = await Registration.get(id=made.id)
    return found.state, found.mode, [it.mode for it in await wishes_of(made.id)]


async def test_the_second_choice_is_taken_and_the_first_waited_for(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    await joins(event, "Anna", now)
    berta = await joins(event, "Berta", now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONLINE, [Mode.ONSITE])
    await must_add_up(now)


async def test_getting_the_first_choice_converts_the_registration_and_frees_the_other(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    anna, berta, _clara, dora = [
        await joins(event, name, now) for name in ("Anna", "Berta", "Clara", "Dora")
    ]
    assert (await standing(dora))[0] is State.WAITLISTED
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONSITE, [])
    assert await standing(dora) == (State.CONFIRMED, Mode.ONLINE, [Mode.ONSITE])
    await must_add_up(now)


async def test_who_is_offered_the_first_choice_keeps_the_second_until_then(
    database: str, now: datetime
) -> None:
    event = await hybrid(now, promotion=Promotion.OFFER)
    anna, berta = [await joins(event, name, now) for name in ("Anna", "Berta")]
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONLINE, [Mode.ONSITE])
    await must_add_up(now)
    await accept(berta.id, Mode.ONSITE, actor=ATTENDEE, now=now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONSITE, [])
    await must_add_up(now)


async def test_who_lets_it_lapse_twice_keeps_the_seat_there_is(
    database: str, now: datetime
) -> None:
    event = await hybrid(now, promotion=Promotion.OFFER)
    anna, berta = [await joins(event, name, now) for name in ("Anna", "Berta")]
    await cancel(anna.id, actor=ATTENDEE, now=now)
    for week in (4, 8):
        await lapse_due(now + timedelta(days=week))
    assert await standing(berta) == (State.CONFIRMED, Mode.ONLINE, [])
    await must_add_up(now)


async def test_one_may_wait_for_the_other_mode_later_and_stop_again(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    await joins(event, "Anna", now, Wanted.ONSITE)
    berta = await joins(event, "Berta", now, Wanted.ONLINE)
    for _ in range(2):
        await wait_for(berta.id, Mode.ONSITE, actor=ATTENDEE, now=now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONLINE, [Mode.ONSITE])
    for _ in range(2):
        await stop_waiting(berta.id, Mode.ONSITE, actor=ATTENDEE, now=now)
    assert await standing(berta) == (State.CONFIRMED, Mode.ONLINE, [])
    await must_add_up(now)


async def test_a_total_limits_both_modes_together(database: str, now: datetime) -> None:
    event = await hybrid(now)
    await set_seats(event.id, BOTH, total=2, now=now)
    event = await Event.get(id=event.id)
    made = [
        await joins(event, name, now, wanted)
        for name, wanted in (
            ("Anna", Wanted.ONSITE),
            ("Berta", Wanted.ONLINE),
            ("Clara", Wanted.ONLINE),
        )
    ]
    assert [each.state for each in made] == [
        State.CONFIRMED,
        State.CONFIRMED,
        State.WAITLISTED,
    ]
    await cancel(made[0].id, actor=ATTENDEE, now=now)
    assert (await standing(made[2]))[0] is State.CONFIRMED
    await must_add_up(now)


async def test_a_party_waits_until_there_are_seats_for_all(
    database: str, now: datetime
) -> None:
    event = await hybrid(now, largest_party=3)
    anna = await joins(event, "Anna", now, Wanted.ONLINE)
    pair = await joins(event, "Berta", now, Wanted.ONLINE, seats=2)
    assert (await standing(pair))[0] is State.WAITLISTED
    await must_add_up(now)
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert (await standing(pair))[0] is State.CONFIRMED
    with pytest.raises(rules.NoFreeSeat):
        await resize(pair.id, 3, [], actor=ATTENDEE, now=now)
    await resize(pair.id, 1, [], actor=ATTENDEE, now=now)
    clara = await joins(event, "Clara", now, Wanted.ONLINE)
    assert clara.state is State.CONFIRMED
    await must_add_up(now)


async def test_a_party_larger_than_the_event_allows_is_refused(
    database: str, now: datetime
) -> None:
    with pytest.raises(rules.PartyTooLarge):
        await joins(await hybrid(now), "Anna", now, seats=2)


async def workshops(event: Event, seats: int, now: datetime) -> list[Session]:
    """Two workshops side by side with so many seats each."""
    made = [
        await Session.create(
            event=event,
            title={"en": f"Workshop {number}"},
            description={},
            speakers=[],
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            bookable=True,
        )
        for number in range(2)
    ]
    await set_session_seats(event.id, {it.id: seats for it in made}, now=now)
    return made


async def booked(made: Registered) -> list[bool]:
    found = await Booking.filter(registration_id=made.id).order_by("id")
    return [booking.holds_seat for booking in found]


async def test_workshops_have_seats_and_a_queue_of_their_own(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    one, _other = await workshops(event, 1, now)
    event = await Event.get(id=event.id)
    anna = await joins(event, "Anna", now, sessions=(one,))
    berta = await joins(event, "Berta", now, sessions=(one,))
    assert (await booked(anna), await booked(berta)) == ([True], [False])
    await must_add_up(now)
    await choose_sessions(anna.id, (), actor=ATTENDEE, now=now)
    assert (await booked(anna), await booked(berta)) == ([], [True])
    await must_add_up(now)


async def test_who_waits_for_the_event_takes_no_seat_in_a_workshop(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    one, _other = await workshops(event, 5, now)
    event = await Event.get(id=event.id)
    anna = await joins(event, "Anna", now, Wanted.ONSITE)
    berta = await joins(event, "Berta", now, Wanted.ONSITE, sessions=(one,))
    assert (berta.state, await booked(berta)) == (State.WAITLISTED, [False])
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert await booked(berta) == [True]
    await must_add_up(now)


async def test_approval_holds_the_seat_and_a_no_gives_it_on(
    database: str, now: datetime
) -> None:
    event = await hybrid(now, approval=True)
    anna = await joins(event, "Anna", now, Wanted.ONSITE)
    berta = await joins(event, "Berta", now, Wanted.ONSITE)
    assert (anna.state, berta.state) == (State.PENDING_APPROVAL, State.WAITLISTED)
    await reject_now(event.id, [anna.id], actor="olga", now=now)
    assert (await standing(berta))[0] is State.PENDING_APPROVAL
    for _ in range(2):
        await approve_now(event.id, [berta.id], actor="olga", now=now)
    assert (await standing(berta))[0] is State.CONFIRMED
    await must_add_up(now)


async def test_fewer_seats_are_refused_or_taken_back_from_the_newest(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    anna = await joins(event, "Anna", now, Wanted.ONLINE)
    berta = await joins(event, "Berta", now + timedelta(hours=1), Wanted.ONLINE)
    fewer = {Mode.ONSITE: 1, Mode.ONLINE: 1}
    with pytest.raises(rules.BelowTaken):
        await set_seats(event.id, fewer, now=now)
    assert [it.id for it in await would_be_taken_back(event.id, fewer)] == [berta.id]
    await set_seats(event.id, fewer, take_back=True, now=now)
    assert (await standing(anna))[0] is State.CONFIRMED
    assert (await standing(berta))[0] is State.WAITLISTED
    await must_add_up(now)


async def test_new_limits_raise_the_version_of_the_event(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    await set_seats(event.id, BOTH, now=now)
    assert (await Event.get(id=event.id)).version == event.version
    await set_seats(event.id, BOTH, total=9, now=now)
    assert (await Event.get(id=event.id)).version == event.version + 1
