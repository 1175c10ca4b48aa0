"""Topics: another name reaches every page, feed and calendar that shows it."""

from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in

from werkraum_events import topics
from werkraum_events.models import Event, EventTopic, Topic
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Job

NAMES = {"name_de": "Jugendliche", "name_en": "Young people"}


@pytest.fixture
async def youth(client: httpx.AsyncClient) -> Topic:
    """Olga's topic, at one of her two events."""
    organiser = await olga_signed_in(client)
    shown, _ = [await an_event(organiser) for _ in range(2)]
    topic = await topics.add(organiser.id, {"de": "Jugend"})
    assert topic
    await EventTopic.create(event=shown, topic=topic)
    return topic


async def shown(topic: Topic) -> Event:
    return (await EventTopic.get(topic_id=topic.id).select_related("event")).event


async def test_another_name_is_told_everywhere(
    client: httpx.AsyncClient, youth: Topic
) -> None:
    event = await shown(youth)
    feeds = ("/calendar.ics", "/calendar.ics?topic=jugend", f"/events/{event.slug}.ics")
    tags = {path: (await client.get(path)).headers["etag"] for path in feeds}

    answer = await client.post(f"/desk/topics/{youth.id}", data=NAMES)

    assert answer.headers["location"] == "/desk/topics"
    for path, tag in tags.items():
        again = await client.get(path, headers={"if-none-match": tag})
        assert again.status_code == 200
        assert "CATEGORIES:Young people" in again.text
    assert "Young people" in (await client.get(f"/en/events/{event.slug}")).text
    assert "Jugendliche" in (await client.get("/de/")).text


async def test_calendars_take_it_for_something_newer_and_nobody_gets_a_letter(
    client: httpx.AsyncClient, youth: Topic
) -> None:
    before = await shown(youth)
    others = await Event.exclude(id=before.id).values("version", "revised_at")
    await client.post(f"/desk/topics/{youth.id}", data=NAMES)

    feed = Calendar.from_ical((await client.get("/calendar.ics?topic=jugend")).content)
    (entry,) = feed.events
    assert entry.stamp > before.revised_at
    assert int(str(entry["SEQUENCE"])) == before.sequence
    assert await Event.exclude(id=before.id).values("version", "revised_at") == others
    assert await Job.all().count() == 0


async def test_the_same_name_and_no_name_change_nothing(
    client: httpx.AsyncClient, youth: Topic
) -> None:
    before = await shown(youth)
    same = await client.post(
        f"/desk/topics/{youth.id}", data={"name_de": "Jugend", "name_en": ""}
    )
    none = await client.post(
        f"/desk/topics/{youth.id}", data={"name_de": "", "name_en": ""}
    )

    assert (same.status_code, none.status_code) == (303, 422)
    after = await shown(youth)
    assert (after.version, after.revised_at) == (before.version, before.revised_at)
    assert await AuditEntry.filter(action="topic.rename").count() == 0


async def test_otto_sees_and_renames_no_topic_of_olga(
    client: httpx.AsyncClient, youth: Topic
) -> None:
    await otto_signed_in(client)

    assert "Jugend" not in (await client.get("/desk/topics")).text
    assert (await client.get(f"/desk/topics/{youth.id}")).status_code == 404
    refused = await client.post(f"/desk/topics/{youth.id}", data=NAMES)
    assert refused.status_code == 404
    assert (await Topic.get()).name == {"de": "Jugend"}


async def test_an_address_stays_whatever_the_topic_is_called(database: str) -> None:
    office = await an_organiser()
    topic = await topics.add(office.id, {"de": "Jugend"})
    assert topic

    later = clock.now() + timedelta(hours=1)
    await topics.rename(office.id, topic.id, {"de": "Alle"}, actor="olga", now=later)

    renamed = await topics.topic_of(office.id, topic.id)
    assert (renamed.slug, renamed.name) == ("jugend", {"de": "Alle"})
    entry = await AuditEntry.get(action="topic.rename")
    assert entry.changes == {"name": [{"de": "Jugend"}, {"de": "Alle"}]}
