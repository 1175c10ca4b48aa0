"""The one place that turns a refusal into a page or problem+json."""

import json
import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from werkraum_foundation.database import is_overload
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import (
    BadRequest,
    Busy,
    NotFound,
    Refused,
    SignInNeeded,
)

log = logging.getLogger("werkraum.errors")

# Answered to programs; everything else is answered to people.
PROGRAMS = (
    "/api/",
    "/jitsi/",
    "/jaas/",
    "/calendar/",
    "/healthz",
    "/readyz",
    "/metrics",
)


class NoSuchMethod(Refused):
    status = 405
    code = "method_not_allowed"

    def message(self) -> str:
        return gettext("This cannot be done with this address.")


class OurFault(Refused):
    """A bug: said plainly, and loud in the log."""

    status = 500
    code = "our_fault"

    def message(self) -> str:
        return gettext(
            "Something went wrong on our side. It has been noted; "
            "please try again in a few minutes."
        )


async def answer_refusal(request: Request, refusal: Exception) -> Response:
    """Answer a refusal in the shape the caller reads."""
    assert isinstance(refusal, Refused)
    headers = dict(refusal.headers())
    if request.scope["path"].startswith(PROGRAMS):
        return problem(request, refusal)
    if isinstance(refusal, SignInNeeded):
        return RedirectResponse("/desk/sign-in", status_code=303)
    return page(
        request,
        "refused.html",
        status=refusal.status,
        headers=headers,
        number=refusal.status,
        message=refusal.message(),
        faults=refusal.faults if isinstance(refusal, InvalidInput) else (),
    )


async def answer_http(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)
    refusal: Refused = NoSuchMethod() if error.status_code == 405 else NotFound()
    response = await answer_refusal(request, refusal)
    response.headers.update(error.headers or {})
    return response


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer trouble: the database too busy or away, or a bug of ours."""
    if is_overload(error):
        return await answer_refusal(request, Busy())
    if isinstance(error, ClientDisconnect):
        # Gone before the body was through: there is nobody to answer.
        return await answer_refusal(request, BadRequest())
    log.error("unhandled", exc_info=error)
    return await answer_refusal(request, OurFault())


def problem(request: Request, refusal: Refused) -> Response:
    """Write a refusal as problem+json (RFC 9457)."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": refusal.message(),
        "status": refusal.status,
        "code": refusal.code,
        "instance": f"urn:request:{request.scope['state']['request_id']}",
    }
    if request.scope["path"].startswith("/jitsi/"):
        # What the room server shows to whoever wanted in: always a text.
        body["message"] = refusal.message()
    if isinstance(refusal, InvalidInput):
        body["errors"] = [
            {"field": it.field, "code": it.code, "message": it.message}
            for it in refusal.faults
        ]
    return Response(
        json.dumps(body, ensure_ascii=False),
        status_code=refusal.status,
        media_type="application/problem+json",
        headers=dict(refusal.headers()),
    )
