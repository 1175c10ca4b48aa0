"""The deeds on an event, on a real database."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.people import an_organiser

from werkraum_events import events, queries, rules
from werkraum_events.models import Event, Status
from werkraum_events.wishes import EventWish, Place
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound

ACTOR = "person:olga"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def published(office: Organiser, wish: EventWish, now: datetime) -> Event:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)
    return await events.publish(office.id, event.id, actor=ACTOR, now=now)


async def edited(
    event: Event, wish: EventWish, now: datetime, version: int | None = None
) -> Event:
    return await events.edit(
        event.organiser_id, event.id, wish, version=version, actor=ACTOR, now=now
    )


async def test_a_new_event_is_a_draft_as_wished(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    made = await events.create(office.id, wish, actor=ACTOR, now=now)

    event = await queries.event_of(office.id, made.id)
    topics = await queries.topics_of(event.id)
    assert event.status is Status.DRAFT
    assert rules.wish_of(event, tuple(topic.slug for topic in topics)) == wish
    assert (event.version, event.sequence) == (1, 0)


async def test_an_address_belongs_to_one_event(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    await events.create(office.id, wish, actor=ACTOR, now=now)

    with pytest.raises(InvalidInput) as refused:
        await events.create(office.id, wish, actor=ACTOR, now=now)

    assert [it.code for it in refused.value.faults] == ["slug_taken"]
    assert await Event.all().count() == 1


async def test_moving_a_published_event_tells_the_calendars(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)
    before = event.starts_at

    moved = await edited(
        event,
        replace(wish, starts_at=before + HOUR, ends_at=wish.ends_at + HOUR),
        now,
    )

    assert moved.sequence == 1
    assert moved.previous_starts_at == before
    assert moved.revised_at > event.revised_at
    assert moved.version == event.version + 1


async def test_correcting_the_title_leaves_the_calendars_alone(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)

    edit = await edited(event, replace(wish, title={"de": "Jugendforum"}), now)

    assert (edit.sequence, edit.previous_starts_at) == (0, None)
    assert edit.revised_at == event.revised_at + timedelta(seconds=1)


async def test_saving_what_is_there_changes_nothing(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)
    entries = await AuditEntry.all().count()

    same = await edited(event, wish, now + HOUR, version=1)

    assert (same.version, same.revised_at) == (event.version, event.revised_at)
    assert await AuditEntry.all().count() == entries


async def test_what_somebody_else_saved_is_not_overwritten_unseen(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)
    await edited(event, replace(wish, title={"de": "Von Olga"}), now, version=1)

    with pytest.raises(ChangedMeanwhile):
        await edited(event, replace(wish, title={"de": "Von Ada"}), now, version=1)

    there = await queries.event_of(office.id, event.id)
    assert there.title == {"de": "Von Olga"}


async def test_a_refused_edit_leaves_the_topics_too(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)

    with pytest.raises(InvalidInput):
        await edited(event, replace(wish, title={}, topics=("ungarn",)), now)

    topics = await queries.topics_of(event.id)
    assert [topic.slug for topic in topics] == ["jugend"]


async def test_publishing_twice_is_publishing_once(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)

    again = await events.publish(office.id, event.id, actor=ACTOR, now=now + DAY)

    assert (again.version, again.published_at) == (event.version, now)


async def test_what_has_begun_is_not_published(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)

    with pytest.raises(InvalidInput):
        await events.publish(office.id, event.id, actor=ACTOR, now=wish.starts_at)

    assert (await queries.event_of(office.id, event.id)).status is Status.DRAFT


async def test_calling_off_is_for_good(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)

    off = await events.cancel(
        office.id, event.id, {"de": "Krank", "en": ""}, actor=ACTOR, now=now
    )
    again = await events.cancel(
        office.id, event.id, {"de": "Anders"}, actor=ACTOR, now=now
    )

    assert (off.status, off.sequence) == (Status.CANCELLED, 1)
    assert again.cancel_reason == {"de": "Krank"}
    with pytest.raises(rules.EventIsOff):
        await edited(event, replace(wish, title={"de": "Doch"}), now)


async def test_a_draft_is_not_called_off(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)

    with pytest.raises(rules.NotPublished):
        await events.cancel(office.id, event.id, {}, actor=ACTOR, now=now)


async def test_what_is_over_is_not_called_off(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)

    with pytest.raises(rules.EventIsOver):
        await events.cancel(office.id, event.id, {}, actor=ACTOR, now=wish.ends_at)


async def test_otto_finds_no_event_of_olga(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)
    otto = await an_organiser("Otto's office")

    with pytest.raises(NotFound):
        await queries.event_of(otto.id, event.id)
    with pytest.raises(NotFound):
        await events.cancel(otto.id, event.id, {}, actor=ACTOR, now=now)
    with pytest.raises(NotFound):
        await events.copy(
            otto.id, event.id, replace(wish, slug="mine"), actor=ACTOR, now=now
        )


async def test_a_place_may_be_added_to_an_online_event(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, replace(wish, onsite=None), now)

    hybrid = await edited(event, replace(wish, onsite=Place("Rathaus")), now)

    assert (hybrid.onsite, hybrid.place_name, hybrid.sequence) == (True, "Rathaus", 1)


async def test_the_audit_says_who_moved_what(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await published(office, wish, now)
    await edited(event, replace(wish, timezone="Europe/Warsaw"), now)

    entry = await AuditEntry.get(action="event.edit")

    assert (entry.actor, entry.subject_id) == (ACTOR, event.id)
    assert entry.changes == {"timezone": ["Europe/Berlin", "Europe/Warsaw"]}


async def test_drafts_are_found_by_nobody(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    await events.create(office.id, wish, actor=ACTOR, now=now)

    with pytest.raises(NotFound):
        await queries.published_event(wish.slug)
    assert await queries.programme(now=now) == []


async def test_an_address_that_is_taken_gets_the_day(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    await events.create(office.id, wish, actor=ACTOR, now=now)

    assert await queries.free_slug("Youth forum", "2027-03-04") == (
        "youth-forum-2027-03-04"
    )
    assert await queries.free_slug("Εργαστήριο", "2027-03-04") == "event"


async def test_of_two_who_save_at_once_one_is_told(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    event = await events.create(office.id, wish, actor=ACTOR, now=now)
    titles = ({"de": "Von Olga"}, {"de": "Von Ada"})

    results = await asyncio.gather(
        *(edited(event, replace(wish, title=it), now, version=1) for it in titles),
        return_exceptions=True,
    )

    there = await queries.event_of(office.id, event.id)
    assert sum(isinstance(it, ChangedMeanwhile) for it in results) == 1
    assert there.version == 2
    assert there.title in titles


async def test_of_two_who_want_an_address_one_is_told(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    results = await asyncio.gather(
        *(events.create(office.id, wish, actor=ACTOR, now=now) for _ in range(2)),
        return_exceptions=True,
    )

    assert sum(isinstance(it, InvalidInput) for it in results) == 1
    assert await Event.all().count() == 1
