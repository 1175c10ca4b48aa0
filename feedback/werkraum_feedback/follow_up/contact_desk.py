"""Contacts at the desk: how many pairs came of it, and never who said what."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.queries import event_of
from werkraum_feedback.follow_up import contact_list
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id


async def show_counts(request: Request) -> Response:
    event = await event_of(granted(request).organiser_id, path_id(request))
    return page(
        request,
        "feedback/contact_counts.html",
        event=event,
        past=event.is_past(clock.now()),
        counts=await contact_list.counts(event.id),
        organiser=footer_of(event.organiser),
    )


routes = [
    route(
        "/desk/events/{id}/feedback/contacts",
        show_counts,
        access=READER,
        name="desk:contacts",
    )
]
