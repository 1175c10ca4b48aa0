"""What the hall shows, so that people check in by themselves: a code, and a QR."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.qr_codes import qr_code
from werkraum_registration.self_check_in import generation_of, hall_code, renew_code
from werkraum_server.desk.own_events import own_event


class Renewal(BaseModel):
    """Which code is to be replaced: a double click replaces it once."""

    model_config = ConfigDict(extra="forbid")
    generation: Annotated[int, whole_number(1, 1_000_000)]


async def show_hall(request: Request) -> Response:
    event = await own_event(request)
    generation = await generation_of(event.id)
    return page(
        request,
        "desk/hall.html",
        event=event,
        generation=generation,
        code=hall_code(event.id, generation),
        address=address_of("events:here", slug=event.slug),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
    )


async def show_hall_qr(request: Request) -> Response:
    """Draw the QR that leads to the page with the code filled in."""
    event = await own_event(request)
    code = hall_code(event.id, await generation_of(event.id))
    return qr_code(f"{address_of('events:here', slug=event.slug)}?code={code}")


async def renew(request: Request) -> Response:
    """Make a new code, for instance once a photo of the old one goes round."""
    event = await own_event(request)
    form = await read_form(request, Renewal)
    if form.value is None:
        raise InvalidInput(form.faults)
    await renew_code(
        event, form.value.generation, actor=granted(request).actor, now=clock.now()
    )
    return see_other(request, "desk:hall", id=event.id)


HALL = "/desk/events/{id}/check-in/hall"

routes = [
    route(HALL, show_hall, access=HOST, name="desk:hall"),
    route(HALL + ".svg", show_hall_qr, access=HOST, name="desk:hall_qr"),
    route(HALL, renew, access=HOST, name="desk:renew_hall_code", methods=["POST"]),
]
