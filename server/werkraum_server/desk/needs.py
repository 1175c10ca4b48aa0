"""Special needs at the desk: what people need to take part, and the answer to it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, MANAGER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import paragraphs
from werkraum_registration import needs
from werkraum_registration.models import Need, NeedState
from werkraum_registration.needs import LONGEST_ANSWER, Reply
from werkraum_server.desk.own_events import own_event


class NeedAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reply: Reply
    text: Annotated[str, paragraphs(max_length=LONGEST_ANSWER)] | None = None


async def show_needs(request: Request) -> Response:
    event = await own_event(request)
    return page(
        request,
        "desk/needs.html",
        event=event,
        organiser=footer_of(event.organiser),
        needs=await needs.needs_of(event.id),
    )


async def show_need(request: Request) -> Response:
    event, need = await _own_need(request)
    answered = need.state is not NeedState.OPEN
    typed = {"reply": need.state.value, "text": need.answer} if answered else {}
    return _need_page(request, event, need, Form(typed))


async def answer_need(request: Request) -> Response:
    event, need = await _own_need(request)
    grant = granted(request)
    form = await read_form(request, NeedAnswer)
    if form.value is None:
        return _need_page(request, event, need, form, status=422)
    try:
        await needs.answer(
            grant.organiser_id,
            event.id,
            need.id,
            form.value.reply,
            form.value.text or "",
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        again = Form[NeedAnswer](form.typed, refusal.faults)
        return _need_page(request, event, need, again, status=422)
    return see_other(request, "desk:needs", id=event.id)


async def _own_need(request: Request) -> tuple[Event, Need]:
    event = await own_event(request)
    return event, await needs.need_of(event.id, path_id(request, "need"))


def _need_page(
    request: Request,
    event: Event,
    need: Need,
    form: Form[NeedAnswer],
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/need.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        need=need,
        form=form,
    )


NEED = "/desk/events/{id}/needs/{need}"

routes = [
    route("/desk/events/{id}/needs", show_needs, access=HOST, name="desk:needs"),
    route(NEED, show_need, access=MANAGER, name="desk:need"),
    route(NEED, answer_need, access=MANAGER, name="desk:answer_need", methods=["POST"]),
]
