"""Who stands in line together gets what they would have got one after the other."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.people import an_event, an_organiser
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode, QueueOrder
from werkraum_foundation.models import AuditEntry, Job
from werkraum_foundation.refusals import Refused
from werkraum_registration import submissions
from werkraum_registration.models import (
    Registration,
    SeatPool,
    State,
    Submission,
    Wanted,
    Wish,
)
from werkraum_registration.newcomers import Newcomer
from werkraum_registration.registrations import Application, cancel
from werkraum_registration.turnstile import TOGETHER, pass_through
from werkraum_server import reactions

IMMEDIATE: dict[str, object] = {"confirmation": Confirmation.IMMEDIATE}
EVENTS: dict[str, tuple[Mapping[Mode, int | None], int | None, dict[str, object]]] = {
    "at once": ({Mode.ONSITE: 5, Mode.ONLINE: 9}, None, IMMEDIATE),
    "at once, with a total": ({Mode.ONSITE: 5, Mode.ONLINE: 9}, 11, IMMEDIATE),
    "at once, nobody may wait": (
        {Mode.ONSITE: 5, Mode.ONLINE: 9},
        None,
        {**IMMEDIATE, "waiting_list": False},
    ),
    "without limits": ({Mode.ONSITE: None, Mode.ONLINE: None}, None, IMMEDIATE),
    "after a click": ({Mode.ONSITE: 5, Mode.ONLINE: 9}, None, {}),
    "after a click, with a total": ({Mode.ONSITE: 5, Mode.ONLINE: 9}, 11, {}),
    "approved by hand": ({Mode.ONSITE: 5, Mode.ONLINE: 9}, None, {"approval": True}),
    "parties that fit pass others": (
        {Mode.ONSITE: 5, Mode.ONLINE: 9},
        None,
        {**IMMEDIATE, "queue_order": QueueOrder.FILL, "largest_party": 3},
    ),
    "parties": (
        {Mode.ONSITE: 5, Mode.ONLINE: 9},
        None,
        {**IMMEDIATE, "largest_party": 3},
    ),
}
# A crowd of forty: the wishes in turn, some of them for three, one address twice.
WISHES = (Wanted.ONSITE, Wanted.ONLINE, Wanted.ONSITE_ELSE_ONLINE, Wanted.ONLINE)


async def an_event_like(kind: str, now: datetime) -> Event:
    seats, total, changes = EVENTS[kind]
    event = await an_event(await an_organiser(), seats=seats, now=now, **changes)
    if total:
        await SeatPool.create(event=event, seats=total)
    return event


def a_crowd(event: Event, now: datetime) -> list[Newcomer]:
    crowd = []
    for number in range(40):
        seats = 3 if number % 7 == 3 and event.largest_party > 1 else 1
        companions = ("Berta", "Carl")[: seats - 1]
        wish = Application(WISHES[number % 4], seats=seats, companions=companions)
        who = applicant(f"Person{number if number != 30 else 8}")
        at = now + timedelta(milliseconds=number)
        key = submissions.key_of(f"form{number}", who, wish)
        crowd.append(Newcomer(who, wish, key, None, at))
    return crowd


async def one_by_one(event: Event, crowd: Sequence[Newcomer]) -> list[str]:
    heard = []
    for it in crowd:
        try:
            await submissions.submit(
                event, it.applicant, it.application, key=it.key, now=it.now
            )
        except Refused as refusal:
            heard.append(type(refusal).__name__)
        else:
            heard.append("")
    return heard


async def together(event: Event, crowd: Sequence[Newcomer]) -> list[str]:
    heard = await asyncio.gather(
        *(pass_through(event, it) for it in crowd), return_exceptions=True
    )
    assert all(it is None or isinstance(it, Refused) for it in heard), heard
    return ["" if it is None else type(it).__name__ for it in heard]


async def standing_at(event: Event) -> dict[str, tuple[State, Mode, bool, list[Mode]]]:
    """How everybody stands, in the order in which they wait."""
    modes = {it.id: it.mode for it in await SeatPool.filter(event_id=event.id)}
    found = {}
    for each in await Registration.filter(event_id=event.id).order_by("email_key"):
        wishes = await Wish.filter(registration_id=each.id).order_by("id")
        queues = [it for it in (modes[wish.pool_id] for wish in wishes) if it]
        found[each.email_key] = (each.state, each.mode, each.holds_seat, queues)
    return found


async def queue_at(event: Event, mode: Mode) -> list[str]:
    found = Wish.filter(pool__event_id=event.id, pool__mode=mode).order_by("number")
    return [
        it.registration.email_key for it in await found.select_related("registration")
    ]


@pytest.mark.parametrize("kind", EVENTS)
async def test_together_everybody_gets_what_they_would_have_got_alone(
    database: str, now: datetime, kind: str
) -> None:
    alone, crowded = await an_event_like(kind, now), await an_event_like(kind, now)
    crowd = a_crowd(alone, now)
    assert len(crowd) > TOGETHER
    assert await one_by_one(alone, crowd) == await together(crowded, crowd_of(crowd))
    assert await standing_at(alone) == await standing_at(crowded)
    for mode in Mode:
        assert await queue_at(alone, mode) == await queue_at(crowded, mode)
    await must_add_up(now)


def crowd_of(crowd: Sequence[Newcomer]) -> list[Newcomer]:
    """The same people with forms of their own."""
    return [
        Newcomer(it.applicant, it.application, f"{it.key}b", it.organisation, it.now)
        for it in crowd
    ]


async def test_together_everybody_has_a_letter_coming_and_stands_in_the_audit(
    database: str, now: datetime
) -> None:
    reactions.registered()
    event = await an_event_like("at once", now)
    crowd = a_crowd(event, now)
    await together(event, crowd)
    people = {it.id for it in await Registration.filter(event_id=event.id)}
    assert len(people) == 39
    noted = await AuditEntry.filter(action="registration.register")
    assert {it.subject_id for it in noted} == people
    told = [UUID(it.args["registration_id"]) for it in await Job.all()]
    assert set(told) == people
    forms = await Submission.filter(event_id=event.id)
    assert {it.registration_id for it in forms} == {*people, None}
    assert len(forms) == len(crowd)


async def test_the_same_form_pressed_ten_times_in_a_crowd_registers_once(
    database: str, now: datetime
) -> None:
    event = await an_event_like("at once", now)
    crowd = a_crowd(event, now)[:10]
    await together(event, crowd + [crowd[0]] * 10)
    assert await Registration.filter(event_id=event.id).count() == 10
    assert await Submission.filter(event_id=event.id).count() == 10
    await must_add_up(now)


async def test_a_form_sent_again_after_a_cancellation_registers_again_in_a_crowd(
    database: str, now: datetime
) -> None:
    event = await an_event_like("at once", now)
    crowd = a_crowd(event, now)[:6]
    await together(event, crowd)
    first = await Registration.get(email_key=crowd[0].email_key)
    await cancel(first.id, actor="attendee", now=now)
    await together(event, crowd)
    again = Registration.filter(email_key=crowd[0].email_key)
    assert {it.state for it in await again} == {State.CANCELLED, State.CONFIRMED}
    await must_add_up(now)


async def test_a_crowd_that_comes_with_an_old_look_at_the_event_meets_the_new_rules(
    database: str, now: datetime
) -> None:
    event = await an_event_like("at once", now)
    await Event.filter(id=event.id).update(
        version=event.version + 1, registration_closes_at=now - timedelta(hours=1)
    )
    heard = await together(event, a_crowd(event, now))
    assert set(heard) == {"RegistrationClosed"}
    assert not await Registration.exists(event_id=event.id)


async def test_one_whose_answers_cannot_be_kept_spoils_nothing_for_the_others(
    database: str, now: datetime
) -> None:
    event = await an_event_like("at once", now)
    crowd = a_crowd(event, now)[:8]
    odd = crowd[3]
    wish = Application(odd.application.wanted, consents=("nobody asked this",))
    crowd[3] = Newcomer(odd.applicant, wish, odd.key, None, now)
    heard = await together(event, crowd)
    assert [bool(it) for it in heard] == [False] * 3 + [True] + [False] * 4
    assert await Registration.filter(event_id=event.id).count() == 7
    await must_add_up(now)


async def test_who_waits_at_one_event_holds_up_nobody_at_another(
    database: str, now: datetime
) -> None:
    one, other = (
        await an_event_like("at once", now),
        await an_event_like("after a click", now),
    )
    await asyncio.gather(
        together(one, a_crowd(one, now)), together(other, a_crowd(other, now))
    )
    assert await Registration.filter(event_id=other.id).count() == 39
    await must_add_up(now)
