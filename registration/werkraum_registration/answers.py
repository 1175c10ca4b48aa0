"""What people answered to the questions of the form: give, change, read, forget."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from werkraum_foundation import audit
from werkraum_foundation.database import changed, is_sqlite, rows, unit_of_work
from werkraum_foundation.database.json_columns import encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration import needs
from werkraum_registration.announcements import RegistrationChanged
from werkraum_registration.answer_reading import Value, fits, in_words
from werkraum_registration.models import (
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    Registration,
)
from werkraum_registration.queries import enter_registration

BATCH = 2_000


class QuestionsChanged(Refused):
    """The organiser has changed a question between the form and its answer."""

    code = "question_changed"

    def message(self) -> str:
        return gettext(
            "The organiser has just changed the questions. Please load the form again."
        )


@dataclass(frozen=True)
class Answered:
    """An answer together with its question."""

    question: FormQuestion
    value: Value

    @property
    def words(self) -> str:
        return in_words(self.question, self.value)


@unit_of_work
async def give(
    registration_id: UUID,
    event_id: UUID,
    answers: Mapping[UUID, Value],
    *,
    now: datetime,
) -> None:
    """Store the answers of a new registration; special needs become tasks.

    Raises `QuestionsChanged` where one fits its question no longer.
    """
    if not answers:
        return
    questions = await _enter_questions(event_id, answers)
    for question_id, value in answers.items():
        await _store(registration_id, questions[question_id], value, now=now)


async def _store(
    registration_id: UUID, question: FormQuestion, value: Value, *, now: datetime
) -> None:
    await changed(
        "INSERT INTO registration_answer (id, registration_id, question_id, value)"
        " VALUES (:id, :registration, :question, :value)",
        id=uuid7(),
        registration=registration_id,
        question=question.id,
        # A text must be JSON too; handed over as a text, Tortoise takes it for JSON.
        value=encode(value),
    )
    if question.kind is FormQuestionKind.NEED:
        await needs.open_need(registration_id, question.id, str(value), now=now)


@unit_of_work
async def change(
    registration_id: UUID,
    answers: Mapping[UUID, Value],
    *,
    actor: str,
    now: datetime,
) -> bool:
    """Put these answers in the place of those there are to what is asked now.

    Answers to retired questions stay. A special need in other words is a task
    again. False if all is as it was. Raises `NotFound`, `QuestionsChanged`.
    """
    # Locks the registration: two changes of one person take turns.
    if not await enter_registration(registration_id):
        raise NotFound
    found = Registration.filter(id=registration_id).select_related("event")
    registration = await found.get()
    questions = await _enter_questions(registration.event_id, answers)
    before = {
        it.question.id: it.value
        for it in await answers_by(registration_id)
        if it.question.retired_at is None
    }
    changes = {
        question_id: (before.get(question_id), answers.get(question_id))
        for question_id in {**before, **answers}
        if before.get(question_id) != answers.get(question_id)
    }
    for question_id, (_, value) in changes.items():
        await _put(registration_id, questions[question_id], value, now=now)
    if not changes:
        return False
    event = registration.event
    await audit.record(
        event.organiser_id,
        "registration.answers",
        registration_id,
        actor=actor,
        now=now,
        changes={str(id_): list(values) for id_, values in changes.items()},
    )
    await announce(RegistrationChanged(event.organiser_id, event.id, registration_id))
    return True


async def _put(
    registration_id: UUID, question: FormQuestion, value: Value | None, *, now: datetime
) -> None:
    old = FormAnswer.filter(registration_id=registration_id, question_id=question.id)
    await old.delete()
    await needs.drop(registration_id, question.id)
    if value is not None:
        await _store(registration_id, question, value, now=now)


async def _enter_questions(
    event_id: UUID, answers: Mapping[UUID, Value]
) -> dict[UUID, FormQuestion]:
    """Read the questions, which nobody changes until this is stored."""
    if not is_sqlite():
        await rows(
            "SELECT id FROM registration_question WHERE event_id = :event"
            " ORDER BY id FOR SHARE",
            event=event_id,
        )
    questions = {it.id: it for it in await FormQuestion.filter(event_id=event_id)}
    for question_id, value in answers.items():
        if question_id not in questions or not fits(questions[question_id], value):
            raise QuestionsChanged
    return questions


async def answers_by(registration_id: UUID) -> list[Answered]:
    """List what somebody answered, in the order of the questions; one query."""
    found = FormAnswer.filter(registration_id=registration_id)
    given = await found.select_related("question").order_by(
        "question__position", "question_id"
    )
    return [Answered(it.question, it.value) for it in given]


async def answers_to(
    registration_ids: Sequence[UUID],
) -> dict[UUID, dict[UUID, Value]]:
    """Find the answers of the people on one page: question id → value; one query."""
    found = await FormAnswer.filter(registration_id__in=registration_ids)
    answers: dict[UUID, dict[UUID, Value]] = {it: {} for it in registration_ids}
    for each in found:
        answers[each.registration_id][each.question_id] = each.value
    return answers


async def answers_of(
    event_id: UUID, *, batch: int = BATCH
) -> AsyncIterator[tuple[UUID, dict[UUID, Value]]]:
    """Go through the answers of an event by registration, in the order of their ids.

    Who answered nothing is left out. A batch at a time: a long list needs no memory.
    """
    person: UUID | None = None
    gathered: dict[UUID, Value] = {}
    async for answer in _all_answers(event_id, batch):
        if answer.registration_id != person:
            if person is not None:
                yield person, gathered
            person, gathered = answer.registration_id, {}
        gathered[answer.question_id] = answer.value
    if person is not None:
        yield person, gathered


async def _all_answers(event_id: UUID, batch: int) -> AsyncIterator[FormAnswer]:
    found = FormAnswer.filter(registration__event_id=event_id)
    found = found.order_by("registration_id", "id").limit(batch)
    read = await found
    while read:
        for answer in read:
            yield answer
        last = read[-1]
        rest = Q(registration_id__gt=last.registration_id) | Q(
            registration_id=last.registration_id, id__gt=last.id
        )
        read = await found.filter(rest)


@unit_of_work
async def forget(registration_id: UUID) -> None:
    """Delete everything somebody answered, and what the audit kept of it."""
    await FormAnswer.filter(registration_id=registration_id).delete()
    await needs.forget(registration_id)
    await changed(
        "UPDATE audit_entry SET changes = :nothing WHERE subject_id = :id"
        " AND action = 'registration.answers'",
        nothing={},
        id=registration_id,
    )


def values_of(answered: Sequence[Answered]) -> dict[UUID, Value]:
    return {it.question.id: it.value for it in answered}
