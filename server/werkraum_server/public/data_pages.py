"""What is stored about a person: taken along as a file, or erased."""

import asyncio
import json
import zipfile
from io import BytesIO

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.pages import page, render, see_other
from werkraum_registration import links
from werkraum_server import erased_ledger, whole_erasure
from werkraum_server.own_data import Data, own_data, plain
from werkraum_server.public.own_data_words import sections
from werkraum_server.public.personal_deeds import found
from werkraum_server.public.programme import must_be_offered
from werkraum_server.retention import wipe

# No name of a person: the file lies in a folder for downloads.
FILE_NAME = "werkraum-data.zip"


async def show_data(request: Request) -> Response:
    """Answer with everything about this registration: for programs and for reading."""
    registration = await found(request)
    data = await own_data(registration)
    readable = render(
        request,
        "personal/data.html",
        event=registration.event,
        made_at=clock.now(),
        sections=sections(data, registration.event.timezone),
    )
    return Response(
        _zipped(data, readable),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


def _zipped(data: Data, readable: str) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=2, default=plain)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", text)
        archive.writestr("data.html", readable)
    return file.getvalue()


async def show_erase(request: Request) -> Response:
    """Say what will be gone, and ask once more."""
    registration = await found(request)
    return page(
        request,
        "personal/erase.html",
        registration=registration,
        event=registration.event,
        token=links.personal_token(registration),
        organiser=footer_of(registration.event.organiser),
    )


async def erase(request: Request) -> Response:
    """Erase at once, and lead to a page that is nobody's."""
    registration = await found(request)
    event_id = str(registration.event_id)
    await must_be_within(FORM_POSTS, client_network(request), event_id)
    await asyncio.to_thread(erased_ledger.note, registration.id)
    await whole_erasure.erase(registration.id, now=clock.now())
    await wipe()
    return see_other(request, "personal:erased")


async def show_erased(request: Request) -> Response:
    must_be_offered(request)
    return page(request, "personal/erased.html")


routes = [
    route("/{lang}/erased", show_erased, access=PUBLIC, name="personal:erased"),
    route(
        "/{lang}/my/{token}/data.zip", show_data, access=PERSONAL, name="personal:data"
    ),
    route(
        "/{lang}/my/{token}/erase", show_erase, access=PERSONAL, name="personal:erase"
    ),
    route(
        "/{lang}/my/{token}/erase",
        erase,
        access=PERSONAL,
        name="personal:erase_now",
        methods=["POST"],
    ),
]
