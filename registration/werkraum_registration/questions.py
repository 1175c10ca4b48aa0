"""The questions of an event's form: define, edit, order, retire, take along."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events import faces
from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound
from werkraum_registration import question_rules as rules
from werkraum_registration.models import FormAnswer, FormQuestion
from werkraum_registration.question_rules import Choice, QuestionWish


async def questions_of(event_id: UUID) -> list[FormQuestion]:
    """List all questions of an event in their order, retired ones among them."""
    return await FormQuestion.filter(event_id=event_id).order_by("position", "id")


async def question_of(event_id: UUID, question_id: UUID) -> FormQuestion:
    """Find a question that is still asked, or raise `NotFound`."""
    found = await FormQuestion.get_or_none(
        id=question_id, event_id=event_id, retired_at=None
    )
    if found is None:
        raise NotFound
    return found


async def answered(event_id: UUID) -> dict[UUID, int]:
    """Count the answers to each question of an event; one query."""
    found = await rows(
        "SELECT a.question_id, count(*) AS n FROM registration_answer a"
        " JOIN registration_question q ON q.id = a.question_id"
        " WHERE q.event_id = :event GROUP BY a.question_id",
        event=event_id,
    )
    return {UUID(str(row["question_id"])): row["n"] for row in found}


@unit_of_work
async def define(
    organiser_id: UUID, event_id: UUID, wish: QuestionWish, *, actor: str, now: datetime
) -> FormQuestion:
    """Add a question at the end of the form; raises `InvalidInput`."""
    event = await faces.enter(organiser_id, event_id)
    there = await questions_of(event_id)
    asked = _asked(there)
    if len(asked) >= rules.MOST_QUESTIONS:
        raise rules.TooManyQuestions
    rules.must_be_possible(wish, asked, asked)
    question = await FormQuestion.create(
        event_id=event_id,
        position=max((it.position for it in there), default=0) + 1,
        **_columns(wish, rules.coded(_labels(wish))),
    )
    await _note(event, "question.define", question.id, actor=actor, now=now)
    return question


@unit_of_work
async def edit(
    organiser_id: UUID,
    event_id: UUID,
    question_id: UUID,
    wish: QuestionWish,
    *,
    actor: str,
    now: datetime,
) -> FormQuestion:
    """Change a question; saving what is there changes nothing.

    Kind and choices of one that has been answered stay. Raises `InvalidInput`,
    and `AskedBecauseOfIt` where another question depends on what would go.
    """
    event = await faces.enter(organiser_id, event_id)
    question = await question_of(event_id, question_id)
    asked = _asked(await questions_of(event_id))
    others = [it for it in asked if it.id != question.id]
    above = [it for it in others if it.position < question.position]
    rules.must_be_possible(wish, above, others)
    choices = rules.coded(_labels(wish), rules.all_choices_of(question))
    if await _is_answered(question):
        rules.must_stay_frozen(question, wish, choices)
    columns = _columns(wish, choices)
    before = {name: getattr(question, name) for name in columns}
    question.update_from_dict(columns)
    rules.conditions_must_hold(rules.deciding_values(question), question.id, others)
    changes = {
        name: [_plain(before[name]), _plain(value)]
        for name, value in columns.items()
        if before[name] != value
    }
    if changes:
        await question.save()
        await _note(event, "question.edit", question.id, changes, actor=actor, now=now)
    return question


async def _is_answered(question: FormQuestion) -> bool:
    # Waits for whoever is just answering it, and lets nobody answer meanwhile.
    if not is_sqlite():
        await rows(
            "SELECT id FROM registration_question WHERE id = :id FOR UPDATE",
            id=question.id,
        )
    return await FormAnswer.filter(question_id=question.id).exists()


@unit_of_work
async def move(
    organiser_id: UUID,
    event_id: UUID,
    question_id: UUID,
    *,
    up: bool,
    actor: str,
    now: datetime,
) -> None:
    """Let a question change places with its neighbour; at the end nothing happens.

    Raises `AboveItsCondition` where one would stand before what it depends on.
    """
    event = await faces.enter(organiser_id, event_id)
    question = await question_of(event_id, question_id)
    order = _asked(await questions_of(event_id))
    place = next(n for n, it in enumerate(order) if it.id == question.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    one, two = order[place], order[other]
    order[place], order[other] = two, one
    rules.must_be_in_order(order)
    changes = {"position": [one.position, two.position]}
    one.position, two.position = two.position, one.position
    for each in (one, two):
        await each.save(update_fields=["position"])
    await _note(event, "question.move", one.id, changes, actor=actor, now=now)


@unit_of_work
async def retire(
    organiser_id: UUID,
    event_id: UUID,
    question_id: UUID,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Ask a question no longer; its answers stay. The second time nothing happens."""
    event = await faces.enter(organiser_id, event_id)
    there = await questions_of(event_id)
    question = next((it for it in there if it.id == question_id), None)
    if question is None:
        raise NotFound
    if question.retired_at is not None:
        return
    rules.must_keep_conditions(question.id, _asked(there))
    question.retired_at = now
    await question.save(update_fields=["retired_at"])
    await _note(event, "question.retire", question.id, actor=actor, now=now)


@unit_of_work
async def copy(model_id: UUID, event_id: UUID) -> None:
    """Ask at a new event what another one asks, with the same conditions."""
    asked = _asked(await questions_of(model_id))
    ids = {it.id: uuid7() for it in asked}
    for position, question in enumerate(asked, 1):
        offered = [choice.written() for choice in rules.choices_of(question)]
        await FormQuestion.create(
            id=ids[question.id],
            event_id=event_id,
            position=position,
            kind=question.kind,
            label=question.label,
            hint=question.hint,
            choices=offered,
            required=question.required,
            purpose=question.purpose,
            retention_days=question.retention_days,
            condition_id=ids[question.condition_id] if question.condition_id else None,
            condition_value=question.condition_value,
        )


def _asked(questions: Sequence[FormQuestion]) -> list[FormQuestion]:
    return [it for it in questions if it.retired_at is None]


def _labels(wish: QuestionWish) -> Sequence[Texts]:
    return wish.choices if wish.kind in rules.WITH_CHOICES else ()


# Any: a value for each column, as Tortoise takes them.
def _columns(wish: QuestionWish, choices: Sequence[Choice]) -> dict[str, Any]:
    condition = wish.condition
    return {
        "kind": wish.kind,
        "label": dict(wish.label),
        "hint": dict(wish.hint),
        "purpose": dict(wish.purpose),
        "choices": [choice.written() for choice in choices],
        "required": wish.required,
        "retention_days": wish.retention_days,
        "condition_id": condition.question_id if condition else None,
        "condition_value": condition.value if condition else "",
    }


def _plain(value: object) -> object:
    """Write an id as the audit keeps it."""
    return str(value) if isinstance(value, UUID) else value


async def _note(
    event: Event,
    action: str,
    question_id: UUID,
    changes: Mapping[str, object] | None = None,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write the deed down, and have the form made anew."""
    await faces.renew(event, now=now)
    await audit.record(
        event.organiser_id,
        action,
        question_id,
        actor=actor,
        now=now,
        changes=changes,
    )
