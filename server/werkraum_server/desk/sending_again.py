"""The letter about a registration once more, at the press of a button."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.limits import DAY, Limit, must_be_within
from werkraum_foundation.links import path_to
from werkraum_registration import link_letters
from werkraum_server.desk.registrations import own_registration

# Per person, whoever presses: the button must not be a cannon.
SENT_AGAIN = Limit("sent-again", 3, DAY)


async def send_again(request: Request) -> Response:
    registration = await own_registration(request)
    await must_be_within(SENT_AGAIN, str(registration.id))
    await link_letters.send_anew(
        registration, actor=granted(request).actor, now=clock.now()
    )
    back = path_to("desk:registration", id=registration.id)
    return RedirectResponse(f"{back}?sent=1", status_code=303)


routes = [
    route(
        "/desk/registrations/{id}/send-again",
        send_again,
        access=MANAGER,
        name="desk:send_letter_again",
        methods=["POST"],
    ),
]
