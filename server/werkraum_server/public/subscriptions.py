"""The page that helps somebody take the programme into their own calendar."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from werkraum_calendar import add_links
from werkraum_events import queries
from werkraum_events.filters import read_filters
from werkraum_events.models import Kind, Mode
from werkraum_events.series import series_among
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page
from werkraum_server.public.calendar_pages import feed_address
from werkraum_server.public.programme import all_footers, must_be_offered, sole


async def show_subscriptions(request: Request) -> Response:
    """Show the address of the chosen feed, and what each program makes of it."""
    must_be_offered(request)
    now = clock.now()
    # Words are for looking something up; nobody subscribes to a search.
    filters = replace(read_filters(request.query_params), q="")
    organisers = await all_footers()
    return page(
        request,
        "public/subscriptions.html",
        filters=filters,
        topics=await queries.topics_to_come(now=now),
        series=await series_among(await queries.programme(now=now), now=now),
        kinds=list(Kind),
        modes=list(Mode),
        ways=ways_to_subscribe(feed_address(filters), gettext("Events – Werkraum")),
        organiser=sole(organisers),
        organisers=organisers,
    )


def ways_to_subscribe(feed: str, name: str) -> dict[str, str]:
    """List the addresses by which calendars follow a feed, by what they are for."""
    live, office = add_links.OUTLOOK_LIVE, add_links.OUTLOOK_OFFICE
    return {
        "https": feed,
        "webcal": add_links.webcal(feed),
        "outlook": add_links.outlook_subscription(feed, name, live),
        "office": add_links.outlook_subscription(feed, name, office),
    }


routes = [
    route(
        "/{lang}/calendar",
        show_subscriptions,
        access=PUBLIC,
        name="calendar:subscriptions",
    )
]
