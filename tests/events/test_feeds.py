"""Feeds, sitemap and robots.txt, as programs read them."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from tests.people import an_event

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


async def test_the_atom_feed_names_the_newest_first(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    earlier = clock.now() - timedelta(days=1)
    await an_event(office, title={"en": "Older"}, published_at=earlier)
    newest = await an_event(office, title={"en": "A & B <c>"})

    feed = ET.fromstring((await client.get("/feed.atom")).content)

    titles = [it.findtext(f"{ATOM}title") for it in feed.iter(f"{ATOM}entry")]
    assert titles == ["A & B <c>", "Older"]
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == f"urn:uuid:{newest.id}"


async def test_the_json_feed_is_version_1_1(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)

    feed = (await client.get("/feed.json?lang=de")).json()

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "de"
    [item] = feed["items"]
    assert item["title"] == "Forum Jugend"
    assert item["url"].endswith(f"/de/events/{event.slug}")


async def test_a_feed_says_that_an_event_is_off(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await an_event(office, status=Status.CANCELLED)

    [item] = (await client.get("/feed.json")).json()["items"]

    assert item["title"] == "Called off: Youth forum"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "/sitemap.xml"])
async def test_who_has_it_is_not_sent_it_again(
    client: httpx.AsyncClient, office: Organiser, path: str
) -> None:
    event = await an_event(office)
    tag = (await client.get(path)).headers["etag"]

    same = await client.get(path, headers={"if-none-match": f'"other", W/{tag}'})
    event.slug, event.title = "other", {"en": "Other"}
    await event.save()
    new = await client.get(path, headers={"if-none-match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert new.status_code == 200


async def test_a_date_alone_is_enough_for_a_feed(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await an_event(office)
    modified = (await client.get("/feed.atom")).headers["last-modified"]

    answers = [
        (await client.get("/feed.atom", headers={"if-modified-since": date}))
        for date in (modified, "Thu, 01 Jan 2015 00:00:00 GMT", "yesterday")
    ]

    assert [it.status_code for it in answers] == [304, 200, 200]


async def test_the_sitemap_names_each_page_in_each_language(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)

    sitemap = ET.fromstring((await client.get("/sitemap.xml")).content)

    addresses = [it.text or "" for it in sitemap.iter(f"{SITEMAP}loc")]
    for code in ("de", "en"):
        assert any(it.endswith(f"/{code}/events/{event.slug}") for it in addresses)
    assert all("/desk" not in address for address in addresses)


async def test_robots_may_read_calendars_and_not_the_desk(
    client: httpx.AsyncClient,
) -> None:
    robots = (await client.get("/robots.txt")).text

    assert "Disallow: /desk/" in robots
    assert ".ics" not in robots
    assert "/sitemap.xml" in robots
