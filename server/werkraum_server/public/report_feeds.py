"""Which reports are new, for feed readers and other sites: Atom and JSON."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.report.report_queries import newest_reports, since
from werkraum_feedback.report_models import Report
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.language import gettext, language, pick
from werkraum_foundation.links import address_of
from werkraum_server.public.conditional import XML, conditional
from werkraum_server.public.feeds import (
    ATOM,
    LATEST,
    XML_LANG,
    add,
    iso_second,
    speak_as_asked,
)

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def show_atom(request: Request) -> Response:
    """Answer with the newest reports as Atom (RFC 4287)."""
    speak_as_asked(request)
    reports = (await newest_reports())[:LATEST]
    return _answer(request, atom(reports), "application/atom+xml", reports)


async def show_json(request: Request) -> Response:
    """Answer with the newest reports as JSON Feed 1.1."""
    speak_as_asked(request)
    reports = (await newest_reports())[:LATEST]
    text = json.dumps(json_feed(reports), ensure_ascii=False, indent=1)
    return _answer(request, text, "application/feed+json", reports)


def _answer(
    request: Request, text: str, media_type: str, reports: Sequence[Report]
) -> Response:
    newest = max(map(since, reports), default=None)
    response = conditional(request, text, media_type, modified=newest)
    response.headers["Vary"] = "Accept-Language"
    return response


def atom(reports: Sequence[Report]) -> str:
    feed = ET.Element("feed", {"xmlns": ATOM, XML_LANG: language()})
    address = address_of("reports:atom")
    add(feed, "id", address)
    add(feed, "title", _title())
    add(feed, "updated", iso_second(max(map(since, reports), default=LONG_AGO)))
    ET.SubElement(feed, "link", rel="self", href=f"{address}?lang={language()}")
    ET.SubElement(feed, "link", rel="alternate", href=address_of("events:archive"))
    for report in reports:
        feed.append(_entry(report))
    return XML + ET.tostring(feed, encoding="unicode")


def _entry(report: Report) -> ET.Element:
    entry = ET.Element("entry", {XML_LANG: report.language})
    add(entry, "id", f"urn:uuid:{report.id}")
    add(entry, "title", report.title)
    add(entry, "updated", iso_second(since(report)))
    ET.SubElement(entry, "link", rel="alternate", href=_page(report))
    author = ET.SubElement(entry, "author")
    add(author, "name", report.event.organiser.name)
    add(entry, "summary", _summary(report))
    return entry


def json_feed(reports: Sequence[Report]) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": address_of("events:archive"),
        "feed_url": f"{address_of('reports:json')}?lang={language()}",
        "language": language(),
        "items": [
            {
                "id": f"urn:uuid:{it.id}",
                "url": _page(it),
                "title": it.title,
                "content_text": _summary(it),
                "date_published": iso_second(since(it)),
                "authors": [{"name": it.event.organiser.name}],
                "language": it.language,
            }
            for it in reports
        ],
    }


def _title() -> str:
    return gettext("Reports – Werkraum")


def _page(report: Report) -> str:
    return address_of("reports:report", slug=report.event.slug)


def _summary(report: Report) -> str:
    """Say which event it is about, and what is new in a later version."""
    said = [pick(report.event.title)[0], report.change_note]
    return "\n\n".join(filter(None, said))


routes = [
    route("/reports.atom", show_atom, access=PUBLIC, name="reports:atom"),
    route("/reports.json", show_json, access=PUBLIC, name="reports:json"),
]
