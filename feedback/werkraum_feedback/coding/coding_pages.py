"""Coding at the desk: one statement after another, a key or a button for each theme."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from werkraum_feedback.coding import codebook_deeds, codings
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.coding.coding_desk import desk_of
from werkraum_feedback.coding.coding_form import CodeFields
from werkraum_feedback.coding.deed_words import deed_words
from werkraum_feedback.coding.occasion_frame import (
    back_to,
    occasion_page,
    own_occasion,
)
from werkraum_feedback.coding.occasions import Occasion, occasion_id_of, occasion_of
from werkraum_feedback.statement_models import CodebookDeed, Coding
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
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


def by(request: Request, occasion_id: UUID | None) -> By:
    grant = granted(request)
    return By(grant.organiser_id, grant.actor, clock.now(), occasion_id)


async def show_coding(request: Request) -> Response:
    """Show the statement of `?at=`, or the next that the coder has not read."""
    occasion = await own_occasion(request)
    return await _coding_page(request, occasion, _at(request), Form.showing())


def _at(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params["at"])
    except (KeyError, ValueError):
        return None


async def _coding_page(
    request: Request,
    occasion: Occasion,
    at: UUID | None,
    form: Form[CodeFields],
    status: int = 200,
) -> Response:
    grant, with_others = granted(request), _with_others(request)
    desk = await desk_of(
        grant.organiser_id, occasion.id, grant.actor, at=at, with_others=with_others
    )
    return occasion_page(
        request,
        occasion,
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
    occasion, at = await own_occasion(request), request.path_params["statement"]
    statement = await codings.statement_of(granted(request).organiser_id, at)
    if occasion_id_of(statement) != occasion.id:
        raise NotFound
    form = await read_form(request, CodeFields)
    if form.value is None or not (form.value.theme or form.value.name):
        return await _coding_page(
            request, occasion, at, _without_theme(form), status=422
        )
    span = form.value.span(statement.text)
    if form.value.theme:
        await codings.code(by(request, occasion.id), at, form.value.theme, span)
    else:
        name = str(form.value.name)
        await codings.code_by_name(by(request, occasion.id), at, name, span)
    return _back(request, occasion, at, "coded")


def _without_theme(form: Form[CodeFields]) -> Form[CodeFields]:
    if form.faults:
        return form
    said = gettext("Please choose a theme, or type the name of a new one.")
    return Form(form.typed, (Fault("name", "missing", said),))


async def done(request: Request) -> Response:
    """Go on to the next statement; this one counts as read."""
    occasion, at = await own_occasion(request), request.path_params["statement"]
    await codings.done(by(request, occasion.id), at)
    return _back(request, occasion, None, "")


async def dismiss(request: Request) -> Response:
    occasion, at = await own_occasion(request), request.path_params["statement"]
    form = await read_form(request, DismissFields)
    if form.value:
        await codings.dismiss(by(request, occasion.id), at, form.value.theme)
    return _back(request, occasion, at, "dismissed" if form.value else "")


async def undo(request: Request) -> Response:
    """Take back the last deed, and show the statement it was about."""
    occasion = await own_occasion(request)
    form = await read_form(request, UndoFields)
    deed = await codebook_deeds.undo(by(request, occasion.id))
    at = _statement_of(deed) or (form.value.at if form.value else None)
    return _back(request, occasion, at, "undone")


def _statement_of(deed: CodebookDeed) -> UUID | None:
    """Of many statements none: a deed on the codebook shows no other page."""
    rows = {**deed.before.get("coding", {}), **deed.after.get("coding", {})}
    found = {row["statement_id"] for row in rows.values()}
    return UUID(found.pop()) if deed.occasion_id and len(found) == 1 else None


async def change_mark(request: Request) -> Response:
    """Remove a mark, give it another theme, or say that it is worth quoting."""
    coding = await _own_coding(request)
    form = await read_form(request, MarkFields)
    occasion = await occasion_of(granted(request).organiser_id, coding.statement)
    who = by(request, occasion.id)
    if form.value is None:
        return _back(request, occasion, coding.statement_id, "")
    deed = form.value.deed
    if deed is MarkDeed.REMOVE:
        await codings.remove(who, [coding.id])
    elif deed is MarkDeed.MOVE:
        await codings.move(who, [coding.id], form.value.theme or coding.theme_id)
    else:
        await codings.mark_quote(who, coding.id, good=deed is MarkDeed.QUOTE)
    return _back(request, occasion, coding.statement_id, deed.value)


async def _own_coding(request: Request) -> Coding:
    found = Coding.filter(
        id=request.path_params["id"],
        statement__organiser_id=granted(request).organiser_id,
    )
    coding = await found.select_related("statement").first()
    if coding is None:
        raise NotFound
    return coding


def _back(request: Request, occasion: Occasion, at: UUID | None, done: str) -> Response:
    others = "1" if _with_others(request) else ""
    return back_to(occasion.path("coding"), at=at, others=others, done=done)


CHANGE = "/desk/codings/{id:uuid}"


def _routes(place: str, prefix: str) -> list[BaseRoute]:
    """Route the same pages for an event and for a round of the network."""
    there, one = f"{place}/coding", f"{place}/coding/{{statement:uuid}}"
    post = ["POST"]
    return [
        route(there, show_coding, access=HOST, name=f"{prefix}coding"),
        route(f"{there}/undo", undo, access=HOST, name=f"{prefix}undo", methods=post),
        route(one, code, access=HOST, name=f"{prefix}code", methods=post),
        route(f"{one}/done", done, access=HOST, name=f"{prefix}read", methods=post),
        route(
            f"{one}/dismiss",
            dismiss,
            access=HOST,
            name=f"{prefix}dismiss",
            methods=post,
        ),
    ]


routes = [
    *_routes("/desk/events/{id:uuid}/feedback", "desk:"),
    *_routes("/desk/rounds/{id:uuid}", "desk:round_"),
    route(CHANGE, change_mark, access=HOST, name="desk:change_mark", methods=["POST"]),
]
