"""Calendars: the file of an event or a part of it, the feed, a person's own feed.

Whoever asks again gets 304 before a body is built: the tag is made of what the
entries follow from, the revision of each event.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import Response

from werkraum_calendar import add_links, icalendar_text
from werkraum_calendar import queries as calendars
from werkraum_calendar.event_items import (
    page_of,
    public_item,
    session_item,
    withdrawn_item,
)
from werkraum_calendar.icalendar_text import Entry, entry_of
from werkraum_calendar.items import Item
from werkraum_calendar.kept_entries import KeptEntries
from werkraum_calendar.queries import KEPT, MOST, Revision
from werkraum_events import queries as events
from werkraum_events.filters import Filters, read_filters
from werkraum_events.models import Event, Session, Status, Topic
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.language import gettext, language, pick, speak
from werkraum_foundation.limits import HOUR, Limit, client_network, must_be_within
from werkraum_foundation.links import address_of, path_to
from werkraum_foundation.settings import settings
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import by_personal_token
from werkraum_server.public.conditional import is_known
from werkraum_server.public.kept_feeds import KeptFeeds
from werkraum_server.public.kept_searches import KeptSearches

# Raised when the same rows give other bytes than before.
EDITION = 3
TYPE = "text/calendar; charset=utf-8"
AT_ONCE = 20
# Per client network, which may be a whole authority: each reads thousands of rows.
# Who asks for what was found before, and has not changed, does not count.
SEARCHES = Limit("searched-feeds", 60, HOUR)


_kept = KeptFeeds()
# Some hundred short feeds: of those with words there is no end.
_kept_words = KeptFeeds(most=4_000_000)
_searches = KeptSearches()
# By the language and the address of this site, which stand in every entry.
kept_entries: defaultdict[tuple[str, str], KeptEntries] = defaultdict(KeptEntries)


@dataclass(frozen=True)
class Version:
    """What a calendar file follows from, and when that changed last.

    `of` says it all; `modified` is for those who ask by date alone.
    """

    of: tuple[object, ...]
    modified: datetime | None

    @property
    def tag(self) -> str:
        made_of = (EDITION, settings().base_url, language(), self.of)
        return f'"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]}"'


def file_named(how: str, name: str, title: str = "") -> str:
    """Write Content-Disposition: the title for who reads UTF-8 (RFC 6266 4.3)."""
    shown = quote((title or name).replace("/", "-"), safe="")
    return f"{how}; filename=\"{name}.ics\"; filename*=UTF-8''{shown}.ics"


@dataclass(frozen=True)
class Kept:
    """How browsers keep and name a calendar file."""

    disposition: str
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language",
            "X-Robots-Tag": "noindex",
        }
    )


# What else belongs to a personal address, the edge adds.
OWN = Kept(
    file_named("inline", "calendar"), headers={"Cache-Control": "private, max-age=300"}
)


async def show_download(request: Request) -> Response:
    """Answer with the file of one event; drafts are not there."""
    _speak_as_asked(request)
    event = await events.published_event(request.path_params["slug"])
    version = Version(("download", event.uid, event.revised_at), event.revised_at)
    kept = Kept(file_named("attachment", event.slug, pick(event.title)[0]))
    if is_known(request, version.tag, version.modified):
        return not_modified(version, kept)
    item = public_item(event, await events.topics_of(event.id))
    return answer(icalendar_text.download(item), version, kept)


def links_to_add(event: Event) -> dict[str, str]:
    """List the addresses that put a copy of an event into a calendar."""
    item = public_item(event)
    return {
        "file": path_to("calendar:download", slug=event.slug),
        "google": add_links.google_link(item),
        "outlook": add_links.outlook_link(item, add_links.OUTLOOK_LIVE),
        "office": add_links.outlook_link(item, add_links.OUTLOOK_OFFICE),
    }


async def show_session_download(request: Request) -> Response:
    """Answer with the file of one programme item."""
    _speak_as_asked(request)
    event = await events.published_event(request.path_params["slug"])
    session = await events.session_of(event.id, request.path_params["id"])
    of = ("session", session.uid, session.sequence, event.revised_at)
    version = Version(of, event.revised_at)
    name = f"{event.slug}-{session.starts_at:%H%M}"
    kept = Kept(file_named("attachment", name, pick(session.title)[0]))
    if is_known(request, version.tag, version.modified):
        return not_modified(version, kept)
    item = session_item(session, event)
    return answer(icalendar_text.download(item), version, kept)


async def show_feed(request: Request) -> Response:
    """Answer with the calendar to subscribe to, filtered like the programme."""
    _speak_as_asked(request)
    now, filters = clock.now(), read_filters(request.query_params)
    if filters.q:
        return await _searched_feed(request, filters, now)
    state = await calendars.feed_state(filters, now=now)
    changed_at = await calendars.feeds_changed_at(now=now)
    version = Version(("feed", filters, state), changed_at)
    kept = Kept(file_named("inline", "calendar"))
    if is_known(request, version.tag, version.modified):
        return not_modified(version, kept)

    async def write() -> bytes:
        there = await calendars.feed_revisions(filters, now=now)
        return await _feed(filters, there, state.newest)

    return answer(await _kept.get(version.tag, write), version, kept)


async def _searched_feed(request: Request, filters: Filters, now: datetime) -> Response:
    """Answer with what has certain words; a search is dear, and so not without end.

    Words are without end too: what everybody subscribes to must not make room for them.
    """
    whole = await calendars.feed_state(filters, now=now)
    changed_at = await calendars.feeds_changed_at(now=now)
    found: list[Event] | None = None
    state = _searches.known(filters, whole)
    if state is None:
        found = await _search(request, filters, now)
        state = calendars.state_of(found)
        _searches.keep(filters, whole, state)
    version = Version(("feed", filters, state), changed_at)
    kept = Kept(file_named("inline", "calendar"))
    if is_known(request, version.tag, version.modified):
        return not_modified(version, kept)

    async def write() -> bytes:
        there = found if found is not None else await _search(request, filters, now)
        revisions = [calendars.revision_of(event) for event in there]
        return await _feed(filters, revisions, state.newest)

    return answer(await _kept_words.get(version.tag, write), version, kept)


async def _search(request: Request, filters: Filters, now: datetime) -> list[Event]:
    await must_be_within(SEARCHES, client_network(request))
    return await calendars.searched_events(filters, now=now)


async def _feed(
    filters: Filters, there: Sequence[Revision], newest: datetime | None
) -> bytes:
    address = feed_address(filters)
    return icalendar_text.feed(
        await kept_entries[language(), settings().base_url].all(there, _write),
        # Nothing is stored of a feed: what it is called by is its address.
        uid=str(uuid5(NAMESPACE_URL, address)),
        name=gettext("Events – Werkraum"),
        description=gettext(
            "What was in the last %(days)s days and what is to come, "
            "%(most)s events at most.",
            days=KEPT.days,
            most=MOST,
        ),
        url=address_of("events:programme"),
        modified=newest,
        source=address,
    )


def _item(event: Event, topics: Sequence[Topic]) -> Item:
    if event.status is Status.DRAFT:
        return withdrawn_item(event)
    return public_item(event, topics)


async def _write(uids: Sequence[str]) -> AsyncIterator[tuple[Revision, Entry]]:
    """Write entries from their rows; of thousands, others get in between."""
    found = await calendars.events_of(uids)
    topics = await events.topics_of_all([event.id for event in found])
    for number, event in enumerate(found):
        yield calendars.revision_of(event), entry_of(_item(event, topics[event.id]))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)


def feed_address(filters: Filters) -> str:
    """Write the address of a feed in our language, in its own characters alone."""
    wished = {name: value for name, value in asdict(filters).items() if value}
    asked = urlencode({"lang": language(), **wished}, quote_via=quote)
    return f"{address_of('calendar:feed')}?{asked}"


async def show_personal(request: Request) -> Response:
    """Answer with what one registration puts into a calendar: its event, or nothing."""
    registration = await by_personal_token(request.path_params["token"])
    speak(registration.language)
    event, shown = registration.event, _is_shown(registration)
    there = await sessions_of(registration) if shown else []
    chosen = [(it.uid, it.sequence) for it in there]
    of = ("personal", event.uid, event.revised_at, shown, chosen)
    version = Version(of, event.revised_at)
    if is_known(request, version.tag, None):
        return not_modified(version, OWN)
    return answer(await _personal_feed(registration, shown, there), version, OWN)


def _is_shown(registration: Registration) -> bool:
    has_seat = registration.state is State.CONFIRMED
    return has_seat and calendars.is_in_feeds(registration.event, clock.now())


async def sessions_of(registration: Registration) -> list[Session]:
    """List the programme items in which somebody has a seat."""
    chosen = await chosen_by(registration.id, ())
    return [it.session for it in chosen if it.holds_seat]


async def _personal_feed(
    registration: Registration, shown: bool, sessions: Sequence[Session]
) -> bytes:
    event = registration.event
    topics = await events.topics_of(event.id)
    own = [session_item(session, event) for session in sessions]
    items = [public_item(event, topics), *own] if shown else []
    return icalendar_text.feed(
        [entry_of(item) for item in items],
        uid=str(registration.id),
        name=gettext("My event – Werkraum"),
        description="",
        url=page_of(event),
        modified=event.revised_at if shown else None,
    )


def _speak_as_asked(request: Request) -> None:
    """`?lang=` first: calendars that subscribe send no Accept-Language."""
    asked = request.query_params.get("lang", "")
    if asked in settings().languages:
        speak(asked)


def answer(body: bytes, version: Version, kept: Kept) -> Response:
    headers = _validators(version, kept) | {"Content-Disposition": kept.disposition}
    return Response(body, media_type=TYPE, headers=headers)


def not_modified(version: Version, kept: Kept) -> Response:
    return Response(status_code=304, headers=_validators(version, kept))


def _validators(version: Version, kept: Kept) -> dict[str, str]:
    headers = kept.headers | {"ETag": version.tag}
    if version.modified:
        utc = version.modified.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(utc, usegmt=True)
    return headers


routes = [
    # Before the pages: `{slug}` of another route would take the ending along.
    route("/events/{slug}.ics", show_download, access=PUBLIC, name="calendar:download"),
    route(
        "/events/{slug}/items/{id:uuid}.ics",
        show_session_download,
        access=PUBLIC,
        name="calendar:session",
    ),
    route("/calendar.ics", show_feed, access=PUBLIC, name="calendar:feed"),
    route(
        "/my/{token}/calendar.ics",
        show_personal,
        access=PERSONAL,
        name="calendar:personal",
    ),
]
