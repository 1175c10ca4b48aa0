"""The questions of an event's form at the desk: add, edit, order, retire."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_registration import questions
from werkraum_registration.models import FormQuestion
from werkraum_registration.question_rules import (
    MOST_QUESTIONS,
    NO,
    YES,
    Choice,
    Condition,
    QuestionWish,
    choices_of,
    condition_of,
    deciding_values,
)
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.question_form import (
    QuestionFields,
    condition_typed,
    empty_question,
    read_question_form,
    typed_question,
)

Save = Callable[[QuestionWish], Awaitable[object]]
QuestionForm = Form[QuestionFields]


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class Move(BaseModel):
    model_config = ConfigDict(extra="forbid")
    to: Direction


async def show_questions(request: Request) -> Response:
    return await _list_page(request, await own_event(request), empty_question())


async def add(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)

    async def save(wish: QuestionWish) -> None:
        await questions.define(
            grant.organiser_id, event.id, wish, actor=grant.actor, now=clock.now()
        )

    form = await _saved(await read_question_form(request), save)
    if form.faults:
        return await _list_page(request, event, form, status=422)
    return see_other(request, "desk:questions", id=event.id)


async def show_question(request: Request) -> Response:
    event, question = await _own_question(request)
    form: QuestionForm = Form(typed_question(question))
    return await _question_page(request, event, question, form)


async def edit(request: Request) -> Response:
    event, question = await _own_question(request)
    grant = granted(request)

    async def save(wish: QuestionWish) -> None:
        await questions.edit(
            grant.organiser_id,
            event.id,
            question.id,
            wish,
            actor=grant.actor,
            now=clock.now(),
        )

    form = await read_question_form(request, frozen=True)
    form = await _saved(form, save, question)
    if form.faults:
        return await _question_page(request, event, question, form, status=422)
    return see_other(request, "desk:questions", id=event.id)


async def move(request: Request) -> Response:
    event, question = await _own_question(request)
    grant = granted(request)
    form = await read_form(request, Move)
    if form.value is None:
        raise InvalidInput(form.faults)
    await questions.move(
        grant.organiser_id,
        event.id,
        question.id,
        up=form.value.to is Direction.UP,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:questions", id=event.id)


async def retire(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    await questions.retire(
        grant.organiser_id,
        event.id,
        path_id(request, "question"),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:questions", id=event.id)


async def _own_question(request: Request) -> tuple[Event, FormQuestion]:
    event = await own_event(request)
    return event, await questions.question_of(event.id, path_id(request, "question"))


async def _saved(
    form: QuestionForm, save: Save, there: FormQuestion | None = None
) -> QuestionForm:
    """Save what was typed; the form that comes back says what is wrong, if anything."""
    if form.value is None:
        return form
    try:
        await save(form.value.wish(there))
    except InvalidInput as refusal:
        return Form(form.typed, refusal.faults)
    return form


async def _list_page(
    request: Request, event: Event, form: QuestionForm, status: int = 200
) -> Response:
    there = await questions.questions_of(event.id)
    counts = await questions.answered(event.id)
    asked = [it for it in there if it.retired_at is None]
    return page(
        request,
        "desk/questions.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        questions=asked,
        retired=[it for it in there if it.retired_at and it.id in counts],
        counts=counts,
        only_if={it.id: condition_words(it, asked) for it in asked},
        conditions=condition_options(asked),
        form=form,
        may_add=len(asked) < MOST_QUESTIONS,
        may_change=event.status is not Status.CANCELLED,
    )


async def _question_page(
    request: Request,
    event: Event,
    question: FormQuestion,
    form: QuestionForm,
    status: int = 200,
) -> Response:
    there = await questions.questions_of(event.id)
    above = [it for it in there if it.position < question.position]
    counts = await questions.answered(event.id)
    return page(
        request,
        "desk/question.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        question=question,
        choices=choices_of(question),
        answers=counts.get(question.id, 0),
        conditions=condition_options([it for it in above if it.retired_at is None]),
        form=form,
    )


def condition_options(asked: Sequence[FormQuestion]) -> list[tuple[str, str]]:
    """List each answer that a question may depend on, for a select."""
    return [
        (
            condition_typed(Condition(question.id, value)),
            f"{pick(question.label)[0]} – {answer_words(question, value)}",
        )
        for question in asked
        for value in deciding_values(question)
    ]


def condition_words(question: FormQuestion, asked: Sequence[FormQuestion]) -> str:
    """Say after which answer a question is asked, "" if it always is."""
    condition = condition_of(question)
    if condition is None:
        return ""
    options = dict(condition_options(asked))
    return options.get(condition_typed(condition), "")


def answer_words(question: FormQuestion, value: str) -> str:
    if value in (YES, NO) and not question.choices:
        return gettext("yes") if value == YES else gettext("no")
    found: Sequence[Choice] = choices_of(question)
    return next((pick(it.label)[0] for it in found if it.code == value), value)


QUESTIONS = "/desk/events/{id}/questions"
QUESTION = QUESTIONS + "/{question}"

routes = [
    route(QUESTIONS, show_questions, access=MANAGER, name="desk:questions"),
    route(QUESTIONS, add, access=MANAGER, name="desk:add_question", methods=["POST"]),
    route(QUESTION, show_question, access=MANAGER, name="desk:question"),
    route(QUESTION, edit, access=MANAGER, name="desk:save_question", methods=["POST"]),
    route(
        QUESTION + "/move",
        move,
        access=MANAGER,
        name="desk:move_question",
        methods=["POST"],
    ),
    route(
        QUESTION + "/retire",
        retire,
        access=MANAGER,
        name="desk:retire_question",
        methods=["POST"],
    ),
]
