"""Who came: many sources, many phones, wrong clocks, one truth."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from tests.check_in.at_the_door import MINUTE, comes
from tests.people import an_event, an_organiser
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Session
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import NotFound
from werkraum_registration.attendance import Coming, left, note, undo
from werkraum_registration.attended import (
    Figures,
    Part,
    attended,
    expected,
    figures_of,
)
from werkraum_registration.check_in_rules import AT_THE_DOOR
from werkraum_registration.models import Attendance, Presence, Registration, State

BY = "person:helper"


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now)


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await somebody(event, "Anna Beispiel")


async def seen(who: Registration, coming: Coming, now: datetime) -> bool:
    return await note(who.event_id, who.id, coming, actor=BY, now=now)


async def taken_back(
    who: Registration, at: datetime, now: datetime, *sources: Presence
) -> int:
    chosen = sources or AT_THE_DOOR
    return await undo(who.event_id, who.id, at=at, sources=chosen, actor=BY, now=now)


async def test_a_record_sent_twice_is_one(anna: Registration, now: datetime) -> None:
    coming = comes(now)
    assert [await seen(anna, coming, now) for _ in range(2)] == [True, False]
    assert await Attendance.all().count() == 1


async def test_two_phones_that_note_the_same_person_see_one(
    anna: Registration, now: datetime
) -> None:
    await seen(anna, comes(now), now)
    await seen(anna, comes(now - MINUTE), now)
    [one] = await attended(anna.event_id)
    assert (one.registration_id, one.seats, one.sources) == (
        anna.id,
        1,
        (Presence.DESK,),
    )


async def test_who_attended_is_the_union_with_each_source_kept(
    event: Event, anna: Registration, now: datetime
) -> None:
    berta = await somebody(event, "Berta Muster")
    await seen(anna, comes(now - MINUTE, Presence.SELF), now)
    await seen(anna, comes(now, Presence.DESK), now)
    await seen(berta, comes(now, Presence.ROOM), now)
    found = {it.registration_id: it.sources for it in await attended(event.id)}
    assert found == {
        anna.id: (Presence.SELF, Presence.DESK),
        berta.id: (Presence.ROOM,),
    }


async def test_taking_back_one_source_leaves_the_other(
    anna: Registration, now: datetime
) -> None:
    await seen(anna, comes(now, Presence.SELF), now)
    await seen(anna, comes(now, Presence.QR), now)
    assert await taken_back(anna, now, now) == 1
    [one] = await attended(anna.event_id)
    assert one.sources == (Presence.SELF,)
    await taken_back(anna, now, now, Presence.SELF)
    assert await attended(anna.event_id) == []


async def test_taking_back_twice_changes_nothing_the_second_time(
    anna: Registration, now: datetime
) -> None:
    await seen(anna, comes(now - MINUTE), now)
    first = await taken_back(anna, now, now)
    again = await taken_back(anna, now, now)
    assert (first, again) == (1, 0)


STEPS = ("came at 1", "undone at 2", "came at 3")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_the_later_wins_in_whatever_order_it_arrives(
    anna: Registration, now: datetime, order: tuple[int, ...]
) -> None:
    at = [now - 3 * MINUTE, now - 2 * MINUTE, now - MINUTE]
    await seen(anna, comes(now - 9 * MINUTE), now)
    for step in order:
        if STEPS[step].startswith("came"):
            await seen(anna, comes(at[step]), now)
        else:
            await taken_back(anna, at[step], now)
    [one] = await attended(anna.event_id)
    assert one.came_at == at[2]


@pytest.mark.parametrize("order", list(permutations(range(2))), ids=str)
async def test_what_was_taken_back_later_does_not_come_back(
    anna: Registration, now: datetime, order: tuple[int, ...]
) -> None:
    await seen(anna, comes(now - 9 * MINUTE), now)
    for step in order:
        if step == 0:
            await seen(anna, comes(now - 2 * MINUTE), now)
        else:
            await taken_back(anna, now - MINUTE, now)
    assert await attended(anna.event_id) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (timedelta(hours=-1), timedelta(hours=-1)),
        (timedelta(days=400), timedelta(0)),
        (timedelta(days=-9000), timedelta(days=-2)),
    ],
    ids=["an hour offline", "a clock of next year", "a clock of long ago"],
)
async def test_a_wrong_clock_is_kept_within_reach(
    anna: Registration, now: datetime, said: timedelta, kept: timedelta
) -> None:
    await seen(anna, comes(now + said), now)
    record = await Attendance.get()
    assert (record.came_at, record.recorded_at) == (now + kept, now)


async def test_with_a_clock_of_long_ago_the_last_tap_counts(
    anna: Registration, now: datetime
) -> None:
    old = now - timedelta(days=9000)
    await seen(anna, comes(old), now)
    await taken_back(anna, old + MINUTE, now)
    await seen(anna, comes(old + 2 * MINUTE), now)
    assert len(await attended(anna.event_id)) == 1


async def test_somebody_who_cancelled_meanwhile_is_kept_and_unclear(
    event: Event, now: datetime
) -> None:
    gone = await somebody(event, "Cem Vorlage", state=State.CANCELLED)
    assert await expected(event.id) == []
    await seen(gone, comes(now), now)
    [one] = await expected(event.id)
    assert one.unclear and one.state is State.CANCELLED
    assert [it.state for it in await attended(event.id)] == [State.CANCELLED]


async def test_nobody_is_noted_at_an_event_of_others(
    anna: Registration, now: datetime
) -> None:
    other = await an_event(await an_organiser("Another"), now=now)
    with pytest.raises(NotFound):
        await note(other.id, anna.id, comes(now), actor=BY, now=now)
    with pytest.raises(NotFound):
        await undo(other.id, anna.id, at=now, actor=BY, now=now)


async def test_a_session_is_taken_by_itself_and_counts_for_the_event(
    event: Event, anna: Registration, now: datetime
) -> None:
    workshop = await Session.create(
        event=event,
        title={"en": "Workshop"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
    await seen(anna, comes(now, Presence.LIST, session_id=workshop.id), now)
    [at_door] = await expected(event.id)
    [at_workshop] = await expected(event.id, workshop)
    assert (at_door.here, at_workshop.here) == ((), (Presence.LIST,))
    assert len(await attended(event.id)) == len(await attended(event.id, workshop.id))
    assert await taken_back(anna, now, now) == 0


async def test_leaving_is_noted_once(anna: Registration, now: datetime) -> None:
    coming = comes(now - 9 * MINUTE, Presence.ROOM, key="room-of-the-test-1")
    await seen(anna, coming, now)
    said = [await left(coming.key, at=now - it * MINUTE, now=now) for it in (3, 1)]
    assert said == [True, False]
    [one] = await attended(anna.event_id)
    assert one.left_at == now - 3 * MINUTE


async def test_whoever_came_back_has_not_left(
    anna: Registration, now: datetime
) -> None:
    for key in "room-of-the-test-1", "room-of-the-test-2":
        await seen(anna, comes(now - MINUTE, Presence.ROOM, key=key), now)
    await left("room-of-the-test-1", at=now, now=now)
    [one] = await attended(anna.event_id)
    assert one.left_at is None


async def test_every_correction_is_in_the_audit(
    anna: Registration, now: datetime
) -> None:
    await seen(anna, comes(now - MINUTE, Presence.QR), now)
    await taken_back(anna, now, now)
    entries = await AuditEntry.filter(subject_id=anna.id).order_by("id")
    assert [(it.action, it.actor, it.changes) for it in entries] == [
        ("attendance.note", BY, {"qr": [False, True]}),
        ("attendance.undo", BY, {"qr": [True, False]}),
    ]


async def test_parties_are_counted_by_heads(event: Event, now: datetime) -> None:
    party = await somebody(event, "Klasse 8b", seats=24)
    await somebody(event, "Dana Probe")
    await somebody(event, "Emil Entwurf", state=State.WAITLISTED)
    await seen(party, comes(now), now)
    assert figures_of(await expected(event.id)) == Figures(
        expected=25, here=24, walk_ins=0, unclear=0
    )


async def test_the_figures_of_those_with_a_seat_leave_out_who_has_none(
    event: Event, now: datetime
) -> None:
    for name, state, source in (
        ("Anna", State.CONFIRMED, Presence.DESK),
        ("Berta", State.CONFIRMED, Presence.WALK_IN),
        ("Clara", State.WAITLISTED, Presence.QR),
        ("Dora", State.CANCELLED, Presence.SELF),
    ):
        person = await somebody(event, name, state=state)
        await seen(person, comes(now, source), now)
    await somebody(event, "Elsa")
    assert figures_of(await expected(event.id)) == Figures(
        expected=3, here=2, walk_ins=1, unclear=2
    )


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Anna Beispiel", "Ärmel Öztürk"]),
        ("armel", ["Ärmel Öztürk"]),
        ("ÖZ", ["Ärmel Öztürk"]),
        ("beis ann", ["Anna Beispiel"]),
        ("%", []),
    ],
)
async def test_a_name_is_found_by_its_parts(
    event: Event, anna: Registration, search: str, found: list[str]
) -> None:
    await somebody(event, "Ärmel Öztürk")
    part = Part(search)
    assert [it.name for it in await expected(event.id) if part.holds(it)] == found
