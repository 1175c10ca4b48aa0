"""Where the people of an event come from, in numbers; for organisers alone."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_registration.headcount import headcount_of
from werkraum_server.desk.own_events import own_event


async def show_headcount(request: Request) -> Response:
    # Not in the list itself: it goes through all registrations of the event.
    event = await own_event(request)
    return page(
        request,
        "desk/headcount.html",
        event=event,
        headcount=await headcount_of(event.id),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
    )


routes = [
    route(
        "/desk/events/{id}/headcount",
        show_headcount,
        access=READER,
        name="desk:headcount",
    )
]
