"""Series at the desk: made, renamed, and which events are in them."""

from functools import cache

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import series
from werkraum_events.models import Event, Series
from werkraum_events.wishes import Title
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault, InvalidInput, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.models import Texts
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.settings import settings
from werkraum_server.desk.own_events import own_footer
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts


class SeriesFields(BaseModel):
    """The title, in each language."""

    model_config = ConfigDict(extra="forbid")

    @property
    def title(self) -> Texts:
        return texts_of(self, "title")


SeriesForm = Form[SeriesFields]


@cache
def series_model() -> type[SeriesFields]:
    return with_texts(SeriesFields, {"title": Title})


async def _read(request: Request) -> SeriesForm:
    """Read the form; a missing title is said at its field."""
    form: SeriesForm = await read_form(request, series_model())
    titles = (form.text(f"title_{code}") for code in settings().languages)
    if any(title.strip() for title in titles):
        return form
    missing: Fault = fault("title", "missing")
    return SeriesForm(form.typed, (missing, *form.faults))


async def list_series(request: Request) -> Response:
    return await _list_page(request, SeriesForm.showing())


async def _list_page(request: Request, form: SeriesForm, status: int = 200) -> Response:
    organiser_id = granted(request).organiser_id
    return page(
        request,
        "desk/series_list.html",
        status=status,
        form=form,
        all_series=await series.series_of_organiser(organiser_id),
        organiser=await own_footer(request),
    )


async def make(request: Request) -> Response:
    grant, form = granted(request), await _read(request)
    if form.value is None:
        return await _list_page(request, form, status=422)
    try:
        made = await series.make(
            grant.organiser_id, form.value.title, actor=grant.actor, now=clock.now()
        )
    except InvalidInput as refusal:
        return await _list_page(request, SeriesForm(form.typed, refusal.faults), 422)
    return see_other(request, "desk:one_series", series=made.id)


async def show_series(request: Request) -> Response:
    one = await _own(request)
    return await _page(
        request, one, SeriesForm.showing(typed_texts("title", one.title))
    )


async def rename(request: Request) -> Response:
    grant, one = granted(request), await _own(request)
    form = await _read(request)
    if form.value is None:
        return await _page(request, one, form, status=422)
    await series.rename(
        grant.organiser_id,
        one.id,
        form.value.title,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:one_series", series=one.id)


async def _own(request: Request) -> Series:
    organiser_id = granted(request).organiser_id
    return await series.series_of(organiser_id, path_id(request, "series"))


async def _page(
    request: Request, one: Series, form: SeriesForm, status: int = 200
) -> Response:
    found = Event.filter(series_id=one.id, organiser_id=one.organiser_id)
    return page(
        request,
        "desk/series.html",
        status=status,
        series=one,
        form=form,
        events=await found.order_by("starts_at", "id"),
        organiser=await own_footer(request),
    )


ALL = "/desk/series"
ONE = ALL + "/{series}"
routes = [
    route(ALL, list_series, access=READER, name="desk:series"),
    route(ALL, make, access=MANAGER, name="desk:make_series", methods=["POST"]),
    route(ONE, show_series, access=READER, name="desk:one_series"),
    route(ONE, rename, access=MANAGER, name="desk:rename_series", methods=["POST"]),
]
