"""The programme of an event: adding, changing, removing, moving along."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.people import an_organiser

from werkraum_events import events, queries, rules, sessions
from werkraum_events.models import Event, Session
from werkraum_events.wishes import EventWish, SessionWish
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import Organiser
from werkraum_foundation.refusals import NotFound

ACTOR = "person:olga"
HALF, DAY = timedelta(minutes=30), timedelta(days=1)


@pytest.fixture
async def event(office: Organiser, wish: EventWish, now: datetime) -> Event:
    made = await events.create(office.id, wish, actor=ACTOR, now=now)
    return await events.publish(office.id, made.id, actor=ACTOR, now=now)


@pytest.fixture
def item(wish: EventWish) -> SessionWish:
    return SessionWish(
        {"de": "Ankommen"},
        wish.starts_at,
        wish.starts_at + HALF,
        speakers=("Ada Muster, Stadt Beispielhausen",),
    )


async def test_an_item_stands_on_the_programme(
    event: Event, item: SessionWish, now: datetime
) -> None:
    await sessions.add(event.organiser_id, event.id, item, actor=ACTOR, now=now)

    [there] = await queries.sessions_of(event.id)
    after = await queries.event_of(event.organiser_id, event.id)
    assert there.title == {"de": "Ankommen"}
    assert there.speakers == ["Ada Muster, Stadt Beispielhausen"]
    assert (after.version, after.sequence) == (event.version + 1, 0)
    assert after.revised_at > event.revised_at


async def test_saving_an_item_as_it_is_changes_nothing(
    event: Event, item: SessionWish, now: datetime
) -> None:
    office = event.organiser_id
    made = await sessions.add(office, event.id, item, actor=ACTOR, now=now)

    await sessions.edit(office, event.id, made.id, item, actor=ACTOR, now=now)

    after = await queries.event_of(office, event.id)
    assert after.version == event.version + 1


async def test_an_item_is_taken_off_once(
    event: Event, item: SessionWish, now: datetime
) -> None:
    office = event.organiser_id
    made = await sessions.add(office, event.id, item, actor=ACTOR, now=now)

    for _ in range(2):
        await sessions.remove(office, event.id, made.id, actor=ACTOR, now=now)

    after = await queries.event_of(office, event.id)
    assert await queries.sessions_of(event.id) == []
    assert after.version == event.version + 2


async def test_items_move_along_with_the_start(
    event: Event, item: SessionWish, wish: EventWish, now: datetime
) -> None:
    office = event.organiser_id
    await sessions.add(office, event.id, item, actor=ACTOR, now=now)
    later = replace(wish, starts_at=wish.starts_at + DAY, ends_at=wish.ends_at + DAY)

    await events.edit(office, event.id, later, version=None, actor=ACTOR, now=now)

    [there] = await queries.sessions_of(event.id)
    assert (there.starts_at, there.ends_at) == (
        item.starts_at + DAY,
        item.ends_at + DAY,
    )


async def test_an_event_stays_as_long_as_its_programme(
    event: Event, item: SessionWish, wish: EventWish, now: datetime
) -> None:
    office = event.organiser_id
    await sessions.add(office, event.id, item, actor=ACTOR, now=now)
    short = replace(wish, ends_at=wish.starts_at + HALF / 2)

    with pytest.raises(InvalidInput):
        await events.edit(office, event.id, short, version=None, actor=ACTOR, now=now)


async def test_a_copy_has_the_programme_at_its_own_time(
    event: Event, item: SessionWish, wish: EventWish, now: datetime
) -> None:
    office = event.organiser_id
    await sessions.add(office, event.id, item, actor=ACTOR, now=now)
    wanted = replace(
        wish,
        slug="next-forum",
        starts_at=wish.starts_at + 7 * DAY,
        ends_at=wish.ends_at + 7 * DAY,
    )

    made = await events.copy(office, event.id, wanted, actor=ACTOR, now=now)

    [there] = await queries.sessions_of(made.id)
    [original] = await queries.sessions_of(event.id)
    assert there.starts_at == item.starts_at + 7 * DAY
    assert there.speakers == original.speakers
    assert there.uid != original.uid
    assert made.uid != event.uid


async def test_a_hundred_items_are_enough(
    event: Event, item: SessionWish, now: datetime
) -> None:
    full = [
        Session(
            event_id=event.id,
            title=item.title,
            description={},
            speakers=[],
            starts_at=item.starts_at,
            ends_at=item.ends_at,
        )
        for _ in range(rules.MOST_SESSIONS)
    ]
    await Session.bulk_create(full)

    with pytest.raises(rules.TooManySessions):
        await sessions.add(event.organiser_id, event.id, item, actor=ACTOR, now=now)


async def test_otto_touches_no_item_of_olga(
    event: Event, item: SessionWish, now: datetime
) -> None:
    made = await sessions.add(event.organiser_id, event.id, item, actor=ACTOR, now=now)
    otto = await an_organiser("Otto's office")

    with pytest.raises(NotFound):
        await sessions.remove(otto.id, event.id, made.id, actor=ACTOR, now=now)
    assert len(await queries.sessions_of(event.id)) == 1
