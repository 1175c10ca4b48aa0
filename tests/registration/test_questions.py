"""Questions of the form: define, edit, order, retire, take along."""

import asyncio
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, a_wish, asks, takes_part

from werkraum_events.models import Event, Mode
from werkraum_events.rules import wish_of
from werkraum_foundation import clock
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import NotFound
from werkraum_registration import answers, questions
from werkraum_registration.models import FormQuestion, FormQuestionKind
from werkraum_registration.question_rules import (
    MOST_QUESTIONS,
    AboveItsCondition,
    AskedBecauseOfIt,
    Condition,
    QuestionWish,
    TooManyQuestions,
    choices_of,
)
from werkraum_server.event_seats import copy_event

YES_NO, CHOICE = FormQuestionKind.YES_NO, FormQuestionKind.CHOICE


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


async def order_of(event: Event) -> list[str]:
    found = await questions.questions_of(event.id)
    return [it.label["de"] for it in found if it.retired_at is None]


async def test_questions_stand_in_the_order_they_were_added(event: Event) -> None:
    await asks(event, label="A")
    await asks(event, YES_NO, "B")
    assert await order_of(event) == ["A", "B"]
    found = (await questions.questions_of(event.id))[0]
    assert (found.choices, found.retention_days) == ([], 30)


async def test_every_change_renews_the_face_of_the_event(
    event: Event, now: datetime
) -> None:
    question = await asks(event)
    await questions.edit(
        event.organiser_id, event.id, question.id, a_wish(), actor=OLGA, now=now
    )
    assert (await Event.get(id=event.id)).version == event.version + 1
    await questions.retire(
        event.organiser_id, event.id, question.id, actor=OLGA, now=now
    )
    assert (await Event.get(id=event.id)).version == event.version + 2
    entries = await AuditEntry.all().order_by("id")
    assert [it.action for it in entries] == ["question.define", "question.retire"]


async def test_an_edit_is_written_down_before_and_after(
    event: Event, now: datetime
) -> None:
    question = await asks(event)
    wish = replace(a_wish(), required=True)
    await questions.edit(
        event.organiser_id, event.id, question.id, wish, actor=OLGA, now=now
    )
    assert (await FormQuestion.get()).required
    entry = await AuditEntry.get(action="question.edit")
    assert entry.changes == {"required": [False, True]}


async def test_an_answered_question_keeps_kind_and_choices(
    event: Event, now: datetime
) -> None:
    question = await asks(event, CHOICE)
    anna = await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "vegan"}, now=now)

    async def edit(wish: QuestionWish) -> FormQuestion:
        return await questions.edit(
            event.organiser_id, event.id, question.id, wish, actor=OLGA, now=now
        )

    other = ({"de": "Fisch"}, {"de": "Ei"})
    for wish in (a_wish(CHOICE, choices=other), a_wish(YES_NO)):
        with pytest.raises(InvalidInput):
            await edit(wish)
    edited = await edit(a_wish(CHOICE, "Was essen Sie?"))
    assert edited.label["de"] == "Was essen Sie?"


async def test_a_question_does_not_pass_the_one_it_depends_on(
    event: Event, now: datetime
) -> None:
    first = await asks(event, YES_NO, "A")
    second = await asks(event, label="B", condition=Condition(first.id, "yes"))
    await asks(event, label="C")

    async def move(question: FormQuestion, up: bool) -> None:
        await questions.move(
            event.organiser_id, event.id, question.id, up=up, actor=OLGA, now=now
        )

    with pytest.raises(AboveItsCondition):
        await move(second, True)
    with pytest.raises(AboveItsCondition):
        await move(first, False)
    await move(second, False)
    await move(second, False)
    await move(first, True)
    assert await order_of(event) == ["A", "C", "B"]


async def test_what_others_depend_on_stays(event: Event, now: datetime) -> None:
    first = await asks(event, CHOICE, "A")
    await asks(event, label="B", condition=Condition(first.id, "vegan"))
    with pytest.raises(AskedBecauseOfIt):
        await questions.retire(
            event.organiser_id, event.id, first.id, actor=OLGA, now=now
        )
    other = replace(a_wish(CHOICE), choices=({"de": "Fisch"}, {"de": "Ei"}))
    with pytest.raises(AskedBecauseOfIt):
        await questions.edit(
            event.organiser_id, event.id, first.id, other, actor=OLGA, now=now
        )
    assert [it.code for it in choices_of(await FormQuestion.get(id=first.id))] == [
        "vegan",
        "fleisch",
    ]


async def test_a_copy_asks_the_same_under_the_same_conditions(
    event: Event, now: datetime
) -> None:
    first = await asks(event, YES_NO, "A")
    await asks(event, label="B", condition=Condition(first.id, "yes"))
    gone = await asks(event, label="C")
    await questions.retire(event.organiser_id, event.id, gone.id, actor=OLGA, now=now)
    other = await an_event(await an_organiser())
    await questions.copy(event.id, other.id)
    one, two = await questions.questions_of(other.id)
    assert (one.label["de"], two.label["de"]) == ("A", "B")
    assert two.condition_id == one.id != first.id


async def test_a_form_has_an_end(event: Event) -> None:
    for number in range(MOST_QUESTIONS):
        await asks(event, label=str(number))
    with pytest.raises(TooManyQuestions):
        await asks(event)


async def test_a_question_of_another_organiser_is_not_there(
    event: Event, now: datetime
) -> None:
    question, otto = await asks(event), await an_organiser()
    for organiser_id, event_id, question_id in (
        (otto.id, event.id, question.id),
        (event.organiser_id, event.id, uuid4()),
    ):
        with pytest.raises(NotFound):
            await questions.retire(
                organiser_id, event_id, question_id, actor=OLGA, now=now
            )
    assert (await FormQuestion.get()).retired_at is None


async def test_the_copy_of_an_event_asks_what_its_model_asks(
    event: Event, now: datetime
) -> None:
    await asks(event, label="A")
    wish = replace(wish_of(event), slug="copy-of-it")
    copied = await copy_event(
        event.organiser_id,
        event.id,
        wish,
        {Mode.ONSITE: None, Mode.ONLINE: None},
        actor=OLGA,
        now=clock.now(),
    )
    assert await order_of(copied) == ["A"]


async def test_nobody_answers_with_a_choice_that_is_just_being_taken_away(
    event: Event, now: datetime
) -> None:
    other = a_wish(CHOICE, choices=({"de": "Fisch"}, {"de": "Ei"}))
    for number in range(10):
        question = await asks(event, CHOICE)
        person = await takes_part(event, f"P{number}")
        await asyncio.gather(
            answers.give(person.id, event.id, {question.id: "vegan"}, now=now),
            questions.edit(
                event.organiser_id, event.id, question.id, other, actor=OLGA, now=now
            ),
            return_exceptions=True,
        )
        given = answers.values_of(await answers.answers_by(person.id))
        offered = choices_of(await FormQuestion.get(id=question.id))
        assert set(given.values()) <= {it.code for it in offered}
        assert given or "fisch" in {it.code for it in offered}
