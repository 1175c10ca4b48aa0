"""What the pages about an event or a round of the network have in common."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.queries import event_of
from werkraum_feedback.coding import statement_words
from werkraum_feedback.coding.occasions import Occasion, network_round
from werkraum_foundation import clock
from werkraum_foundation.access import granted
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page


async def own_occasion(request: Request) -> Occasion:
    """Find what the path names at the organiser's, or raise `NotFound`."""
    organiser_id, wanted = granted(request).organiser_id, request.path_params["id"]
    if request.url.path.startswith("/desk/rounds/"):
        return await network_round(organiser_id, wanted)
    event = await event_of(organiser_id, wanted)
    return Occasion(event.id, event.organiser, event=event)


def occasion_page(
    request: Request,
    occasion: Occasion,
    template: str,
    *,
    notices: Mapping[str, str] | None = None,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    """Show a page of an event or round; `?done=` names one of the notices."""
    said = (notices or {}).get(request.query_params.get("done", ""))
    event = occasion.event
    return page(
        request,
        template,
        status=status,
        at=occasion,
        event=event,
        past=event.is_past(clock.now()) if event else False,
        organiser=footer_of(occasion.organiser),
        notice=gettext(said) if said else None,
        words=statement_words,
        **context,
    )


def back_to(path: str, **query: object) -> RedirectResponse:
    """Send the browser on after a POST that worked, empty wishes left out."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"{path}?{asked}" if asked else path, status_code=303)
