"""The codebook of an office at the desk, as a file, and its themes over all events."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.coding import codebook, codebook_deeds, refi_qda
from werkraum_feedback.coding import statement_words as words
from werkraum_feedback.coding.coding_pages import by
from werkraum_feedback.coding.coding_rules import COLOURS
from werkraum_feedback.coding.deed_words import deed_words
from werkraum_feedback.coding.occasion_frame import back_to
from werkraum_feedback.coding.theme_figures import trend_of
from werkraum_feedback.coding.theme_form import read_theme, typed_of, wording_of
from werkraum_feedback.statement_models import Coding, Theme, ThemeState
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, MANAGER, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, ngettext, noop, pick
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_foundation.uploads import read_upload

NOTICES = {
    "made": noop("The theme is in the codebook."),
    "saved": noop("Your changes are saved."),
    "moved": noop("The order is changed."),
    "retired": noop("The theme is not offered any more. What is marked with it stays."),
    "back": noop("The theme is offered again."),
    "merged": noop("The themes are one now, with all their marks."),
    "undone": noop("Taken back."),
}


class StepFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    up: bool = False


class MergeFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    into: UUID


async def show_codebook(request: Request) -> Response:
    """Show the themes with their meaning, in their order."""
    grant = granted(request)
    themes = await codebook.themes_of(grant.organiser_id, all_states=True)
    last = await codebook_deeds.last_own(grant.organiser_id, grant.actor, None)
    return _page(
        request,
        "feedback/codebook.html",
        themes=[it for it in themes if it.state is ThemeState.ACTIVE],
        retired=[it for it in themes if it.state is ThemeState.RETIRED],
        undo_words=deed_words(last) if last else "",
    )


async def show_new(request: Request) -> Response:
    return _theme_page(request, None, Form.showing())


async def make(request: Request) -> Response:
    form = await read_theme(request)
    if form.value is None or form.faults:
        return _theme_page(request, None, form, status=422)
    await codebook.make(by(request, None), wording_of(form.value))
    return _done("made")


async def show_theme(request: Request) -> Response:
    theme = await _own_theme(request)
    return await _edit_page(request, theme, Form(typed_of(theme)))


async def save(request: Request) -> Response:
    theme = await _own_theme(request)
    form = await read_theme(request)
    if form.value is None or form.faults:
        return await _edit_page(request, theme, form, status=422)
    await codebook.edit(by(request, None), theme.id, wording_of(form.value))
    return _done("saved")


async def step(request: Request) -> Response:
    theme, form = await _own_theme(request), await read_form(request, StepFields)
    up = form.value.up if form.value else False
    await codebook.step(by(request, None), theme.id, up=up)
    return _done("moved")


async def retire(request: Request) -> Response:
    theme = await _own_theme(request)
    if theme.state is ThemeState.RETIRED:
        await codebook.bring_back(by(request, None), theme.id)
        return _done("back")
    await codebook.retire(by(request, None), theme.id)
    return _done("retired")


async def merge(request: Request) -> Response:
    theme, form = await _own_theme(request), await read_form(request, MergeFields)
    if form.value is None:
        typed = {**typed_of(theme), **form.typed}
        shown = Form[BaseModel](typed, form.faults)
        return await _edit_page(request, theme, shown, status=422)
    await codebook.merge(by(request, None), theme.id, form.value.into)
    return _done("merged")


async def undo(request: Request) -> Response:
    await codebook_deeds.undo(by(request, None))
    return _done("undone")


async def export(request: Request) -> Response:
    """Hand out the themes in use as a REFI-QDA codebook."""
    themes = await codebook.themes_of(granted(request).organiser_id)
    if not themes:
        # The standard knows no codebook without a code.
        raise NotFound
    return Response(
        refi_qda.write(themes),
        media_type=refi_qda.MEDIA_TYPE,
        headers={"content-disposition": 'attachment; filename="codebook.qdc"'},
    )


async def show_import(request: Request) -> Response:
    return _page(request, "feedback/codebook_import.html", form=Form.showing())


async def take_in(request: Request) -> Response:
    """Add the themes of a file that are not there yet."""
    sent = await read_upload(request, "file", limit=refi_qda.LARGEST)
    try:
        codes = refi_qda.read(sent.content)
    except refi_qda.NotACodebook as refused:
        return _at_fault(request, refused)
    added = await codebook.take_in(by(request, None), codes)
    return back_to(path_to("desk:codebook"), added=str(added))


def _at_fault(request: Request, refused: Refused) -> Response:
    form = Form[BaseModel]({}, (Fault("file", refused.code, refused.message()),))
    return _page(request, "feedback/codebook_import.html", status=422, form=form)


async def show_trend(request: Request) -> Response:
    """Show how themes come and go over the events of the office."""
    trend = await trend_of(granted(request).organiser_id)
    return _page(request, "feedback/trend.html", trend=trend)


async def _own_theme(request: Request) -> Theme:
    theme_id = request.path_params["id"]
    return await codebook.theme_of(granted(request).organiser_id, theme_id)


async def _edit_page(
    request: Request, theme: Theme, form: Form[BaseModel], status: int = 200
) -> Response:
    themes = await codebook.themes_of(granted(request).organiser_id)
    return _theme_page(
        request,
        theme,
        form,
        status=status,
        marks=await Coding.filter(theme_id=theme.id).count(),
        others=[(it.id, pick(it.name)[0]) for it in themes if it.id != theme.id],
    )


def _theme_page(
    request: Request,
    theme: Theme | None,
    form: Form[BaseModel],
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return _page(
        request,
        "feedback/theme.html",
        status=status,
        theme=theme,
        form=form,
        colours=range(1, COLOURS + 1),
        **context,
    )


def _page(
    request: Request,
    template: str,
    status: int = 200,
    **context: Any,  # Any: as above
) -> Response:
    return page(
        request,
        template,
        status=status,
        notice=_notice(request),
        words=words,
        **context,
    )


def _notice(request: Request) -> str | None:
    added = request.query_params.get("added", "")
    if added.isascii() and added.isdigit() and len(added) <= 3:
        return ngettext("One theme is new.", "%(number)s themes are new.", int(added))
    said = NOTICES.get(request.query_params.get("done", ""))
    return gettext(said) if said else None


def _done(what: str) -> Response:
    return back_to(path_to("desk:codebook"), done=what)


BOOK = "/desk/codebook"
THEME = BOOK + "/{id:uuid}"

routes = [
    route(BOOK, show_codebook, access=READER, name="desk:codebook"),
    route(f"{BOOK}.qdc", export, access=READER, name="desk:codebook_file"),
    route(f"{BOOK}/trend", show_trend, access=READER, name="desk:trend"),
    route(f"{BOOK}/new", show_new, access=HOST, name="desk:new_theme"),
    route(f"{BOOK}/new", make, access=HOST, name="desk:make_theme", methods=["POST"]),
    route(f"{BOOK}/import", show_import, access=MANAGER, name="desk:codebook_import"),
    route(
        f"{BOOK}/import",
        take_in,
        access=MANAGER,
        name="desk:take_in_codebook",
        methods=["POST"],
    ),
    route(
        f"{BOOK}/undo", undo, access=HOST, name="desk:undo_anywhere", methods=["POST"]
    ),
    route(THEME, show_theme, access=HOST, name="desk:theme"),
    route(THEME, save, access=HOST, name="desk:save_theme", methods=["POST"]),
    route(f"{THEME}/step", step, access=HOST, name="desk:step", methods=["POST"]),
    route(f"{THEME}/retire", retire, access=HOST, name="desk:retire", methods=["POST"]),
    route(f"{THEME}/merge", merge, access=MANAGER, name="desk:merge", methods=["POST"]),
]
