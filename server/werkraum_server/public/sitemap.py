"""What search engines may find, in all languages, and what they need not look at."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from werkraum_events import queries
from werkraum_events.series import public_series_slugs
from werkraum_feedback.follow_up.published_practices import published
from werkraum_feedback.report.report_queries import newest_reports, since
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.language import DEFAULT
from werkraum_foundation.links import address_of
from werkraum_foundation.models import Organiser
from werkraum_foundation.settings import settings
from werkraum_server.public.conditional import XML, conditional

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
# Personal pages are open to robots, so that they read there: noindex.
ROBOTS = """\
User-agent: *
Allow: /
Disallow: /desk/
Disallow: /api/

Sitemap: {sitemap}
"""


async def show_robots(request: Request) -> Response:
    return PlainTextResponse(ROBOTS.format(sitemap=address_of("feeds:sitemap")))


async def show_sitemap(request: Request) -> Response:
    """List every public page once per language (sitemaps.org, hreflang links)."""
    events = await queries.public_slugs()
    organisers = await Organiser.all().order_by("slug")
    urlset = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for name in ("events:programme", "events:archive", "practices:all"):
        urlset.extend(_urls(name))
    for slug, revised_at in events:
        urlset.extend(_urls("events:event", revised_at, slug=slug))
    for slug in await public_series_slugs():
        urlset.extend(_urls("series:page", slug=slug))
    for practice in await published():
        modified = practice.published_at
        urlset.extend(_urls("practices:practice", modified, slug=practice.slug))
    for report in await newest_reports():
        urlset.extend(_urls("reports:report", since(report), slug=report.event.slug))
    for organiser in organisers:
        for kind in ("imprint", "privacy", "accessibility"):
            urlset.extend(_urls(f"legal:{kind}", organiser=organiser.slug))
    text = XML + ET.tostring(urlset, encoding="unicode")
    return conditional(request, text, "application/xml")


def _urls(
    name: str, modified: datetime | None = None, **params: object
) -> Iterator[ET.Element]:
    addresses = {
        code: address_of(name, lang=code, **params) for code in settings().languages
    }
    for address in addresses.values():
        url = ET.Element("url")
        ET.SubElement(url, "loc").text = address
        if modified:
            ET.SubElement(url, "lastmod").text = modified.isoformat(timespec="seconds")
        url.extend(_alternates(addresses))
        yield url


def _alternates(addresses: dict[str, str]) -> Iterator[ET.Element]:
    for code, address in addresses.items():
        yield ET.Element(
            "xhtml:link", {"rel": "alternate", "hreflang": code, "href": address}
        )
    default = addresses.get(DEFAULT) or next(iter(addresses.values()))
    yield ET.Element(
        "xhtml:link", {"rel": "alternate", "hreflang": "x-default", "href": default}
    )


routes = [
    route("/robots.txt", show_robots, access=PUBLIC, name="feeds:robots"),
    route("/sitemap.xml", show_sitemap, access=PUBLIC, name="feeds:sitemap"),
]
