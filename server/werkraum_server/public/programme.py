"""The programme to come, the archive of what has been, and the way in."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import queries
from werkraum_events.filters import read_filters
from werkraum_events.models import Event, Kind, Mode, Topic
from werkraum_events.series import series_among
from werkraum_feedback.report.report_queries import events_with_reports
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.footers import Footer, footer_of
from werkraum_foundation.links import path_to
from werkraum_foundation.models import Organiser
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_server.public.cards import cards_of

PER_PAGE = 20
LAST_PAGE = 10_000


async def show_programme(request: Request) -> Response:
    """Show what is to come; filters we do not know filter nothing."""
    must_be_offered(request)
    filters, now = read_filters(request.query_params), clock.now()
    events = await queries.programme(filters, now=now)
    organisers = await all_footers()
    return page(
        request,
        "public/programme.html",
        cards=cards_of(events, await _topics(events)),
        filters=filters,
        topics=await queries.topics_to_come(now=now),
        series=await series_among(events, now=now),
        kinds=list(Kind),
        modes=list(Mode),
        organiser=sole(organisers),
        organisers=organisers,
    )


async def show_archive(request: Request) -> Response:
    """Show what has been, the latest first, in pages of twenty."""
    must_be_offered(request)
    number = _page_number(request.query_params.get("page", ""))
    found = await queries.archive(now=clock.now(), page=number, size=PER_PAGE)
    events = found[:PER_PAGE]
    organisers = await all_footers()
    return page(
        request,
        "public/archive.html",
        cards=cards_of(events, await _topics(events)),
        reported=await events_with_reports([event.id for event in events]),
        newer=number - 1,
        older=number + 1 if len(found) > PER_PAGE else None,
        organiser=sole(organisers),
        organisers=organisers,
    )


async def choose_language(request: Request) -> Response:
    """Lead an address without a language to the one the browser prefers."""
    name = request.scope["path"].strip("/").partition("/")[0]
    if name == "events":
        slug = request.path_params["slug"]
        target = path_to("events:event", slug=slug)
    else:
        target = path_to("events:archive" if name else "events:programme")
    return RedirectResponse(target, 307, headers={"Vary": "Accept-Language"})


def must_be_offered(request: Request) -> None:
    """A first step of the path that is no language of ours is no page."""
    if request.path_params["lang"] not in settings().languages:
        raise NotFound


async def all_footers() -> list[Footer]:
    return [footer_of(each) for each in await Organiser.all().order_by("name")]


def sole(footers: list[Footer]) -> Footer | None:
    """Say who is responsible for a page of all: nobody alone, if there are several."""
    return footers[0] if len(footers) == 1 else None


async def _topics(events: list[Event]) -> dict[UUID, list[Topic]]:
    return await queries.topics_of_all([event.id for event in events])


def _page_number(typed: str) -> int:
    """Read the page; whatever is no number of one leads to the first."""
    if typed.isascii() and typed.isdigit() and len(typed) <= 5:
        return min(max(int(typed), 1), LAST_PAGE)
    return 1


routes = [
    route("/{lang}/", show_programme, access=PUBLIC, name="events:programme"),
    route("/{lang}/archive", show_archive, access=PUBLIC, name="events:archive"),
    route("/", choose_language, access=PUBLIC, name="events:door"),
    route("/archive", choose_language, access=PUBLIC, name="events:any_archive"),
    route("/events/{slug}", choose_language, access=PUBLIC, name="events:any_event"),
]
