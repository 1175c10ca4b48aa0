"""A mail server of the house hands over what comes to our addresses, one by one."""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_calendar.mail_reading import MOST_BYTES
from werkraum_foundation import clock
from werkraum_foundation.access import Access, route
from werkraum_foundation.entrances import KeyNeeded
from werkraum_foundation.mail_addresses import MAX_LENGTH
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.request_bodies import read_bytes
from werkraum_foundation.settings import settings
from werkraum_server.incoming.taking import take


class MailGateway(Access):
    """Whoever knows the secret that the installation shares with its mail server."""

    for_programs = True

    async def admit(self, request: Request) -> None:
        token = settings().mail_gateway_token
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        if token is None or kind.lower() != "bearer":
            raise KeyNeeded
        if not hmac.compare_digest(shown.strip().encode(), token.encode()):
            raise KeyNeeded


async def take_mail(request: Request) -> Response:
    """Take one mail as it is; `?recipient=` is the address it was sent to.

    202 with what became of it. What answers 4xx is not tried again: it would be the
    same. 5xx and 429 are for the mail server's queue.
    """
    recipient = request.query_params.get("recipient")
    if recipient is not None and len(recipient) > MAX_LENGTH:
        raise BadRequest
    # A plus that nobody has written as %2B comes as a space, which no address has.
    recipient = recipient.replace(" ", "+") if recipient else None
    raw = await read_bytes(request, "message/rfc822", limit=MOST_BYTES)
    taken = await take(raw, recipient=recipient, now=clock.now())
    return JSONResponse({"result": taken.value}, status_code=202)


GATEWAY = MailGateway()
routes = [
    route(
        "/calendar/replies",
        take_mail,
        access=GATEWAY,
        name="calendar:replies",
        methods=["POST"],
    )
]
