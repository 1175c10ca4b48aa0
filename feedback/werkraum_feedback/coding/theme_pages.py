"""Themes of an event at the desk: counts, the words of one, agreement of two."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.coding import codebook, codings
from werkraum_feedback.coding.agreement import coders_of, compare
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.coding_form import ThemeName
from werkraum_feedback.coding.coding_pages import by
from werkraum_feedback.coding.event_frame import back_to, event_page, own_event
from werkraum_feedback.coding.passages_of_theme import passages_of
from werkraum_feedback.coding.theme_figures import pairs_of, table_of
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, language, noop, pick
from werkraum_foundation.links import path_to

NOTICES = {
    "remove": noop("The marks are removed."),
    "move": noop("The marks have another theme now."),
    "split": noop("The marks have a theme of their own now."),
}


class Bulk(StrEnum):
    MOVE = "move"
    SPLIT = "split"
    REMOVE = "remove"


class BulkFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    coding: list[UUID] = []
    deed: Bulk
    into: UUID | None = None
    name: ThemeName | None = None


async def show_themes(request: Request) -> Response:
    """Show which themes connect people, by how many kinds of organisations."""
    event = await own_event(request)
    table = await table_of(event.id)
    return event_page(
        request,
        event,
        "feedback/themes.html",
        table=table,
        pairs=await pairs_of(event.id, table.counts),
    )


async def show_theme(request: Request) -> Response:
    """Show the words about one theme, with deeds for many at once."""
    theme = await _own_theme(request)
    return await _theme_page(request, theme, Form.showing())


async def change_marks(request: Request) -> Response:
    """Move, split off or remove the chosen marks of a theme."""
    event, theme = await own_event(request), await _own_theme(request)
    form = await read_form(request, BulkFields)
    if form.value is None or _lacks(form.value):
        return await _theme_page(request, theme, _with_fault(form), status=422)
    wish, who = form.value, by(request, event.id)
    if wish.deed is Bulk.MOVE and wish.into:
        await codings.move(who, wish.coding, wish.into)
    elif wish.deed is Bulk.SPLIT and wish.name:
        await codings.split(who, wish.coding, Wording({language(): wish.name}))
    else:
        await codings.remove(who, wish.coding)
    path = path_to("desk:theme_words", id=event.id, theme=theme.id)
    return back_to(path, done=wish.deed.value)


def _lacks(wish: BulkFields) -> str:
    """Name the field that is missing for what is wished, or none."""
    if not wish.coding:
        return "coding"
    needed = {Bulk.MOVE: ("into", wish.into), Bulk.SPLIT: ("name", wish.name)}
    field, value = needed.get(wish.deed, ("", True))
    return "" if value else field


def _with_fault(form: Form[BulkFields]) -> Form[BulkFields]:
    if form.value is None:
        return form
    said = {
        "coding": gettext("Please choose at least one place first."),
        "into": gettext("Please choose the theme they go to."),
        "name": gettext("Please name the new theme."),
    }
    field = _lacks(form.value)
    return Form(form.typed, (Fault(field, "missing", said[field]),))


async def _own_theme(request: Request) -> Theme:
    theme_id = request.path_params["theme"]
    return await codebook.theme_of(granted(request).organiser_id, theme_id)


async def _theme_page(
    request: Request, theme: Theme, form: Form[BulkFields], status: int = 200
) -> Response:
    event = await own_event(request)
    themes = await codebook.themes_of(event.organiser_id)
    return event_page(
        request,
        event,
        "feedback/theme_words.html",
        notices=NOTICES,
        status=status,
        theme=theme,
        form=form,
        passages=await passages_of(theme.id, event.id),
        theme_options=[(it.id, pick(it.name)[0]) for it in themes if it.id != theme.id],
    )


async def show_agreement(request: Request) -> Response:
    """Compare two who have coded: who looks and another one, or `?one=&other=`."""
    event = await own_event(request)
    coders = await coders_of(event.id)
    known = {it.actor: it for it in coders}
    asked = request.query_params
    first = [asked.get("one", ""), granted(request).actor, *known]
    one = next((known[it] for it in first if it in known), None)
    second = [asked.get("other", ""), *known]
    other = next((known[it] for it in second if it in known and known[it] != one), None)
    return event_page(
        request,
        event,
        "feedback/agreement.html",
        coders=coders,
        one=one,
        other=other,
        comparison=await compare(event.id, one.actor, other.actor)
        if one and other
        else None,
    )


EVENT = "/desk/events/{id:uuid}/feedback"
THEME = EVENT + "/themes/{theme:uuid}"

routes = [
    route(f"{EVENT}/themes", show_themes, access=READER, name="desk:themes"),
    route(THEME, show_theme, access=READER, name="desk:theme_words"),
    route(THEME, change_marks, access=HOST, name="desk:change_marks", methods=["POST"]),
    route(f"{EVENT}/agreement", show_agreement, access=HOST, name="desk:agreement"),
]
