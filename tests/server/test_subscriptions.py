"""The page that helps to subscribe, and the ways into a calendar on other pages."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
from icalendar import Calendar
from tests.people import an_event, an_organiser

from werkraum_events.models import Kind, Series
from werkraum_foundation import clock


def address_to_copy(page: str) -> str:
    found = re.search(r'<input id="feed-address"[^>]*value="([^"]+)"', page)
    assert found
    return unescape(found[1])


async def test_whoever_chooses_a_kind_gets_the_address_of_these_alone(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    talk = await an_event(organiser, kind=Kind.TALK)
    await an_event(organiser, kind=Kind.FORUM)
    page = (await client.get("/en/calendar?kind=talk&q=ignored")).text
    feed = address_to_copy(page)
    assert parse_qs(urlsplit(feed).query) == {"lang": ["en"], "kind": ["talk"]}
    assert f"webcal://{feed.partition('//')[2]}" in unescape(page)
    calendar = Calendar.from_ical((await client.get(feed)).content)
    assert [str(entry["UID"]) for entry in calendar.events] == [talk.uid]


async def test_a_series_has_a_feed_of_its_own_and_its_page_leads_there(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    series = await Series.create(
        organiser=organiser,
        slug="forums",
        title={"en": "Forums"},
        created_at=clock.now(),
    )
    first = await an_event(organiser, series=series)
    await an_event(organiser)
    page = (await client.get("/en/series/forums")).text
    assert 'href="/en/calendar?series=forums"' in page
    feed = address_to_copy((await client.get("/en/calendar?series=forums")).text)
    calendar = Calendar.from_ical((await client.get(feed)).content)
    assert [str(entry["UID"]) for entry in calendar.events] == [first.uid]


async def test_an_empty_programme_can_be_subscribed_to(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/de/calendar")
    assert answer.status_code == 200
    assert address_to_copy(answer.text).endswith("/calendar.ics?lang=de")


async def test_the_event_page_offers_a_file_and_the_pages_of_others(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), online_link="https://meet.example/s")
    page = (await client.get(f"/en/events/{event.slug}")).text
    links = [unescape(it) for it in re.findall(r'href="([^"]+)"', page)]
    assert f"/events/{event.slug}.ics" in links
    hosts = {urlsplit(it).hostname for it in links} - {None, "127.0.0.1"}
    others = {"calendar.google.com", "outlook.live.com", "outlook.office.com"}
    assert hosts >= others
    # Copies are passed on: no way into the room stands in them.
    assert not [it for it in links if "meet.example" in it]
    assert "stays as it is" in page
