"""What the pages of an event's feedback have in common."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_feedback.coding import statement_words
from werkraum_foundation import clock
from werkraum_foundation.access import granted
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page


async def own_event(request: Request) -> Event:
    """Find the event in the path at the organiser's, or raise `NotFound`."""
    return await event_of(granted(request).organiser_id, request.path_params["id"])


def event_page(
    request: Request,
    event: Event,
    template: str,
    *,
    notices: Mapping[str, str] | None = None,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    """Show a page of an event; `?done=` names one of the notices."""
    said = (notices or {}).get(request.query_params.get("done", ""))
    return page(
        request,
        template,
        status=status,
        event=event,
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        notice=gettext(said) if said else None,
        words=statement_words,
        **context,
    )


def back_to(path: str, **query: object) -> RedirectResponse:
    """Send the browser on after a POST that worked, empty wishes left out."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"{path}?{asked}" if asked else path, status_code=303)
