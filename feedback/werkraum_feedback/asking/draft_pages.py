"""A draft at the desk: how it is asked, its questions, how people will see it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.answering.answer_form import Beside
from werkraum_feedback.answering.records import question_of
from werkraum_feedback.asking import drafts, queries, rules
from werkraum_feedback.asking.draft_form import (
    QuestionFields,
    RoundFields,
    read_question,
    read_round,
    typed_question,
    typed_round,
)
from werkraum_feedback.asking.round_pages import done, notice_of, own_round, round_page
from werkraum_feedback.models import QuestionRow, Round
from werkraum_feedback.questions import WITH_OPTIONS, WITH_POLES, QuestionKind
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import noop
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound

NOTICES = {
    "saved": noop("Your changes are saved."),
    "added": noop("The question is added."),
    "removed": noop("The question is removed."),
    "copied": noop("The question stands there twice now."),
    "moved": noop("The question has moved."),
    "created": noop("%(The_round)s is drafted. Nobody is asked before you open it."),
}


class Step(StrEnum):
    """What a button beside a question does."""

    UP = "up"
    DOWN = "down"
    COPY = "copy"
    REMOVE = "remove"


class NoFields(BaseModel):
    pass


async def _own_draft(request: Request) -> Round:
    draft = await own_round(request)
    rules.must_be_draft(draft)
    return draft


async def show_draft(request: Request) -> Response:
    draft = await _own_draft(request)
    return await _draft_page(request, draft, Form(typed_round(draft)))


async def save_draft(request: Request) -> Response:
    draft, grant = await _own_draft(request), granted(request)
    form = await read_round(request)
    if form.value is None:
        return await _draft_page(request, draft, form, status=422)
    await drafts.edit(
        grant.organiser_id,
        draft.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return _back(draft, "saved")


async def _draft_page(
    request: Request, draft: Round, form: Form[RoundFields], status: int = 200
) -> Response:
    rows = await queries.question_rows_of(draft.id)
    return round_page(
        request,
        draft,
        "feedback/draft.html",
        status=status,
        form=form,
        rows=[(row, question_of(row)) for row in rows],
        kinds=list(QuestionKind),
        has_room=len(rows) < rules.MOST_QUESTIONS,
        notice=notice_of(request, NOTICES, draft.kind),
    )


async def show_new_question(request: Request) -> Response:
    draft, kind = await _own_draft(request), _kind(request)
    return _question_page(request, draft, kind, Form[QuestionFields].showing())


async def add_question(request: Request) -> Response:
    draft, grant, kind = await _own_draft(request), granted(request), _kind(request)
    form = await read_question(request, kind)
    if form.value is None:
        return _question_page(request, draft, kind, form, status=422)
    await drafts.add_question(
        grant.organiser_id,
        draft.id,
        kind,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return _back(draft, "added")


def _kind(request: Request) -> QuestionKind:
    """Read which kind of question the address names."""
    try:
        return QuestionKind(request.query_params.get("kind", ""))
    except ValueError:
        raise NotFound from None


async def _own_question(request: Request) -> tuple[Round, QuestionRow]:
    draft, wanted = await _own_draft(request), path_id(request, "question")
    for row in await queries.question_rows_of(draft.id):
        if row.id == wanted:
            return draft, row
    raise NotFound


async def show_question(request: Request) -> Response:
    draft, row = await _own_question(request)
    return _question_page(request, draft, row.kind, Form(typed_question(row)), row)


async def save_question(request: Request) -> Response:
    (draft, row), grant = await _own_question(request), granted(request)
    form = await read_question(request, row.kind)
    if form.value is None:
        return _question_page(request, draft, row.kind, form, row, status=422)
    await drafts.edit_question(
        grant.organiser_id,
        draft.id,
        row.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return _back(draft, "saved")


def _question_page(
    request: Request,
    draft: Round,
    kind: QuestionKind,
    form: Form[QuestionFields],
    row: QuestionRow | None = None,
    status: int = 200,
) -> Response:
    return round_page(
        request,
        draft,
        "feedback/question.html",
        status=status,
        form=form,
        kind=kind,
        row=row,
        with_options=kind in WITH_OPTIONS,
        with_poles=kind in WITH_POLES,
    )


async def take_step(request: Request) -> Response:
    """Move, copy or remove a question with one button."""
    (draft, row), step = await _own_question(request), request.path_params["step"]
    if step not in list(Step):
        raise NotFound
    await read_form(request, NoFields)
    return _back(draft, await _done_step(request, draft.id, row.id, Step(step)))


async def _done_step(
    request: Request, round_id: UUID, question_id: UUID, step: Step
) -> str:
    grant = granted(request)
    # Any: each deed takes them by name.
    given: dict[str, Any] = {"actor": grant.actor, "now": clock.now()}
    ids = grant.organiser_id, round_id, question_id
    match step:
        case Step.COPY:
            await drafts.copy_question(*ids, **given)
            return "copied"
        case Step.REMOVE:
            await drafts.remove_question(*ids, **given)
            return "removed"
    await drafts.move_question(*ids, up=step is Step.UP, **given)
    return "moved"


def _back(draft: Round, what: str) -> Response:
    return done("desk:round", what, id=draft.id)


async def show_preview(request: Request) -> Response:
    """Show the questions as people will see them; nothing can be sent."""
    draft = await own_round(request)
    return round_page(
        request,
        draft,
        "feedback/preview.html",
        form=Form[Beside].showing(),
        questions=await queries.questions_of(draft.id),
        signable=rules.may_sign(draft),
    )


ROUND = "/desk/rounds/{id:uuid}"
QUESTION = ROUND + "/questions/{question}"

routes = [
    route(f"{ROUND}/preview", show_preview, access=READER, name="desk:preview_round"),
    route(f"{ROUND}/questions", show_draft, access=MANAGER, name="desk:round"),
    route(
        f"{ROUND}/questions",
        save_draft,
        access=MANAGER,
        name="desk:save_round",
        methods=["POST"],
    ),
    route(
        f"{ROUND}/questions/new",
        show_new_question,
        access=MANAGER,
        name="desk:new_round_question",
    ),
    route(
        f"{ROUND}/questions/new",
        add_question,
        access=MANAGER,
        name="desk:add_round_question",
        methods=["POST"],
    ),
    route(QUESTION, show_question, access=MANAGER, name="desk:round_question"),
    route(
        QUESTION,
        save_question,
        access=MANAGER,
        name="desk:save_round_question",
        methods=["POST"],
    ),
    route(
        QUESTION + "/{step}",
        take_step,
        access=MANAGER,
        name="desk:step_round_question",
        methods=["POST"],
    ),
]
