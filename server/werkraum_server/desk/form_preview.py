"""The form as people will see it, for an organiser who writes its questions."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.access import route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_server.desk.own_events import own_event
from werkraum_server.public.form_piece import form_piece


async def show_form(request: Request) -> Response:
    """Show it at any time, of a draft too; nothing can be sent from here."""
    event = await own_event(request)
    piece = await form_piece(event)
    return page(
        request,
        "desk/form_preview.html",
        event=event,
        organiser=footer_of(event.organiser),
        **{**piece, "closed": None, "preview": True},
    )


routes = [
    route("/desk/events/{id}/form", show_form, access=MANAGER, name="desk:form_preview")
]
