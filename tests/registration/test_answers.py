"""Answers of people: stored, changed, read, forgotten; and the tasks they make."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, asks, takes_part

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Job
from werkraum_foundation.refusals import NotFound
from werkraum_registration import answers, needs, questions
from werkraum_registration.answer_reading import Value
from werkraum_registration.answers import QuestionsChanged
from werkraum_registration.models import (
    FormAnswer,
    FormQuestionKind,
    Need,
    NeedState,
    State,
)
from werkraum_registration.needs import NeedCounts, Reply

Kind = FormQuestionKind


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


async def test_what_was_answered_is_read_as_it_was_given(
    event: Event, now: datetime
) -> None:
    values: dict[UUID, Value] = {
        (await asks(event, Kind.TEXT)).id: "5",
        (await asks(event, Kind.NUMBER)).id: 5,
        (await asks(event, Kind.YES_NO)).id: False,
        (await asks(event, Kind.CHOICE)).id: "vegan",
        (await asks(event, Kind.SEVERAL)).id: ["vegan", "fleisch"],
        (await asks(event, Kind.TEXT)).id: "null",
    }
    anna, bert = await takes_part(event), await takes_part(event, "Bert")
    await answers.give(anna.id, event.id, values, now=now)
    assert answers.values_of(await answers.answers_by(anna.id)) == values
    assert await answers.answers_to([anna.id, bert.id]) == {
        anna.id: values,
        bert.id: {},
    }
    words = [it.words for it in await answers.answers_by(anna.id)]
    assert words == ["5", "5", "no", "vegan", "vegan, meat", "null"]


async def test_a_long_list_comes_person_by_person(event: Event, now: datetime) -> None:
    first, second = await asks(event), await asks(event, label="Und sonst?")
    people = [await takes_part(event, f"P{n}") for n in range(4)]
    for number, person in enumerate(people[:3]):
        given = {first.id: str(number), second.id: "x"}
        await answers.give(person.id, event.id, given, now=now)
    other = await an_event(await an_organiser())
    foreign = await asks(other)
    stranger = await takes_part(other)
    await answers.give(stranger.id, other.id, {foreign.id: "a"}, now=now)
    found = [it async for it in answers.answers_of(event.id, batch=3)]
    assert found == [
        (person.id, {first.id: str(number), second.id: "x"})
        for number, person in enumerate(people[:3])
    ]


async def test_an_answer_to_a_question_that_has_changed_is_refused(
    event: Event, now: datetime
) -> None:
    question, anna = await asks(event, Kind.CHOICE), await takes_part(event)
    other = await asks(await an_event(await an_organiser()))
    for given in ({question.id: "fish"}, {other.id: "a"}):
        with pytest.raises(QuestionsChanged):
            await answers.give(anna.id, event.id, given, now=now)
    await questions.retire(
        event.organiser_id, event.id, question.id, actor=OLGA, now=now
    )
    with pytest.raises(QuestionsChanged):
        await answers.give(anna.id, event.id, {question.id: "vegan"}, now=now)
    assert not await FormAnswer.exists()


async def test_a_change_is_written_down_before_and_after(
    event: Event, now: datetime
) -> None:
    meal, gift = await asks(event, Kind.CHOICE), await asks(event)
    anna = await takes_part(event)
    await answers.give(anna.id, event.id, {meal.id: "vegan"}, now=now)
    wished = {meal.id: "fleisch", gift.id: "Kuchen"}
    assert await answers.change(anna.id, wished, actor=audit.ATTENDEE, now=now)
    assert not await answers.change(anna.id, wished, actor=audit.ATTENDEE, now=now)
    assert await answers.change(
        anna.id, {meal.id: "fleisch"}, actor=audit.ATTENDEE, now=now
    )
    first, second = await AuditEntry.filter(subject_id=anna.id).order_by("id")
    assert first.changes == {
        str(meal.id): ["vegan", "fleisch"],
        str(gift.id): [None, "Kuchen"],
    }
    assert second.changes == {str(gift.id): ["Kuchen", None]}
    assert answers.values_of(await answers.answers_by(anna.id)) == {meal.id: "fleisch"}


async def test_answers_to_retired_questions_survive_a_change(
    event: Event, now: datetime
) -> None:
    old, new = await asks(event), await asks(event)
    anna = await takes_part(event)
    await answers.give(anna.id, event.id, {old.id: "a"}, now=now)
    await questions.retire(event.organiser_id, event.id, old.id, actor=OLGA, now=now)
    await answers.change(anna.id, {new.id: "b"}, actor=OLGA, now=now)
    values = answers.values_of(await answers.answers_by(anna.id))
    assert values == {old.id: "a", new.id: "b"}


async def test_a_need_becomes_a_task_and_is_one_again_in_other_words(
    event: Event, now: datetime
) -> None:
    question, anna = await asks(event, Kind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "Rampe"}, now=now)
    need = await Need.get()
    assert (need.text, need.state) == ("Rampe", NeedState.OPEN)
    await says(event, need, Reply.GRANTED, "")
    await answers.change(anna.id, {question.id: "Rampe"}, actor=OLGA, now=now)
    assert (await Need.get()).state is NeedState.GRANTED
    await answers.change(anna.id, {question.id: "Lift"}, actor=OLGA, now=now)
    assert [(it.text, it.state) for it in await Need.all()] == [("Lift", "open")]
    await answers.change(anna.id, {}, actor=OLGA, now=now)
    assert not await Need.exists()


async def says(event: Event, need: Need, reply: Reply, text: str) -> Need:
    return await needs.answer(
        event.organiser_id,
        event.id,
        need.id,
        reply,
        text,
        actor=OLGA,
        now=event.starts_at - timedelta(days=1),
    )


async def test_a_no_says_what_there_is_instead(event: Event, now: datetime) -> None:
    question, anna = await asks(event, Kind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "Gebärden"}, now=now)
    need = await Need.get()
    with pytest.raises(InvalidInput):
        await says(event, need, Reply.NOT_POSSIBLE, "")
    await says(event, need, Reply.NOT_POSSIBLE, "Untertitel")
    answered = await Need.get()
    assert (answered.state, answered.answer, answered.answered_by) == (
        NeedState.NOT_POSSIBLE,
        "Untertitel",
        OLGA,
    )


async def test_the_same_answer_twice_is_told_once(event: Event, now: datetime) -> None:
    question, anna = await asks(event, Kind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "Rampe"}, now=now)
    need = await Need.get()
    for _ in range(2):
        await says(event, need, Reply.GRANTED, "Ja")
    assert await AuditEntry.filter(action="need.answer").count() == 1


async def test_open_needs_come_first_and_those_of_people_who_left_are_gone(
    event: Event, now: datetime
) -> None:
    question = await asks(event, Kind.NEED)
    for name in ("Anna", "Bert", "Carl"):
        person = await takes_part(event, name)
        await answers.give(person.id, event.id, {question.id: name}, now=now)
    first, _, last = await Need.all().order_by("created_at", "id")
    await says(event, first, Reply.GRANTED, "")
    await last.fetch_related("registration")
    last.registration.state = State.CANCELLED
    await last.registration.save()
    assert [it.text for it in await needs.needs_of(event.id)] == ["Bert", "Anna"]
    assert await needs.count_needs(event.id) == NeedCounts(open=1, all=2)


async def test_a_need_of_another_organiser_is_not_there(
    event: Event, now: datetime
) -> None:
    question, anna = await asks(event, Kind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "Rampe"}, now=now)
    otto = await an_event(await an_organiser())
    with pytest.raises(NotFound):
        await says(otto, await Need.get(), Reply.GRANTED, "")
    assert (await Need.get()).state is NeedState.OPEN


async def test_who_is_forgotten_leaves_no_answer_behind(
    event: Event, now: datetime
) -> None:
    question, anna = await asks(event, Kind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "Rampe"}, now=now)
    await answers.change(anna.id, {question.id: "Lift"}, actor=OLGA, now=now)
    await answers.forget(anna.id)
    assert not await FormAnswer.exists() and not await Need.exists()
    entry = await AuditEntry.get(action="registration.answers")
    assert entry.changes == {}
    assert "Lift" not in str(await Job.all().values())
