"""Surveys at the desk: draft one, word it, open it, close it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.queries import event_of
from werkraum_feedback import queries, rounds, rules
from werkraum_feedback.models import QuestionRow, Round, RoundState
from werkraum_feedback.questions import Question
from werkraum_feedback.records import question_of
from werkraum_feedback.wording_form import read_wording, typed_of, wording_of
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_numbers import whole_number

NOTICES = {
    "created": noop("The survey is drafted. Nobody is asked before you open it."),
    "saved": noop("Your changes are saved."),
    "opened": noop("The survey is open, and the letters are on their way."),
    "ended": noop("The survey is closed."),
    "ending": noop("The survey ends. Nobody new can begin."),
}
DAYS = rules.OPEN_FOR.days


class End(StrEnum):
    SOON = "soon"
    NOW = "now"


class OpenFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    days: Annotated[int, whole_number(1, 90)] = DAYS


class CloseFields(BaseModel):
    """Without a word, those who are just writing are waited for."""

    model_config = ConfigDict(extra="forbid")
    end: End = End.SOON


@dataclass(frozen=True)
class RoundCard:
    """A round as the page of its event shows it; `state` may be "ending" too."""

    round: Round
    state: str
    answered: int
    questions: tuple[Question, ...]


async def show_feedback(request: Request) -> Response:
    """Show the surveys of an event and what can be done with each."""
    organiser_id = granted(request).organiser_id
    event = await event_of(organiser_id, request.path_params["id"])
    cards = [await _card(each) for each in await queries.rounds_of(event.id)]
    said = NOTICES.get(request.query_params.get("done", ""))
    return page(
        request,
        "feedback/desk.html",
        event=event,
        cards=cards,
        grace=rules.GRACE,
        past=event.is_past(clock.now()),
        may_create=all(card.state == RoundState.CLOSED for card in cards),
        organiser=footer_of(event.organiser),
        notice=gettext(said) if said else None,
    )


async def _card(asked: Round) -> RoundCard:
    is_open = asked.state is RoundState.OPEN
    ending = is_open and asked.closes_at is not None and asked.closes_at <= clock.now()
    return RoundCard(
        asked,
        "ending" if ending else asked.state.value,
        await queries.count_responses(asked.id),
        await queries.questions_of(asked.id),
    )


async def create(request: Request) -> Response:
    grant, event_id = granted(request), request.path_params["id"]
    await rounds.create(
        grant.organiser_id, event_id, actor=grant.actor, now=clock.now()
    )
    return _done(request, event_id, "created")


async def show_wording(request: Request) -> Response:
    draft = await _own_round(request)
    rules.must_be_draft(draft)
    rows = await queries.question_rows_of(draft.id)
    return _wording_page(request, draft, rows, Form(typed_of(draft, rows)))


async def save_wording(request: Request) -> Response:
    draft, grant = await _own_round(request), granted(request)
    rows = await queries.question_rows_of(draft.id)
    form = await read_wording(request, rows)
    if form.value is None:
        return _wording_page(request, draft, rows, form, status=422)
    await rounds.edit(
        grant.organiser_id,
        draft.id,
        wording_of(form.value, rows),
        actor=grant.actor,
        now=clock.now(),
    )
    return _done(request, draft.event_id, "saved")


def _wording_page(
    request: Request,
    draft: Round,
    rows: list[QuestionRow],
    form: Form[BaseModel],
    status: int = 200,
) -> Response:
    return _round_page(
        request,
        draft,
        "feedback/wording.html",
        status=status,
        form=form,
        questions=[question_of(row) for row in rows],
    )


async def show_open(request: Request) -> Response:
    """Say how many letters will be sent before they are."""
    draft = await _own_round(request)
    rules.must_be_draft(draft)
    return await _open_page(request, draft, Form({"days": str(DAYS)}))


async def open_round(request: Request) -> Response:
    draft, grant, now = await _own_round(request), granted(request), clock.now()
    form = await read_form(request, OpenFields)
    if form.value is None:
        return await _open_page(request, draft, form, status=422)
    await rounds.open(
        grant.organiser_id,
        draft.id,
        closes_at=now + form.value.days * rules.A_DAY,
        actor=grant.actor,
        now=now,
    )
    return _done(request, draft.event_id, "opened")


async def _open_page(
    request: Request, draft: Round, form: Form[OpenFields], status: int = 200
) -> Response:
    return _round_page(
        request,
        draft,
        "feedback/open.html",
        status=status,
        form=form,
        people=len(await rounds.people_of(draft)),
        over=draft.event is None or draft.event.is_past(clock.now()),
        questions=await queries.questions_of(draft.id),
    )


async def show_close(request: Request) -> Response:
    asked = await _own_round(request)
    rules.must_be_open(asked)
    form = Form[CloseFields]({"end": End.SOON.value})
    return await _close_page(request, asked, form)


async def close_round(request: Request) -> Response:
    asked, grant = await _own_round(request), granted(request)
    form = await read_form(request, CloseFields)
    if form.value is None:
        return await _close_page(request, asked, form, status=422)
    at_once = form.value.end is End.NOW
    await rounds.close(
        grant.organiser_id,
        asked.id,
        at_once=at_once,
        actor=grant.actor,
        now=clock.now(),
    )
    return _done(request, asked.event_id, "ended" if at_once else "ending")


async def _close_page(
    request: Request, asked: Round, form: Form[CloseFields], status: int = 200
) -> Response:
    return _round_page(
        request,
        asked,
        "feedback/close.html",
        status=status,
        form=form,
        answered=await queries.count_responses(asked.id),
    )


async def _own_round(request: Request) -> Round:
    return await queries.round_of(
        granted(request).organiser_id, request.path_params["id"]
    )


def _round_page(
    request: Request,
    asked: Round,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return page(
        request,
        template,
        status=status,
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        **context,
    )


def _done(request: Request, event_id: UUID | None, what: str) -> Response:
    response = see_other(request, "desk:feedback", id=event_id)
    response.headers["location"] += f"?done={what}"
    return response


EVENT = "/desk/events/{id:uuid}/feedback"
ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(EVENT, show_feedback, access=READER, name="desk:feedback"),
    route(EVENT, create, access=MANAGER, name="desk:create_round", methods=["POST"]),
    route(f"{ROUND}/questions", show_wording, access=MANAGER, name="desk:round"),
    route(
        f"{ROUND}/questions",
        save_wording,
        access=MANAGER,
        name="desk:save_round",
        methods=["POST"],
    ),
    route(f"{ROUND}/open", show_open, access=MANAGER, name="desk:ask_open_round"),
    route(
        f"{ROUND}/open",
        open_round,
        access=MANAGER,
        name="desk:open_round",
        methods=["POST"],
    ),
    route(f"{ROUND}/close", show_close, access=MANAGER, name="desk:ask_close_round"),
    route(
        f"{ROUND}/close",
        close_round,
        access=MANAGER,
        name="desk:close_round",
        methods=["POST"],
    ),
]
