"""The code an attendee shows at the entrance: a QR, drawn as a file."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Mode, Status
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.links import address_of
from werkraum_foundation.qr_codes import qr_code
from werkraum_foundation.refusals import NotFound
from werkraum_registration.check_in_codes import code_of
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import by_personal_token
from werkraum_server.public.programme import must_be_offered


def has_entrance_code(registration: Registration, *, now: datetime) -> bool:
    """Whether somebody will be asked for a code: who has a seat on site."""
    event = registration.event
    on_site = registration.state is State.CONFIRMED and registration.mode is Mode.ONSITE
    return on_site and event.status is Status.PUBLISHED and not event.is_past(now)


async def show_entrance_code(request: Request) -> Response:
    """Draw the QR; another secret than the personal link stands in it."""
    must_be_offered(request)
    registration = await by_personal_token(request.path_params["token"])
    if registration.state is not State.CONFIRMED:
        raise NotFound
    return qr_code(address_of("desk:check_in_code", code=code_of(registration)))


routes = [
    route(
        "/{lang}/my/{token}/code.svg",
        show_entrance_code,
        access=PERSONAL,
        name="personal:code",
    )
]
