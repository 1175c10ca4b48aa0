"""Series: made, renamed, chosen for events, shown to everybody."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser

from werkraum_events import events, queries, series
from werkraum_events.models import Status
from werkraum_events.wishes import EventWish
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.refusals import NotFound

ACTOR = "person:olga"
FORUMS = {"de": "Online-Foren 2027"}


async def test_a_series_gets_its_address_from_its_title(
    office: Organiser, now: datetime
) -> None:
    first = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    other = await an_organiser("Another office")
    second = await series.make(other.id, FORUMS, actor=ACTOR, now=now)
    odd = await series.make(office.id, {"de": "日本"}, actor=ACTOR, now=now)
    assert (first.slug, second.slug) == ("online-foren-2027", "online-foren-2027-2")
    assert odd.slug == "series"


async def test_the_same_series_is_made_once(office: Organiser, now: datetime) -> None:
    made = [
        await series.make(office.id, FORUMS, actor=ACTOR, now=now) for _ in range(2)
    ]
    assert made[0].id == made[1].id
    assert await AuditEntry.filter(action="series.make").count() == 1


async def test_a_series_without_a_title_is_refused(
    office: Organiser, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        await series.make(office.id, {"de": ""}, actor=ACTOR, now=now)


async def test_renaming_keeps_the_address_and_is_noted(
    office: Organiser, now: datetime
) -> None:
    made = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    other = {"de": "Foren im Jahr 2027"}
    await series.rename(office.id, made.id, other, actor=ACTOR, now=now)
    read = await series.series_of(office.id, made.id)
    assert (read.slug, read.title) == (made.slug, other)
    noted = await AuditEntry.get(action="series.rename")
    assert noted.changes == {"title": [FORUMS, other]}


async def test_otto_renames_nothing_and_chooses_nothing_of_olgas(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    made = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    otto = await an_organiser("Another office")
    with pytest.raises(NotFound):
        await series.rename(otto.id, made.id, {"de": "Mine"}, actor="otto", now=now)
    with pytest.raises(InvalidInput):
        stolen = replace(wish, series=made.slug)
        await events.create(otto.id, stolen, actor="otto", now=now)


async def test_an_event_joins_a_series_and_leaves_it(
    office: Organiser, wish: EventWish, now: datetime
) -> None:
    made = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    joined = replace(wish, series=made.slug)
    event = await events.create(office.id, joined, actor=ACTOR, now=now)
    assert event.series_id == made.id
    await events.edit(office.id, event.id, wish, version=None, actor=ACTOR, now=now)
    assert (await queries.event_of(office.id, event.id)).series_id is None


async def test_a_series_is_public_once_an_event_of_it_is(
    office: Organiser, now: datetime
) -> None:
    made = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    await an_event(office, now=now, series_id=made.id, status=Status.DRAFT)
    with pytest.raises(NotFound):
        await series.public_series(made.slug)
    later = await an_event(office, now=now + timedelta(days=1), series_id=made.id)
    sooner = await an_event(office, now=now, series_id=made.id)
    await an_event(office, now=now - timedelta(days=30), series_id=made.id)
    found = await series.public_series(made.slug)
    coming = await series.coming_events(found.id, now=now)
    assert [event.id for event in coming] == [sooner.id, later.id]


async def test_the_programme_names_a_series_with_several_events_to_come(
    office: Organiser, now: datetime
) -> None:
    one = await series.make(office.id, {"de": "Einzeln"}, actor=ACTOR, now=now)
    two = await series.make(office.id, FORUMS, actor=ACTOR, now=now)
    await an_event(office, now=now, series_id=one.id)
    for days in (0, 7):
        await an_event(office, now=now + timedelta(days=days), series_id=two.id)
    coming = await queries.programme(now=now)
    assert [it.id for it in await series.series_among(coming, now=now)] == [two.id]
