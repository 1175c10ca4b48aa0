"""What became of a theme, at the desk: write it, look at the letter, send it once."""

from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook
from werkraum_feedback.coding.theme_counts import theme_counts
from werkraum_feedback.follow_up import replies
from werkraum_feedback.follow_up.replies import ReplyWish
from werkraum_feedback.follow_up_models import Reply
from werkraum_feedback.statement_models import Theme
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import paragraphs
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

TEXT = Annotated[str, paragraphs(max_length=3_000)]


class ReplyFields(BaseModel):
    model_config = ConfigDict(extra="forbid")


ReplyForm = Form[ReplyFields]


@cache
def _model() -> type[ReplyFields]:
    return with_texts(ReplyFields, {"said": TEXT, "did": TEXT})


async def _read(request: Request) -> ReplyForm:
    """Read the form; both halves are there in the same language at least once."""
    form: ReplyForm = await read_form(request, _model())
    whole = [
        code
        for code in settings().languages
        if form.text(f"said_{code}").strip() and form.text(f"did_{code}").strip()
    ]
    faults = () if whole else (fault("said", "missing"), fault("did", "missing"))
    return Form(form.typed, (*faults, *form.faults)) if faults else form


async def show_replies(request: Request) -> Response:
    """List the themes of an event, and what was written about each."""
    event = await own_event(request)
    return page(
        request,
        "desk/replies.html",
        event=event,
        past=event.is_past(clock.now()),
        counts=await theme_counts(event.id),
        replies=await replies.replies_of(event.id),
        organiser=footer_of(event.organiser),
    )


async def show_reply(request: Request) -> Response:
    event, theme, reply = await _own(request)
    typed = {}
    if reply:
        typed = typed_texts("said", reply.said) | typed_texts("did", reply.did)
    return await _page(request, event, theme, reply, ReplyForm.showing(typed))


async def write(request: Request) -> Response:
    event, theme, reply = await _own(request)
    form, grant = await _read(request), granted(request)
    if form.value is None:
        return await _page(request, event, theme, reply, form, status=422)
    wish = ReplyWish(texts_of(form.value, "said"), texts_of(form.value, "did"))
    await replies.write(
        grant.organiser_id,
        event.id,
        theme.id,
        wish,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:reply_preview", id=event.id, theme=theme.id)


async def show_preview(request: Request) -> Response:
    """Show what goes out, and to how many; nothing is sent by looking."""
    event, theme, reply = await _own(request)
    if reply is None:
        raise NotFound
    return page(
        request,
        "desk/reply_send.html",
        event=event,
        theme=theme,
        reply=reply,
        people=len(await replies.recipients_of(reply)),
        organiser=footer_of(event.organiser),
    )


async def send(request: Request) -> Response:
    event, _, reply = await _own(request)
    if reply is None:
        raise NotFound
    grant = granted(request)
    await replies.send(grant.organiser_id, reply.id, actor=grant.actor, now=clock.now())
    return see_other(request, "desk:replies", id=event.id)


async def _own(request: Request) -> tuple[Event, Theme, Reply | None]:
    event, theme_id = await own_event(request), path_id(request, "theme")
    theme = await codebook.theme_of(event.organiser_id, theme_id)
    return event, theme, await _reply(event, theme.id)


async def _reply(event: Event, theme_id: UUID) -> Reply | None:
    return await replies.find(event.organiser_id, event.id, theme_id)


async def _page(
    request: Request,
    event: Event,
    theme: Theme,
    reply: Reply | None,
    form: ReplyForm,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/reply.html",
        status=status,
        event=event,
        theme=theme,
        reply=reply,
        form=form,
        organiser=footer_of(event.organiser),
    )


ALL = "/desk/events/{id}/feedback/replies"
ONE = ALL + "/{theme}"

routes = [
    route(ALL, show_replies, access=READER, name="desk:replies"),
    route(ONE, show_reply, access=MANAGER, name="desk:reply"),
    route(ONE, write, access=MANAGER, name="desk:write_reply", methods=["POST"]),
    route(ONE + "/send", show_preview, access=MANAGER, name="desk:reply_preview"),
    route(
        ONE + "/send", send, access=MANAGER, name="desk:send_reply", methods=["POST"]
    ),
]
