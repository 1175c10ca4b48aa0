"""Files of registrations at the desk: small ones at once, large ones to be fetched."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import Refused
from werkraum_registration import export_files
from werkraum_registration.export_files import FORMATS, MOST_AT_ONCE, Piece
from werkraum_registration.exports import note_export
from werkraum_registration.list_filters import Filters
from werkraum_registration.listing import count_listed
from werkraum_registration.models import ExportState
from werkraum_server.desk.own_events import own_event


class FileGone(Refused):
    status = 410
    code = "file_gone"

    def message(self) -> str:
        return gettext("This file is no longer here. Please have it written again.")


class ExportWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    format: Literal["csv", "xlsx", "json"]
    # The filters of the list, as they stand in its address.
    filters: str = ""


def filters_of(query: str) -> Filters:
    """Read filters that a form carries as one entry."""
    try:
        return Filters.read(dict(parse_qsl(query[:2_000], max_num_fields=20)))
    except ValueError:
        return Filters()


async def show_csv(request: Request) -> Response:
    return await _at_once(request, "csv")


async def show_xlsx(request: Request) -> Response:
    return await _at_once(request, "xlsx")


async def show_json(request: Request) -> Response:
    return await _at_once(request, "json")


async def _at_once(request: Request, form: str) -> Response:
    """Answer with the file, or lead to where a large one is ordered."""
    event, filters = await own_event(request), Filters.read(request.query_params)
    count = await count_listed(event.id, filters)
    if count > MOST_AT_ONCE:
        to = path_to("desk:files", id=event.id)
        return RedirectResponse(f"{to}?{filters.query(format=form)}", status_code=303)
    await note_export(event, rows=count, actor=granted(request).actor, now=clock.now())
    if form == "xlsx":
        return await _workbook(event, filters)
    pieces = (export_files.csv_of if form == "csv" else export_files.json_of)(
        event, filters
    )
    return StreamingResponse(
        _data(pieces), media_type=FORMATS[form], headers=_named(event, form)
    )


async def _data(pieces: AsyncIterator[Piece]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece.data


async def _workbook(event: Event, filters: Filters) -> Response:
    # In our own folder, which nobody else reads; gone with the answer.
    place = TemporaryDirectory(dir=export_files.folder())
    path = Path(place.name) / "registrations.xlsx"
    try:
        async for _ in export_files.write_xlsx(event, filters, path):
            pass
    except BaseException:
        place.cleanup()
        raise
    return FileResponse(
        path,
        media_type=FORMATS["xlsx"],
        headers=_named(event, "xlsx"),
        background=BackgroundTask(place.cleanup),
    )


def _named(event: Event, form: str) -> dict[str, str]:
    """Name the file by the event and the day: nobody's name is in it."""
    name = f"{event.slug}-{local(clock.now(), event.timezone):%Y-%m-%d}.{form}"
    return {"content-disposition": f'attachment; filename="{name}"'}


async def show_files(request: Request) -> Response:
    """Offer the formats, and what was written lately."""
    event, filters = await own_event(request), Filters.read(request.query_params)
    return page(
        request,
        "desk/exports.html",
        event=event,
        filters=filters,
        count=await count_listed(event.id, filters),
        at_once=MOST_AT_ONCE,
        files=await export_files.files_of(event.id, now=clock.now()),
        wanted=request.query_params.get("format", ""),
        organiser=footer_of(event.organiser),
    )


async def order_file(request: Request) -> Response:
    event = await own_event(request)
    form = await read_form(request, ExportWish)
    if form.value is None:
        raise InvalidInput(form.faults)
    file = await export_files.order(
        event,
        form.value.format,
        filters_of(form.value.filters),
        actor=granted(request).actor,
        now=clock.now(),
    )
    return see_other(request, "desk:file", id=file.id)


async def show_file(request: Request) -> Response:
    """Say how far a file is, and lead to it."""
    file = await export_files.file_of(granted(request).organiser_id, path_id(request))
    return page(
        request,
        "desk/export.html",
        file=file,
        event=file.event,
        watching="watch" in request.query_params,
        # The same list in the same format, as it is now.
        again=path_to("desk:files", id=file.event_id)
        + f"?{Filters.read(file.filters).query(format=file.format)}",
        organiser=footer_of(file.event.organiser),
    )


async def fetch_file(request: Request) -> Response:
    file = await export_files.file_of(granted(request).organiser_id, path_id(request))
    path = export_files.path_of(file)
    if file.state is not ExportState.READY or not path.is_file():
        raise FileGone
    return FileResponse(
        path, media_type=FORMATS[file.format], headers=_named(file.event, file.format)
    )


FILES = "/desk/events/{id}/registrations/files"
routes = [
    route(
        "/desk/events/{id}/registrations.csv",
        show_csv,
        access=MANAGER,
        name="desk:registrations_csv",
    ),
    route(
        "/desk/events/{id}/registrations.xlsx",
        show_xlsx,
        access=MANAGER,
        name="desk:registrations_xlsx",
    ),
    route(
        "/desk/events/{id}/registrations.json",
        show_json,
        access=MANAGER,
        name="desk:registrations_json",
    ),
    route(FILES, show_files, access=MANAGER, name="desk:files"),
    route(FILES, order_file, access=MANAGER, name="desk:order_file", methods=["POST"]),
    route("/desk/exports/{id}", show_file, access=MANAGER, name="desk:file"),
    route(
        "/desk/exports/{id}/file", fetch_file, access=MANAGER, name="desk:fetch_file"
    ),
]
