"""Each question keeps its answers for its own days, and no longer."""

from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, asks, takes_part

from werkraum_events.models import Event
from werkraum_foundation.models import AuditEntry
from werkraum_registration import answers, organisations
from werkraum_registration.models import (
    FormAnswer,
    FormQuestionKind,
    Need,
    Registration,
    State,
)
from werkraum_server.retention import count_due, purge

DAY = timedelta(days=1)
Kind = FormQuestionKind


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    """An event that ended ten days ago."""
    ended = now - 10 * DAY
    return await an_event(
        await an_organiser(), starts_at=ended - DAY / 12, ends_at=ended, now=now
    )


async def test_answers_go_after_the_days_of_their_question(
    event: Event, now: datetime
) -> None:
    short = await asks(event, Kind.NEED, retention_days=9)
    long = await asks(event, retention_days=10)
    anna = await takes_part(event)
    given = {short.id: "Rampe", long.id: "Kuchen"}
    await answers.give(anna.id, event.id, given, now=now)
    foretold = await count_due(now)
    assert await purge(now) == foretold
    assert not await Need.exists()
    assert answers.values_of(await answers.answers_by(anna.id)) == {long.id: "Kuchen"}
    await purge(now + timedelta(seconds=1))
    assert not await FormAnswer.exists()
    assert (await Registration.get()).name == "Anna"


async def test_a_moved_event_takes_the_days_along(event: Event, now: datetime) -> None:
    question = await asks(event, retention_days=9)
    anna = await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "a"}, now=now)
    await Event.filter(id=event.id).update(ends_at=now + DAY)
    await purge(now)
    assert await FormAnswer.exists()


async def test_the_history_of_answers_goes_with_the_first_of_them(
    event: Event, now: datetime
) -> None:
    question = await asks(event, retention_days=9)
    ahead = await an_event(await an_organiser(), now=now)
    other = await asks(ahead, retention_days=9)
    for asked in (question, other):
        found = await Event.get(id=asked.event_id)
        person = await takes_part(found)
        await answers.give(person.id, found.id, {asked.id: "secret"}, now=now)
        await answers.change(person.id, {asked.id: "b"}, actor=OLGA, now=now)
    foretold = await count_due(now)
    assert await purge(now) == foretold
    assert foretold["changes of answers in the audit"] == 1
    entries = await AuditEntry.filter(action="registration.answers").order_by("id")
    assert [it.changes for it in entries] == [{}, {str(other.id): ["secret", "b"]}]
    assert sum((await count_due(now)).values()) == 0


async def test_where_somebody_comes_from_goes_with_the_answer(
    event: Event, now: datetime
) -> None:
    question = await asks(event, Kind.ORGANISATION, retention_days=9)
    anna = await takes_part(event)
    anna.organisation_id = await organisations.typed(
        event.organiser_id, "Stadt Aachen", now=now
    )
    await anna.save()
    await answers.give(anna.id, event.id, {question.id: "Stadt Aachen"}, now=now)
    foretold = await count_due(now)
    assert await purge(now) == foretold
    assert (await Registration.get()).organisation_id is None


async def test_what_goes_with_its_registration_is_counted_too(
    event: Event, now: datetime
) -> None:
    question = await asks(event, retention_days=9)
    anna = await takes_part(event, state=State.EXPIRED)
    await Registration.all().update(vouched_at=None)
    await answers.give(anna.id, event.id, {question.id: "a"}, now=now)
    later = now + 400 * DAY
    foretold = await count_due(later)
    assert await purge(later) == foretold
    assert foretold["answers to the questions of forms"] == 1
    assert not await Registration.exists()
