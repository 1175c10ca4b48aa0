"""Coding at the desk: one statement after another, a key or a button for each theme."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook_deeds, codings
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.coding.coding_desk import desk_of
from werkraum_feedback.coding.coding_form import CodeFields
from werkraum_feedback.coding.deed_words import deed_words
from werkraum_feedback.coding.event_frame import back_to, event_page, own_event
from werkraum_feedback.statement_models import CodebookDeed, Coding
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.links import path_to
from werkraum_foundation.refusals import NotFound

NOTICES = {
    "coded": noop("Marked."),
    "remove": noop("The mark is removed."),
    "quote": noop("Marked as a good quote."),
    "no_quote": noop("No longer marked as a good quote."),
    "move": noop("The mark has another theme now."),
    "dismissed": noop("This theme is not suggested here any more."),
    "undone": noop("Taken back."),
}


class MarkDeed(StrEnum):
    REMOVE = "remove"
    QUOTE = "quote"
    NO_QUOTE = "no_quote"
    MOVE = "move"


class MarkFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    deed: MarkDeed
    theme: UUID | None = None


class DismissFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    theme: UUID


class UndoFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    at: UUID | None = None


def by(request: Request, event_id: UUID | None) -> By:
    grant = granted(request)
    return By(grant.organiser_id, grant.actor, clock.now(), event_id)


async def show_coding(request: Request) -> Response:
    """Show the statement of `?at=`, or the next that the coder has not read."""
    event = await own_event(request)
    return await _coding_page(request, event, _at(request), Form.showing())


def _at(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params["at"])
    except (KeyError, ValueError):
        return None


async def _coding_page(
    request: Request,
    event: Event,
    at: UUID | None,
    form: Form[CodeFields],
    status: int = 200,
) -> Response:
    grant, with_others = granted(request), _with_others(request)
    desk = await desk_of(
        grant.organiser_id, event.id, grant.actor, at=at, with_others=with_others
    )
    return event_page(
        request,
        event,
        "feedback/coding.html",
        notices=NOTICES,
        status=status,
        desk=desk,
        form=form,
        undo_words=deed_words(desk.last) if desk.last else "",
        with_others=with_others,
        keep="?others=1" if with_others else "",
    )


def _with_others(request: Request) -> bool:
    return request.query_params.get("others") == "1"


async def code(request: Request) -> Response:
    """Mark a statement with a theme, known or new; all of it, or some words."""
    event, at = await own_event(request), request.path_params["statement"]
    statement = await codings.statement_of(event.organiser_id, at)
    if statement.event_id != event.id:
        raise NotFound
    form = await read_form(request, CodeFields)
    if form.value is None or not (form.value.theme or form.value.name):
        return await _coding_page(request, event, at, _without_theme(form), status=422)
    span = form.value.span(statement.text)
    if form.value.theme:
        await codings.code(by(request, event.id), at, form.value.theme, span)
    else:
        name = str(form.value.name)
        await codings.code_by_name(by(request, event.id), at, name, span)
    return _back(request, event.id, at, "coded")


def _without_theme(form: Form[CodeFields]) -> Form[CodeFields]:
    if form.faults:
        return form
    said = gettext("Please choose a theme, or type the name of a new one.")
    return Form(form.typed, (Fault("name", "missing", said),))


async def done(request: Request) -> Response:
    """Go on to the next statement; this one counts as read."""
    event, at = await own_event(request), request.path_params["statement"]
    await codings.done(by(request, event.id), at)
    return _back(request, event.id, None, "")


async def dismiss(request: Request) -> Response:
    event, at = await own_event(request), request.path_params["statement"]
    form = await read_form(request, DismissFields)
    if form.value:
        await codings.dismiss(by(request, event.id), at, form.value.theme)
    return _back(request, event.id, at, "dismissed" if form.value else "")


async def undo(request: Request) -> Response:
    """Take back the last deed, and show the statement it was about."""
    event = await own_event(request)
    form = await read_form(request, UndoFields)
    deed = await codebook_deeds.undo(by(request, event.id))
    at = _statement_of(deed) or (form.value.at if form.value else None)
    return _back(request, event.id, at, "undone")


def _statement_of(deed: CodebookDeed) -> UUID | None:
    """Of many statements none: a deed on the codebook shows no other page."""
    rows = {**deed.before.get("coding", {}), **deed.after.get("coding", {})}
    found = {row["statement_id"] for row in rows.values()}
    return UUID(found.pop()) if deed.event_id and len(found) == 1 else None


async def change_mark(request: Request) -> Response:
    """Remove a mark, give it another theme, or say that it is worth quoting."""
    coding = await _own_coding(request)
    form = await read_form(request, MarkFields)
    who, event_id = by(request, coding.statement.event_id), coding.statement.event_id
    if form.value is None:
        return _back(request, event_id, coding.statement_id, "")
    deed = form.value.deed
    if deed is MarkDeed.REMOVE:
        await codings.remove(who, [coding.id])
    elif deed is MarkDeed.MOVE:
        await codings.move(who, [coding.id], form.value.theme or coding.theme_id)
    else:
        await codings.mark_quote(who, coding.id, good=deed is MarkDeed.QUOTE)
    return _back(request, event_id, coding.statement_id, deed.value)


async def _own_coding(request: Request) -> Coding:
    found = Coding.filter(
        id=request.path_params["id"],
        statement__organiser_id=granted(request).organiser_id,
        statement__event_id__isnull=False,
    )
    coding = await found.select_related("statement").first()
    if coding is None:
        raise NotFound
    return coding


def _back(
    request: Request, event_id: UUID | None, at: UUID | None, done: str
) -> Response:
    others = "1" if _with_others(request) else ""
    path = path_to("desk:coding", id=event_id)
    return back_to(path, at=at, others=others, done=done)


EVENT = "/desk/events/{id:uuid}/feedback/coding"
STATEMENT = EVENT + "/{statement:uuid}"

routes = [
    route(EVENT, show_coding, access=HOST, name="desk:coding"),
    route(f"{EVENT}/undo", undo, access=HOST, name="desk:undo", methods=["POST"]),
    route(STATEMENT, code, access=HOST, name="desk:code", methods=["POST"]),
    route(f"{STATEMENT}/done", done, access=HOST, name="desk:read", methods=["POST"]),
    route(
        f"{STATEMENT}/dismiss",
        dismiss,
        access=HOST,
        name="desk:dismiss",
        methods=["POST"],
    ),
    route(
        "/desk/codings/{id:uuid}",
        change_mark,
        access=HOST,
        name="desk:change_mark",
        methods=["POST"],
    ),
]
