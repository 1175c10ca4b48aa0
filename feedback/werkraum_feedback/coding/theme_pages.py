"""Themes of an occasion at the desk: counts, the words of one, agreement of two."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from werkraum_feedback.coding import codebook, codings
from werkraum_feedback.coding.agreement import coders_of, compare
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.coding_form import ThemeName
from werkraum_feedback.coding.coding_pages import by
from werkraum_feedback.coding.occasion_frame import (
    back_to,
    occasion_page,
    own_occasion,
)
from werkraum_feedback.coding.passages_of_theme import passages_of
from werkraum_feedback.coding.theme_figures import pairs_of, table_of
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, language, noop, pick

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
    at = await own_occasion(request)
    table = await table_of(at.id)
    return occasion_page(
        request,
        at,
        "feedback/themes.html",
        table=table,
        pairs=await pairs_of(at.id, table.counts),
    )


async def show_theme(request: Request) -> Response:
    """Show the words about one theme, with deeds for many at once."""
    theme = await _own_theme(request)
    return await _theme_page(request, theme, Form.showing())


async def change_marks(request: Request) -> Response:
    """Move, split off or remove the chosen marks of a theme."""
    at, theme = await own_occasion(request), await _own_theme(request)
    form = await read_form(request, BulkFields)
    if form.value is None or _lacks(form.value):
        return await _theme_page(request, theme, _with_fault(form), status=422)
    wish, who = form.value, by(request, at.id)
    if wish.deed is Bulk.MOVE and wish.into:
        await codings.move(who, wish.coding, wish.into)
    elif wish.deed is Bulk.SPLIT and wish.name:
        await codings.split(who, wish.coding, Wording({language(): wish.name}))
    else:
        await codings.remove(who, wish.coding)
    path = at.path("theme_words", theme=theme.id)
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
    at = await own_occasion(request)
    themes = await codebook.themes_of(granted(request).organiser_id)
    return occasion_page(
        request,
        at,
        "feedback/theme_words.html",
        notices=NOTICES,
        status=status,
        theme=theme,
        form=form,
        passages=await passages_of(theme.id, at.id),
        theme_options=[(it.id, pick(it.name)[0]) for it in themes if it.id != theme.id],
    )


async def show_agreement(request: Request) -> Response:
    """Compare two who have coded: who looks and another one, or `?one=&other=`."""
    at = await own_occasion(request)
    coders = await coders_of(at.id)
    known = {it.actor: it for it in coders}
    asked = request.query_params
    first = [asked.get("one", ""), granted(request).actor, *known]
    one = next((known[it] for it in first if it in known), None)
    second = [asked.get("other", ""), *known]
    other = next((known[it] for it in second if it in known and known[it] != one), None)
    return occasion_page(
        request,
        at,
        "feedback/agreement.html",
        coders=coders,
        one=one,
        other=other,
        comparison=await compare(at.id, one.actor, other.actor)
        if one and other
        else None,
    )


def _routes(place: str, prefix: str) -> list[BaseRoute]:
    """Route the same pages for an event and for a round of the network."""
    theme, marks = f"{place}/themes/{{theme:uuid}}", f"{prefix}change_marks"
    agree = f"{place}/agreement"
    return [
        route(f"{place}/themes", show_themes, access=READER, name=f"{prefix}themes"),
        route(theme, show_theme, access=READER, name=f"{prefix}theme_words"),
        route(theme, change_marks, access=HOST, name=marks, methods=["POST"]),
        route(agree, show_agreement, access=HOST, name=f"{prefix}agreement"),
    ]


routes = [
    *_routes("/desk/events/{id:uuid}/feedback", "desk:"),
    *_routes("/desk/rounds/{id:uuid}", "desk:round_"),
]
