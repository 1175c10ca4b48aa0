"""What everybody may see of events."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser, olga_signed_in

from werkraum_events.models import Event, Kind, Mode, Session, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

FORMS = (
    "/en/",
    "/en/archive",
    "/feed.atom",
    "/feed.json",
    "/sitemap.xml",
)
HOUR = timedelta(hours=1)


def linked_data(page: str) -> dict[str, Any]:  # Any: JSON
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    read: dict[str, Any] = json.loads(block)
    return read


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        pytest.param("de-DE,de;q=0.9", "/de/", id="German"),
        pytest.param("en-GB,en", "/en/", id="English"),
        pytest.param("pl", "/de/", id="German if in doubt"),
        pytest.param("../../,a-a-a," * 500, "/de/", id="nonsense"),
    ],
)
async def test_the_bare_address_leads_to_ones_language(
    client: httpx.AsyncClient, accept: str, target: str
) -> None:
    answer = await client.get("/", headers={"accept-language": accept})

    assert (answer.status_code, answer.headers["location"]) == (307, target)
    assert answer.headers["vary"] == "Accept-Language"


async def test_an_event_without_a_language_leads_to_one(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/events/youth-forum")

    assert answer.headers["location"] == "/en/events/youth-forum"


@pytest.mark.parametrize("path", ["/xx/", "/xx/archive", "/fr/events/youth-forum"])
async def test_a_language_nobody_offers_is_no_page(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 404


async def test_an_empty_programme_says_so(client: httpx.AsyncClient) -> None:
    page = (await client.get("/en/")).text

    assert "There is nothing on the programme at the moment." in page


async def test_the_programme_shows_what_is_to_come(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await an_event(office, slug="youth", title={"de": "Forum", "en": "Youth forum"})

    page = (await client.get("/en/")).text

    assert "Youth forum" in page
    assert 'href="/en/events/youth"' in page
    assert "Rathaus" in page


async def test_a_day_and_its_hours_read_as_people_say_them(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    start = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
    await an_event(
        office, slug="youth", starts_at=start, ends_at=start + timedelta(hours=2)
    )

    pages = [await client.get(f"/{lang}/events/youth") for lang in ("en", "de")]

    english, german = (re.sub(r"<[^>]+>", "", it.text) for it in pages)
    assert "Thursday, 4 March 2027, 14:00 to 16:00" in english
    assert "Donnerstag, 4. März 2027, 14:00 bis 16:00 Uhr" in german


async def test_two_days_and_their_hours_read_as_people_say_them(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    start = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
    await an_event(
        office, slug="youth", starts_at=start, ends_at=start + timedelta(days=1)
    )

    page = re.sub(r"<[^>]+>", "", (await client.get("/de/events/youth")).text)

    assert "4. März 2027, 14:00 Uhr bis Freitag, 5. März 2027, 14:00 Uhr" in page
    assert "Uhr Uhr" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("kind=forum", True, id="its kind"),
        pytest.param("kind=talk", False, id="another kind"),
        pytest.param("kind=party", True, id="an unknown kind"),
        pytest.param("mode=onsite", True, id="its mode"),
        pytest.param("mode=online", False, id="another mode"),
        pytest.param("topic=jugend", False, id="a topic it has not"),
        pytest.param("q=YOUTH", True, id="a word of it"),
        pytest.param("q=%25", False, id="a percent sign"),
        pytest.param("q=" + "%25_%5C%27((((" * 1000, False, id="10 kB"),
    ],
)
async def test_filters_fit_or_let_through(
    client: httpx.AsyncClient, office: Organiser, query: str, found: bool
) -> None:
    await an_event(office, kind=Kind.FORUM, seats={Mode.ONSITE: None})

    answer = await client.get(f"/en/?{query}")

    assert answer.status_code == 200
    assert ("Youth forum" in answer.text) is found
    assert ("No event fits." in answer.text) is not found


async def test_the_programme_takes_as_many_queries_for_three_events_as_for_one(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await an_event(office)
    with counted() as for_one:
        await client.get("/en/")
    for _ in range(2):
        await an_event(office)

    with counted() as for_three:
        await client.get("/en/")

    assert len(for_three) == len(for_one) == 4


async def test_the_event_page_takes_four_queries_and_one_while_it_is_kept(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)
    path = f"/en/events/{event.slug}"

    with counted() as first:
        await client.get(path)
    with counted() as again:
        await client.get(path)

    assert (len(first), len(again)) == (4, 1)


async def test_a_kept_event_page_shows_each_change_at_once(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)
    path = f"/en/events/{event.slug}"
    before = await client.get(path)
    known = {"if-none-match": before.headers["etag"]}

    assert (await client.get(path, headers=known)).status_code == 304
    await Event.filter(id=event.id).update(title={"en": "Moved forum"}, version=2)
    after = await client.get(path, headers=known)

    assert after.status_code == 200
    assert "Moved forum" in after.text


async def test_each_reader_gets_a_fresh_form_on_a_kept_page(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)
    path = f"/en/events/{event.slug}"
    tokens = set()
    for _ in range(2):
        page = await client.get(path)
        found = re.search(r'name="form_token" value="([^"]+)"', page.text)
        assert found
        tokens.add(found[1])
        await asyncio.sleep(0.11)

    assert len(tokens) == 2


async def test_a_draft_is_nowhere(client: httpx.AsyncClient, office: Organiser) -> None:
    await an_event(office, slug="secret-plan", status=Status.DRAFT)

    for path in FORMS:
        assert "secret-plan" not in (await client.get(path)).text, path
    for path in ("/en/events/secret-plan", "/events/secret-plan.ics"):
        assert (await client.get(path)).status_code == 404, path


async def test_a_draft_is_no_public_page_for_olga_either(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    await an_event(office, slug="secret-plan", status=Status.DRAFT)

    assert (await client.get("/en/events/secret-plan")).status_code == 404


async def test_what_has_been_stands_in_the_archive_alone(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await an_event(office, now=clock.now() - timedelta(days=30))

    assert "Youth forum" not in (await client.get("/en/")).text
    assert "Youth forum" in (await client.get("/en/archive")).text


async def test_the_archive_has_pages(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    for number in range(21):
        past = clock.now() - timedelta(days=30 + number)
        await an_event(office, now=past, title={"de": f"Forum {number}."})

    first = (await client.get("/en/archive")).text
    second = (await client.get("/en/archive?page=2")).text

    assert "Forum 19." in first
    assert "Forum 20." not in first
    assert "Forum 20." in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "²"])
async def test_an_impossible_page_is_some_page(
    client: httpx.AsyncClient, page: str
) -> None:
    assert (await client.get(f"/en/archive?page={page}")).status_code == 200


async def test_the_event_page_says_when_where_and_what(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    starts_at = datetime(2027, 7, 1, 12, 0, tzinfo=clock.now().tzinfo)
    event = await an_event(office, starts_at=starts_at, ends_at=starts_at + HOUR)
    await Session.create(
        event=event,
        title={"en": "Arriving"},
        description={},
        speakers=["Ada Muster"],
        starts_at=starts_at,
        ends_at=starts_at + HOUR / 2,
    )

    page = (await client.get(f"/de/events/{event.slug}")).text

    assert "Donnerstag, 1. Juli 2027, 14:00" in page
    assert "Berlin" in page
    assert "Markt 1, Beispielstadt" in page
    assert "<strong>Nachmittag</strong>" in page
    assert "Arriving" in page
    assert "Ada Muster" in page
    assert office.contact in page
    assert f"/de/legal/{office.slug}/privacy" in page


async def test_the_event_page_has_the_form_to_register(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(office)

    page = (await client.get(f"/en/events/{event.slug}")).text

    assert f'action="/en/events/{event.slug}/registrations"' in page
    assert 'name="email"' in page
    assert re.search(r'name="form_token" value="[0-9.]+\.[\w-]+"', page)


async def test_nobody_sees_the_link_of_the_room(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(
        office, online_link="https://meet.example/secret", dial_in="+49 30 123"
    )

    for path in (f"/en/events/{event.slug}", *FORMS):
        text = (await client.get(path)).text
        assert "meet.example" not in text, path
        assert "+49 30 123" not in text, path


async def test_an_event_that_is_off_says_why_and_has_no_form(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(
        office, status=Status.CANCELLED, cancel_reason={"en": "The hall is flooded."}
    )

    page = (await client.get(f"/en/events/{event.slug}")).text

    assert "The hall is flooded." in page
    assert "/registrations" not in page
    assert page.endswith("</html>")
    assert linked_data(page)["eventStatus"] == "https://schema.org/EventCancelled"


async def test_an_event_that_has_moved_says_from_where(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    before = datetime(2027, 7, 1, 12, 0, tzinfo=clock.now().tzinfo)
    event = await an_event(office, previous_starts_at=before)

    page = (await client.get(f"/en/events/{event.slug}")).text
    data = linked_data(page)

    assert "Thursday, 1 July 2027" in page
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2027-07-01T14:00:00+02:00"


async def test_a_text_in_another_language_is_marked(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    event = await an_event(
        office, title={"de": "Nur Deutsch"}, summary={}, description={}
    )

    page = (await client.get(f"/en/events/{event.slug}")).text

    assert '<span lang="de">Nur Deutsch</span>' in page
    assert "in this language only: German." in page


@pytest.mark.parametrize(
    ("modes", "attendance", "locations"),
    [
        ([Mode.ONSITE], "Offline", ["Place"]),
        ([Mode.ONLINE], "Online", ["VirtualLocation"]),
        ([Mode.ONSITE, Mode.ONLINE], "Mixed", ["Place", "VirtualLocation"]),
    ],
    ids=["on site", "online", "hybrid"],
)
async def test_search_engines_learn_how_one_takes_part(
    client: httpx.AsyncClient,
    office: Organiser,
    modes: list[Mode],
    attendance: str,
    locations: list[str],
) -> None:
    event = await an_event(office, seats=dict.fromkeys(modes, 5))

    data = linked_data((await client.get(f"/en/events/{event.slug}")).text)

    expected = f"https://schema.org/{attendance}EventAttendanceMode"
    assert data["eventAttendanceMode"] == expected
    assert [it["@type"] for it in data["location"]] == locations
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert re.search(r"[+-]\d\d:\d\d$", data["startDate"])


async def test_no_text_ends_the_block_of_linked_data(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    nasty = "</script><script>alert(1)</script> & <!--"
    event = await an_event(office, title={"en": nasty})

    page = (await client.get(f"/en/events/{event.slug}")).text

    assert "<script>alert" not in page
    assert linked_data(page)["name"] == nasty


async def test_the_legal_pages_are_the_organisers_own(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    page = (await client.get(f"/de/legal/{office.slug}/privacy")).text

    assert "Wir speichern wenig." in page


async def test_a_missing_legal_text_is_filled_as_far_as_we_know(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    office.imprint = {}
    await office.save()

    page = (await client.get(f"/de/legal/{office.slug}/imprint")).text

    assert office.contact in page
    assert "[Straße und Hausnummer]" in page


async def test_several_organisers_are_all_named_under_the_programme(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    other = await an_organiser("Another office")

    page = (await client.get("/en/")).text

    for each in (office, other):
        assert f"/en/legal/{each.slug}/imprint" in page
