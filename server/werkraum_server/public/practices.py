"""Best-practice cards for everybody: searched, one by one, and as feeds."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.follow_up import countries
from werkraum_feedback.follow_up.published_practices import (
    PracticeSieve,
    contact_of,
    countries_among,
    published,
    published_practice,
    themes_among,
)
from werkraum_feedback.follow_up_models import Practice
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext, language, pick
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page
from werkraum_server.public.conditional import XML, conditional
from werkraum_server.public.feeds import (
    ATOM,
    LATEST,
    XML_LANG,
    add,
    iso_second,
    speak_as_asked,
)
from werkraum_server.public.programme import all_footers, must_be_offered, sole

PER_PAGE = 20


async def show_all(request: Request) -> Response:
    """Show the cards that fit, the latest first, in pages of twenty; one query."""
    must_be_offered(request)
    sieve, there = PracticeSieve.read(request.query_params), await published()
    found = [it for it in there if sieve.holds(it)]
    first = (sieve.number - 1) * PER_PAGE
    organisers = await all_footers()
    return page(
        request,
        "public/practices.html",
        sieve=sieve,
        practices=found[first : first + PER_PAGE],
        count=len(found),
        more=len(found) > first + PER_PAGE,
        any=bool(there),
        names={it.id: countries.names_of(it.countries) for it in found},
        themes=themes_among(there),
        countries=countries_among(there),
        organiser=sole(organisers),
        organisers=organisers,
    )


async def show_one(request: Request) -> Response:
    must_be_offered(request)
    practice = await published_practice(request.path_params["slug"])
    return page(
        request,
        "public/practice.html",
        practice=practice,
        contact=await contact_of(practice),
        countries=countries.names_of(practice.countries),
        organiser=footer_of(practice.organiser),
    )


async def show_atom(request: Request) -> Response:
    """Answer with the newest cards as Atom (RFC 4287)."""
    speak_as_asked(request)
    there = (await published())[:LATEST]
    return _answer(request, atom(there), "application/atom+xml", there)


async def show_json(request: Request) -> Response:
    """Answer with the newest cards as JSON Feed 1.1."""
    speak_as_asked(request)
    there = (await published())[:LATEST]
    text = json.dumps(json_feed(there), ensure_ascii=False, indent=1)
    return _answer(request, text, "application/feed+json", there)


def _answer(
    request: Request, text: str, media_type: str, there: Sequence[Practice]
) -> Response:
    newest = max((_since(it) for it in there), default=None)
    response = conditional(request, text, media_type, modified=newest)
    response.headers["Vary"] = "Accept-Language"
    return response


def atom(practices: Sequence[Practice]) -> str:
    feed = ET.Element("feed", {"xmlns": ATOM, XML_LANG: language()})
    newest = max((_since(it) for it in practices), default=_long_ago())
    address = address_of("practices:atom")
    add(feed, "id", address)
    add(feed, "title", _title())
    add(feed, "updated", iso_second(newest))
    ET.SubElement(feed, "link", rel="self", href=f"{address}?lang={language()}")
    ET.SubElement(feed, "link", rel="alternate", href=address_of("practices:all"))
    for practice in practices:
        feed.append(_entry(practice))
    return XML + ET.tostring(feed, encoding="unicode")


def _entry(practice: Practice) -> ET.Element:
    title, lang = pick(practice.title)
    entry = ET.Element("entry", {XML_LANG: lang})
    add(entry, "id", f"urn:uuid:{practice.id}")
    add(entry, "title", title)
    add(entry, "updated", iso_second(_since(practice)))
    ET.SubElement(entry, "link", rel="alternate", href=_page(practice))
    author = ET.SubElement(entry, "author")
    add(author, "name", practice.organiser.name)
    add(entry, "summary", pick(practice.what)[0])
    return entry


def json_feed(practices: Sequence[Practice]) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": address_of("practices:all"),
        "feed_url": f"{address_of('practices:json')}?lang={language()}",
        "language": language(),
        "items": [
            {
                "id": f"urn:uuid:{it.id}",
                "url": _page(it),
                "title": pick(it.title)[0],
                "content_text": pick(it.what)[0],
                "date_published": iso_second(_since(it)),
                "authors": [{"name": it.organiser.name}],
                "tags": [*countries.names_of(it.countries), *it.partner_towns],
                "language": pick(it.title)[1],
            }
            for it in practices
        ],
    }


def _title() -> str:
    return gettext("Best practices – Werkraum")


def _page(practice: Practice) -> str:
    return address_of("practices:practice", slug=practice.slug)


def _since(practice: Practice) -> datetime:
    return practice.published_at or practice.created_at


def _long_ago() -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC)


routes = [
    route("/{lang}/practices", show_all, access=PUBLIC, name="practices:all"),
    route(
        "/{lang}/practices/{slug}", show_one, access=PUBLIC, name="practices:practice"
    ),
    route("/practices.atom", show_atom, access=PUBLIC, name="practices:atom"),
    route("/practices.json", show_json, access=PUBLIC, name="practices:json"),
]
