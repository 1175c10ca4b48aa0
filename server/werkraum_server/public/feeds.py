"""What is new in the programme, for feed readers and other sites: Atom and JSON."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries
from werkraum_events.models import Event, Status
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.language import gettext, language, pick, speak
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import moment
from werkraum_foundation.settings import settings
from werkraum_server.public.conditional import XML, conditional

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LATEST = 50


async def show_atom(request: Request) -> Response:
    """Answer with the Atom feed (RFC 4287) of the language asked for."""
    speak_as_asked(request)
    events = await queries.latest_published(LATEST)
    return _answer(request, atom(events), "application/atom+xml", events)


async def show_json(request: Request) -> Response:
    """Answer with the JSON Feed 1.1 of the language asked for."""
    speak_as_asked(request)
    events = await queries.latest_published(LATEST)
    text = json.dumps(json_feed(events), ensure_ascii=False, indent=1)
    return _answer(request, text, "application/feed+json", events)


def speak_as_asked(request: Request) -> None:
    """`?lang=` first: feed readers send no Accept-Language worth the name."""
    asked = request.query_params.get("lang", "")
    if asked in settings().languages:
        speak(asked)


def _answer(
    request: Request, text: str, media_type: str, events: Sequence[Event]
) -> Response:
    modified = max((event.revised_at for event in events), default=None)
    response = conditional(request, text, media_type, modified=modified)
    response.headers["Vary"] = "Accept-Language"
    return response


def atom(events: Sequence[Event]) -> str:
    """Write the feed; its newest revision is when it was updated."""
    feed = ET.Element("feed", {"xmlns": ATOM, XML_LANG: language()})
    newest = max(
        (it.revised_at for it in events), default=datetime(2000, 1, 1, tzinfo=UTC)
    )
    address = address_of("feeds:atom")
    add(feed, "id", address)
    add(feed, "title", _title())
    add(feed, "updated", iso_second(newest))
    ET.SubElement(feed, "link", rel="self", href=f"{address}?lang={language()}")
    ET.SubElement(feed, "link", rel="alternate", href=address_of("events:programme"))
    for event in events:
        feed.append(_entry(event))
    return XML + ET.tostring(feed, encoding="unicode")


def _entry(event: Event) -> ET.Element:
    title, lang = pick(event.title)
    entry = ET.Element("entry", {XML_LANG: lang})
    add(entry, "id", f"urn:uuid:{event.id}")
    add(entry, "title", _named(event, title))
    add(entry, "updated", iso_second(event.revised_at))
    add(entry, "published", iso_second(event.published_at or event.created_at))
    address = address_of("events:event", slug=event.slug)
    ET.SubElement(entry, "link", rel="alternate", href=address)
    author = ET.SubElement(entry, "author")
    add(author, "name", event.organiser.name)
    add(entry, "summary", _summary(event))
    return entry


def add(parent: ET.Element, name: str, text: str) -> None:
    """Put an element with a text into another."""
    ET.SubElement(parent, name).text = text


def json_feed(events: Sequence[Event]) -> dict[str, object]:
    """Shape the feed as jsonfeed.org/version/1.1 says."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": address_of("events:programme"),
        "feed_url": f"{address_of('feeds:json')}?lang={language()}",
        "language": language(),
        "items": [_item(event) for event in events],
    }


def _item(event: Event) -> dict[str, object]:
    title, lang = pick(event.title)
    return {
        "id": f"urn:uuid:{event.id}",
        "url": address_of("events:event", slug=event.slug),
        "title": _named(event, title),
        "content_text": _summary(event),
        "date_published": iso_second(event.published_at or event.created_at),
        "date_modified": iso_second(event.revised_at),
        "authors": [{"name": event.organiser.name}],
        "language": lang,
    }


def _title() -> str:
    return gettext("Events – Werkraum")


def _named(event: Event, title: str) -> str:
    if event.status is Status.CANCELLED:
        return gettext("Called off: %(title)s", title=title)
    return title


def _summary(event: Event) -> str:
    when = moment(event.starts_at, event.timezone)
    return "\n\n".join(filter(None, [when, pick(event.summary)[0]]))


def iso_second(value: datetime) -> str:
    """RFC 3339, whole seconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


routes = [
    route("/feed.atom", show_atom, access=PUBLIC, name="feeds:atom"),
    route("/feed.json", show_json, access=PUBLIC, name="feeds:json"),
]
