"""The terms on which people register: set, kept current, copied, noted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.people import an_organiser

from werkraum_events import events, queries, rules, sessions
from werkraum_events.models import Entry, Event, Promotion, QueueOrder
from werkraum_events.wishes import EventWish, SessionWish, Terms
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Job, Organiser
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound

ACTOR = "person:olga"
STRICTER = Terms(
    entry=Entry.CODE,
    entry_code="Rathaus2027",
    approval=True,
    approval_again=True,
    promotion=Promotion.CONFIRM,
    offer_hours=8,
    queue_order=QueueOrder.FILL,
    largest_party=30,
    self_check_in=True,
)


@pytest.fixture
async def event(office: Organiser, wish: EventWish, now: datetime) -> Event:
    made = await events.create(office.id, wish, actor=ACTOR, now=now)
    return await events.publish(office.id, made.id, actor=ACTOR, now=now)


async def test_an_event_begins_with_the_usual_terms(event: Event) -> None:
    assert rules.terms_of(event) == Terms()


async def test_terms_are_kept_and_raise_the_version_alone(
    event: Event, now: datetime
) -> None:
    await Job.all().delete()
    saved = await events.set_terms(
        event.organiser_id, event.id, STRICTER, version=2, actor=ACTOR, now=now
    )
    read = await queries.event_of(event.organiser_id, event.id)
    assert rules.terms_of(read) == rules.terms_of(saved) == STRICTER
    assert (read.version, read.sequence) == (event.version + 1, event.sequence)
    assert read.revised_at == event.revised_at
    assert not await Job.exists()


async def test_the_audit_has_before_and_after_but_not_the_code(
    event: Event, now: datetime
) -> None:
    await events.set_terms(
        event.organiser_id, event.id, STRICTER, version=None, actor=ACTOR, now=now
    )
    noted = await AuditEntry.get(action="event.terms")
    assert noted.changes["largest_party"] == [1, 30]
    assert noted.changes["entry"] == ["open", "code"]
    assert noted.changes["entry_code"] is None


async def test_setting_what_is_there_changes_nothing(
    event: Event, now: datetime
) -> None:
    await events.set_terms(
        event.organiser_id, event.id, Terms(), version=1, actor=ACTOR, now=now
    )
    read = await queries.event_of(event.organiser_id, event.id)
    assert read.version == event.version
    assert not await AuditEntry.exists(action="event.terms")


async def test_terms_that_somebody_else_changed_are_not_overwritten(
    event: Event, now: datetime
) -> None:
    with pytest.raises(ChangedMeanwhile):
        await events.set_terms(
            event.organiser_id, event.id, STRICTER, version=1, actor=ACTOR, now=now
        )


async def test_a_code_that_is_asked_for_has_to_be_set(
    event: Event, now: datetime
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await events.set_terms(
            event.organiser_id,
            event.id,
            replace(STRICTER, entry_code=""),
            version=None,
            actor=ACTOR,
            now=now,
        )
    assert [fault.field for fault in refused.value.faults] == ["entry_code"]


async def test_otto_sets_no_terms(event: Event, now: datetime) -> None:
    otto = await an_organiser("Another office")
    with pytest.raises(NotFound):
        await events.set_terms(
            otto.id, event.id, STRICTER, version=None, actor="person:otto", now=now
        )


async def test_saving_the_event_leaves_its_terms_alone(
    event: Event, wish: EventWish, now: datetime
) -> None:
    office = event.organiser_id
    await events.set_terms(
        office, event.id, STRICTER, version=None, actor=ACTOR, now=now
    )
    await events.edit(
        office,
        event.id,
        replace(wish, title={"de": "Neu"}),
        version=None,
        actor=ACTOR,
        now=now,
    )
    assert rules.terms_of(await queries.event_of(office, event.id)) == STRICTER


async def test_a_copy_has_the_terms_and_the_items_people_choose(
    event: Event, wish: EventWish, now: datetime
) -> None:
    office, half = event.organiser_id, timedelta(minutes=30)
    item = SessionWish(
        {"de": "Werkstatt"}, wish.starts_at, wish.starts_at + half, bookable=True
    )
    await sessions.add(office, event.id, item, actor=ACTOR, now=now)
    await events.set_terms(
        office, event.id, STRICTER, version=None, actor=ACTOR, now=now
    )
    copy = await events.copy(
        office, event.id, replace(wish, slug="copy"), actor=ACTOR, now=now
    )
    [copied] = await queries.sessions_of(copy.id)
    assert rules.terms_of(copy) == STRICTER
    assert copied.bookable
