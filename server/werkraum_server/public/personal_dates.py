"""The calendar of all of somebody's dates: ordered, shown, fetched, made worthless."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_calendar import icalendar_text
from werkraum_calendar.event_items import public_item, session_item
from werkraum_calendar.items import Item
from werkraum_calendar.queries import is_in_feeds
from werkraum_events import queries as events
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext, speak
from werkraum_foundation.limits import (
    FEED_FETCHES,
    FORM_POSTS,
    client_network,
    must_be_within,
)
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page, see_other
from werkraum_registration import links, personal_feeds
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_registration.models import PersonalFeed, Registration
from werkraum_registration.personal_feeds import FeedRevoked
from werkraum_server.public.calendar_pages import (
    OWN,
    Version,
    answer,
    not_modified,
    sessions_of,
)
from werkraum_server.public.conditional import is_known
from werkraum_server.public.personal_deeds import found
from werkraum_server.public.programme import must_be_offered
from werkraum_server.public.subscriptions import ways_to_subscribe


async def order(request: Request) -> Response:
    """Have the address of the calendar sent to the owner of a registration."""
    registration = await found(request)
    event_id = registration.event_id
    await must_be_within(FORM_POSTS, client_network(request), str(event_id))
    await must_be_allowed_letter(event_id, registration.email_key)
    await personal_feeds.order(registration, now=clock.now())
    return see_other(request, "dates:ordered", token=links.personal_token(registration))


async def show_ordered(request: Request) -> Response:
    registration = await found(request)
    return page(
        request,
        "personal/dates_ordered.html",
        registration=registration,
        token=links.personal_token(registration),
        organiser=footer_of(registration.event.organiser),
    )


async def show_dates(request: Request) -> Response:
    """Show what the calendar holds and how to subscribe; its letter leads here."""
    must_be_offered(request)
    token = request.path_params["token"]
    try:
        feed = await personal_feeds.feed_of(token)
    except FeedRevoked as refusal:
        return page(request, "personal/dates_gone.html", status=refusal.status)
    return page(
        request,
        "personal/dates.html",
        feed=feed,
        events=[it.event for it in await _shown(feed)],
        ways=ways_to_subscribe(address_of("dates:feed", token=token), _name(feed)),
        token=token,
        organiser=footer_of(feed.organiser),
    )


async def revoke(request: Request) -> Response:
    """Make the address worthless; the page then says so."""
    must_be_offered(request)
    token = request.path_params["token"]
    await personal_feeds.revoke(token, now=clock.now())
    return see_other(request, "dates:page", token=token)


async def show_feed(request: Request) -> Response:
    """Answer with the calendar; 410 once its owner has made the address worthless."""
    feed = await personal_feeds.feed_of(request.path_params["token"])
    await must_be_within(FEED_FETCHES, str(feed.id))
    speak(feed.language)
    there = await _shown(feed)
    items = [it for each in there for it in await _items(each)]
    said = tuple((it.uid, it.sequence, it.revised_at) for it in items)
    newest = max((it.revised_at for it in items), default=None)
    # What has gone leaves no date behind: the tag alone tells.
    version = Version(("dates", said), newest)
    if is_known(request, version.tag, None):
        return not_modified(version, OWN)
    body = icalendar_text.feed(
        [icalendar_text.entry_of(item) for item in items],
        uid=str(feed.id),
        name=_name(feed),
        description=gettext("Where you have a seat, and where you had one lately."),
        url=address_of("events:programme"),
        modified=newest,
    )
    return answer(body, version, OWN)


async def _items(registration: Registration) -> list[Item]:
    event = registration.event
    topics = await events.topics_of(event.id)
    own = [session_item(it, event) for it in await sessions_of(registration)]
    return [public_item(event, topics), *own]


async def _shown(feed: PersonalFeed) -> list[Registration]:
    now = clock.now()
    there = await personal_feeds.dates_of(feed)
    return [it for it in there if is_in_feeds(it.event, now)]


def _name(feed: PersonalFeed) -> str:
    return gettext("My dates: %(organiser)s", organiser=feed.organiser.name)


routes = [
    route(
        "/{lang}/my/{token}/dates",
        order,
        access=PERSONAL,
        name="dates:order",
        methods=["POST"],
    ),
    route(
        "/{lang}/my/{token}/dates",
        show_ordered,
        access=PERSONAL,
        name="dates:ordered",
    ),
    # Before the page: `{token}` would take the ending along.
    route("/dates/{token}.ics", show_feed, access=PERSONAL, name="dates:feed"),
    route("/{lang}/dates/{token}", show_dates, access=PERSONAL, name="dates:page"),
    route(
        "/{lang}/dates/{token}/revoke",
        revoke,
        access=PERSONAL,
        name="dates:revoke",
        methods=["POST"],
    ),
]
