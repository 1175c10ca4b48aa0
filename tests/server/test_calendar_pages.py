"""Downloads and feeds: what calendars get, and when they get nothing new."""

import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser

import httpx
import pytest
from icalendar import Calendar
from tests.foundation.test_delivery import Say, say
from tests.people import an_event, an_organiser

from werkraum_calendar import queries as calendars
from werkraum_calendar.kept_entries import ROWS_AT_ONCE
from werkraum_events import events, rules, sessions
from werkraum_events.models import (
    Event,
    EventTopic,
    Kind,
    Mode,
    Series,
    Session,
    Status,
    Topic,
)
from werkraum_events.wishes import SessionWish
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_registration import seat_pools
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, Wanted
from werkraum_registration.registrations import Applicant, Application, register
from werkraum_server.public.calendar_pages import SEARCHES, kept_entries

__all__ = ["say"]

ANNA = Applicant("Anna Arendt", "anna@example.org", "de")


def entries(answer: httpx.Response) -> list[dict[str, str]]:
    """Read a calendar as another program does."""
    calendar = Calendar.from_ical(answer.content)
    return [
        {name: str(value) for name, value in event.items()} for event in calendar.events
    ]


async def test_a_download_holds_the_times_and_leads_to_the_page(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(
        await an_organiser(),
        online_link="https://meet.example/secret",
        dial_in="secret number",
    )
    answer = await client.get(f"/events/{event.slug}.ics")
    (entry,) = entries(answer)
    (component,) = Calendar.from_ical(answer.content).events
    assert component.start == event.starts_at
    assert component.end == event.ends_at
    assert entry["UID"] == event.uid
    assert entry["URL"].endswith(f"/en/events/{event.slug}")
    assert entry["LOCATION"].startswith("Rathaus, Markt 1, Beispielstadt / online: ")
    assert "An afternoon." in entry["DESCRIPTION"]
    assert b"secret" not in answer.content


async def test_a_download_is_named_after_the_event_and_sets_no_cookie(
    client: httpx.AsyncClient,
) -> None:
    title = {"en": "Größe/Rat; „Jugend“"}
    event = await an_event(await an_organiser(), title=title)
    answer = await client.get(f"/events/{event.slug}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="{event.slug}.ics"; '
        "filename*=UTF-8''Gr%C3%B6%C3%9Fe-Rat%3B%20%E2%80%9EJugend%E2%80%9C.ics"
    )
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in answer.headers
    assert b"METHOD" not in answer.content


async def test_programs_that_fetch_a_feed_are_let_in_as_they_come(
    client: httpx.AsyncClient, paths: list[str]
) -> None:
    rules = (await client.get("/robots.txt")).text
    robots = RobotFileParser()
    robots.parse(rules.splitlines())
    del client.headers["accept"], client.headers["accept-language"]
    for agent in ("Google-Calendar-Importer", "Microsoft Office/16.0 Outlook"):
        for path in paths[:3]:
            assert robots.can_fetch(agent, f"http://127.0.0.1:8000{path}")
            answer = await client.get(
                path, headers={"user-agent": agent, "accept-encoding": "gzip"}
            )
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
            # Outlook's subscription failed with it; nothing of ours is compressed.
            assert "content-encoding" not in answer.headers
            named = answer.headers["content-disposition"]
            assert re.fullmatch(
                r'(inline|attachment); filename="[a-z0-9-]+\.ics"; '
                r"filename\*=UTF-8''[A-Za-z0-9%._-]+\.ics",
                named,
            )


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_calendar_speaks_the_language_it_is_asked_for(
    client: httpx.AsyncClient, language: str
) -> None:
    event = await an_event(await an_organiser())
    for path in (f"/events/{event.slug}.ics", "/calendar.ics"):
        (entry,) = entries(await client.get(f"{path}?lang={language}"))
        assert entry["SUMMARY"] == event.title[language]


async def test_a_caller_without_any_wish_reads_german(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    del client.headers["accept-language"], client.headers["accept"]
    (entry,) = entries(await client.get("/calendar.ics"))
    assert entry["SUMMARY"] == event.title["de"]


async def test_a_draft_is_in_no_calendar(client: httpx.AsyncClient) -> None:
    event = await an_event(await an_organiser(), status=Status.DRAFT)
    assert (await client.get(f"/events/{event.slug}.ics")).status_code == 404
    assert entries(await client.get("/calendar.ics")) == []


async def test_the_feed_is_filtered_like_the_programme(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    talk = await an_event(organiser, kind=Kind.TALK, seats={Mode.ONLINE: None})
    forum = await an_event(organiser, seats={Mode.ONSITE: None})
    topic = await Topic.create(organiser=organiser, slug="youth", name={"en": "Youth"})
    await EventTopic.create(event=forum, topic=topic)
    for query, expected in {
        "": {talk.uid, forum.uid},
        "?kind=talk": {talk.uid},
        "?mode=onsite": {forum.uid},
        "?topic=youth": {forum.uid},
        "?topic=unknown": set(),
        "?q=YOUTH": {talk.uid, forum.uid},
        "?kind=talk&mode=onsite": set(),
    }.items():
        found = entries(await client.get(f"/calendar.ics{query}"))
        assert {entry["UID"] for entry in found} == expected, query


@pytest.mark.parametrize(
    "typed", ["Jugend & Ungarn", "übergang", "\u2028METHOD:CANCEL", '"><', "x" * 300]
)
async def test_a_feed_names_its_own_address_whatever_was_typed(
    client: httpx.AsyncClient, typed: str
) -> None:
    query = {"q": typed, "kind": "talk"}
    answer = await client.get("/calendar.ics", params=query)
    assert answer.status_code == 200
    source = str(Calendar.from_ical(answer.content)["SOURCE"])
    assert source.startswith("http://127.0.0.1:8000/calendar.ics?lang=en&kind=talk&q=")
    again = await client.get(source, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "METHOD" not in Calendar.from_ical(answer.content)


async def test_a_feed_keeps_its_name_whatever_stands_in_it(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    anna = await a_registration(event)
    public = ["/calendar.ics?lang=de", "/calendar.ics?lang=de&kind=forum"]
    paths = [*public, f"/my/{personal_token(anna)}/calendar.ics"]

    async def names() -> list[str]:
        answers = [await client.get(path) for path in paths]
        return [str(Calendar.from_ical(it.content)["UID"]) for it in answers]

    before = await names()
    await a_new_title(event, "Put right", now=clock.now())
    await an_event(event.organiser)

    assert await names() == before
    assert len(set(before)) == 3


async def test_what_is_off_stays_in_the_feed_for_thirty_days(
    client: httpx.AsyncClient,
) -> None:
    organiser, now = await an_organiser(), clock.now()
    for days in (29, 31):
        await an_event(
            organiser,
            status=Status.CANCELLED,
            now=now - timedelta(days=14 + days),
            title={"en": f"Off since {days}"},
        )
    (entry,) = entries(await client.get("/calendar.ics"))
    assert entry["SUMMARY"] == "Cancelled: Off since 29"
    assert entry["STATUS"] == "CANCELLED"


async def test_what_has_been_leaves_the_feed_after_ninety_days(
    client: httpx.AsyncClient,
) -> None:
    organiser, now = await an_organiser(), clock.now()
    kept = await an_event(organiser, now=now - timedelta(days=14 + 89))
    await an_event(organiser, now=now - timedelta(days=14 + 91))
    (entry,) = entries(await client.get("/calendar.ics"))
    assert entry["UID"] == kept.uid


async def a_registration(event: Event) -> Registration:
    made = await register(event.id, ANNA, event.modes[0], vouched=True, now=clock.now())
    return await Registration.get(id=made.id)


async def test_a_personal_feed_holds_the_event_while_there_is_a_seat(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), confirmation="immediate")
    anna = await a_registration(event)
    path = f"/my/{personal_token(anna)}/calendar.ics"
    answer = await client.get(path)
    (entry,) = entries(answer)
    assert entry["SUMMARY"] == event.title["de"]
    assert personal_token(anna) not in answer.text
    await Registration.filter(id=anna.id).update(state="cancelled")
    known = {"if-none-match": answer.headers["etag"]}
    assert entries(await client.get(path, headers=known)) == []


async def test_an_unknown_personal_feed_is_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/my/unknown/calendar.ics")).status_code == 404


@pytest.fixture
async def paths(database: str) -> list[str]:
    event = await an_event(await an_organiser(), confirmation="immediate")
    anna = await a_registration(event)
    return [
        f"/events/{event.slug}.ics",
        "/calendar.ics",
        "/calendar.ics?q=forum",
        f"/my/{personal_token(anna)}/calendar.ics",
    ]


async def test_who_has_it_already_gets_nothing_again(
    client: httpx.AsyncClient, paths: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for path in paths:
        tag = (await client.get(path)).headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            caplog.clear()
            with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
                answer = await client.get(path, headers={"if-none-match": known})
            queries = [it for it in caplog.records if "SELECT" in it.getMessage()]
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
            assert 1 <= len(queries) <= 2


async def test_public_calendars_know_when_they_were_changed_last(
    client: httpx.AsyncClient, paths: list[str]
) -> None:
    for path in paths[:3]:
        since = (await client.get(path)).headers["last-modified"]
        known = await client.get(path, headers={"if-modified-since": since})
        assert known.status_code == 304


async def test_who_asks_by_date_hears_that_an_entry_has_left(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    long_ago = clock.now() - timedelta(days=3)
    stays, leaves = [await an_event(organiser, now=long_ago) for _ in range(2)]
    topic = await Topic.create(organiser=organiser, slug="youth", name={"en": "Youth"})
    for event in (stays, leaves):
        await EventTopic.create(event=event, topic=topic)
    path = "/calendar.ics?topic=youth"
    since = {"if-modified-since": (await client.get(path)).headers["last-modified"]}
    wish = rules.wish_of(leaves)
    await events.edit(
        organiser.id, leaves.id, wish, version=None, actor="olga", now=clock.now()
    )

    answer = await client.get(path, headers=since)

    assert answer.status_code == 200
    assert [entry["UID"] for entry in entries(answer)] == [stays.uid]


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({"status": Status.PUBLISHED}, calendars.KEPT),
        ({"status": Status.CANCELLED}, calendars.KEPT_CANCELLED),
    ],
    ids=["over", "off"],
)
async def test_what_leaves_by_its_time_is_a_change_of_that_moment(
    columns: dict[str, Any], kept: timedelta, database: str
) -> None:
    event = await an_event(await an_organiser(), **columns)
    leaves_at = event.ends_at + kept
    moment = timedelta(seconds=1)

    before = await calendars.feeds_changed_at(now=leaves_at - moment)
    after = await calendars.feeds_changed_at(now=leaves_at + moment)

    assert (before, after) == (event.revised_at, leaves_at)


async def test_what_becomes_of_a_draft_changes_no_feed(database: str) -> None:
    await an_event(await an_organiser(), status=Status.DRAFT)

    assert await calendars.feeds_changed_at(now=clock.now()) is None


async def test_a_change_of_the_event_changes_every_tag(
    client: httpx.AsyncClient, paths: list[str]
) -> None:
    tags = [(await client.get(path)).headers["etag"] for path in paths]
    event = await Event.get()
    await Event.all().update(revised_at=event.revised_at + timedelta(seconds=1))
    for path, tag in zip(paths, tags, strict=True):
        answer = await client.get(path, headers={"if-none-match": tag})
        assert answer.status_code == 200


async def test_two_changes_within_one_second_are_two_states_of_the_feed(
    client: httpx.AsyncClient,
) -> None:
    organiser, now = await an_organiser(), clock.now()
    first, second = [await an_event(organiser, now=now) for _ in range(2)]
    tags = [(await client.get("/calendar.ics")).headers["etag"]]
    for event, title in ((first, "First"), (second, "Second")):
        await a_new_title(event, title, now=now)
        answer = await client.get("/calendar.ics")
        assert title in [entry["SUMMARY"] for entry in entries(answer)]
        tags.append(answer.headers["etag"])
    assert (await Event.get(id=first.id)).revised_at == (
        await Event.get(id=second.id)
    ).revised_at
    assert len(set(tags)) == 3


async def a_new_title(
    event: Event, title: str, *, now: datetime, series: str | None = None
) -> None:
    fresh = await Event.get(id=event.id)
    wish = replace(rules.wish_of(fresh), title={"de": title, "en": title})
    wish = replace(wish, series=series)
    await events.edit(
        fresh.organiser_id, fresh.id, wish, version=None, actor="olga", now=now
    )


async def test_a_change_of_one_event_writes_one_entry_of_the_feed(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    made = [await an_event(organiser) for _ in range(12)]
    await client.get("/calendar.ics")
    before = entries_written()
    await client.get("/calendar.ics")
    assert entries_written() == before
    await a_new_title(made[5], "Put right", now=clock.now())
    found = entries(await client.get("/calendar.ics"))
    assert [entry["SUMMARY"] for entry in found].count("Put right") == 1
    assert entries_written() == before + 1


def entries_written() -> int:
    return sum(kept.written for kept in kept_entries.values())


async def test_a_long_feed_holds_every_event_once_and_in_order(
    client: httpx.AsyncClient,
) -> None:
    first = await an_event(await an_organiser())
    columns = {name: getattr(first, name) for name in Event._meta.db_fields}
    await Event.bulk_create(
        Event(
            **{
                **columns,
                "id": uuid7(),
                "uid": f"uid-{number}",
                "slug": f"forum-{number}",
                "starts_at": first.starts_at + timedelta(minutes=number % 9),
            }
        )
        for number in range(ROWS_AT_ONCE + 20)
    )
    found = Calendar.from_ical((await client.get("/calendar.ics")).content).events
    assert len({str(event["UID"]) for event in found}) == ROWS_AT_ONCE + 21
    assert len(found) == ROWS_AT_ONCE + 21
    starts = [event.start for event in found]
    assert starts == sorted(starts)


async def test_a_feed_nobody_changed_is_handed_out_after_two_queries(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await an_event(await an_organiser())
    first = await client.get("/calendar.ics")
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
        again = await client.get("/calendar.ics")
    assert again.content == first.content
    queries = [it for it in caplog.records if "SELECT" in it.getMessage()]
    assert len(queries) == 2


async def test_words_are_looked_up_once_for_an_answer(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await an_event(await an_organiser())
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
            answer = await client.get("/calendar.ics?q=forum")
    assert len(entries(answer)) == 1
    # Its entry was written at the first time; one asks when it was changed last.
    queries = [it for it in caplog.records if "SELECT" in it.getMessage()]
    assert len(queries) == 2


async def test_words_may_not_be_looked_up_as_often_as_one_likes(
    client: httpx.AsyncClient, say: Say
) -> None:
    say("WERKRAUM_LIMITS", "on")
    for number in range(SEARCHES.per):
        assert (await client.get(f"/calendar.ics?q={number}")).status_code == 200
    refused = await client.get("/calendar.ics?q=forum")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await client.get("/calendar.ics")).status_code == 200


async def test_a_whole_authority_may_subscribe_to_the_same_words(
    client: httpx.AsyncClient, say: Say
) -> None:
    event = await an_event(await an_organiser())
    say("WERKRAUM_LIMITS", "on")
    asked = "/calendar.ics?q=forum"
    tag = (await client.get(asked)).headers["etag"]
    for _ in range(SEARCHES.per):
        assert (await client.get(asked)).status_code == 200
        again = await client.get(asked, headers={"if-none-match": tag})
        assert again.status_code == 304

    await a_new_title(event, "Forum of the year", now=clock.now())

    changed = await client.get(asked, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert "Forum of the year" in changed.text


async def test_what_fits_the_words_no_longer_leaves_their_feed(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), summary={"en": "Songs"})
    asked = "/calendar.ics?q=youth"
    assert len(entries(await client.get(asked))) == 1
    await a_new_title(event, "Elders", now=clock.now())
    assert entries(await client.get(asked)) == []
    await a_new_title(event, "Youth", now=clock.now())
    assert len(entries(await client.get(asked))) == 1


async def test_every_change_in_a_series_changes_its_feed(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    series = await Series.create(
        organiser=organiser, slug="evenings", title={}, created_at=clock.now()
    )
    made = [await an_event(organiser, series=series) for _ in range(3)]
    tags = []
    for event in made:
        title = f"Put right {event.slug}"
        await a_new_title(event, title, now=clock.now(), series="evenings")
        answer = await client.get("/calendar.ics?series=evenings")
        assert len(entries(answer)) == 3
        assert title in answer.text
        tags.append(answer.headers["etag"])
    assert len(set(tags)) == 3


async def test_head_tells_what_get_would(
    client: httpx.AsyncClient, paths: list[str]
) -> None:
    for path in paths:
        head, get = await client.head(path), await client.get(path)
        for name in ("etag", "content-length", "content-type", "content-disposition"):
            assert head.headers[name] == get.headers[name]


async def test_a_second_entry_costs_no_further_query(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    organiser = await an_organiser()
    counts = []
    for _ in range(2):
        await an_event(organiser)
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
            await client.get("/calendar.ics")
        counts.append(len([it for it in caplog.records if "SELECT" in it.getMessage()]))
    assert counts[0] == counts[1] <= 5


async def a_workshop(event: Event, start: int = 0) -> Session:
    """Put an item of half an hour on the programme, `start` minutes in."""
    return await Session.create(
        event=event,
        title={"en": "Table 1; youth, sport"},
        description={"en": "Three examples."},
        speakers=["Ada Muster", "Ben Vorlage"],
        starts_at=event.starts_at + timedelta(minutes=start),
        ends_at=event.starts_at + timedelta(minutes=start + 30),
        bookable=True,
    )


async def test_a_programme_item_has_a_file_of_its_own(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), online_link="https://meet.example/s")
    item = await a_workshop(event, start=30)
    page = (await client.get(f"/en/events/{event.slug}")).text
    path = f"/events/{event.slug}/items/{item.id}.ics"
    assert path in page
    answer = await client.get(path)
    (entry,) = Calendar.from_ical(answer.content).events
    assert (entry.start, entry.end) == (item.starts_at, item.ends_at)
    assert (entry["UID"], entry["SUMMARY"]) == (item.uid, "Table 1; youth, sport")
    assert entry["RELATED-TO"] == event.uid
    assert entry["RELATED-TO"].params["RELTYPE"] == "PARENT"
    described = str(entry["DESCRIPTION"])
    assert "Part of: " in described
    assert "Ada Muster, Ben Vorlage" in described
    assert b"meet.example" not in answer.content
    assert b"METHOD" not in answer.content
    tag = {"if-none-match": answer.headers["etag"]}
    assert (await client.get(path, headers=tag)).status_code == 304


async def test_a_programme_item_of_another_event_or_a_draft_has_no_file(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    event, other = await an_event(organiser), await an_event(organiser)
    draft = await an_event(organiser, status=Status.DRAFT)
    item, hidden = await a_workshop(event), await a_workshop(draft)
    for slug, session in ((other.slug, item), (draft.slug, hidden)):
        answer = await client.get(f"/events/{slug}/items/{session.id}.ics")
        assert answer.status_code == 404


async def test_moving_an_item_or_its_event_raises_its_sequence_a_typo_does_not(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    event = await an_event(organiser)
    item = await a_workshop(event)

    async def told() -> tuple[int, str]:
        path = f"/events/{event.slug}/items/{item.id}.ics"
        (entry,) = entries(await client.get(path))
        return int(entry["SEQUENCE"]), entry["DTSTAMP"]

    async def change(**changes: Any) -> None:  # Any: parts of a wish
        wish = SessionWish(
            title=item.title,
            description=item.description,
            speakers=("Ada Muster",),
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            bookable=True,
        )
        wanted = replace(wish, **changes)
        ids = organiser.id, event.id, item.id
        await sessions.edit(*ids, wanted, actor="olga", now=clock.now())

    first, _ = await told()
    await change(title={"en": "Table one"})
    assert (await told())[0] == first
    await change(title={"en": "Table one"}, ends_at=item.ends_at + timedelta(minutes=5))
    assert (await told())[0] == first + 1
    before = await told()
    fresh = await Event.get(id=event.id)
    later = timedelta(hours=1)
    moved = replace(
        rules.wish_of(fresh),
        starts_at=fresh.starts_at + later,
        ends_at=fresh.ends_at + later,
    )
    await events.edit(
        organiser.id, event.id, moved, version=None, actor="olga", now=clock.now()
    )
    assert (await told())[0] == before[0] + 1


async def test_the_personal_feed_has_the_items_with_a_seat(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    chosen, full = await a_workshop(event), await a_workshop(event, start=30)
    await seat_pools.set_session_seats(
        event.id, {chosen.id: None, full.id: 1}, now=clock.now()
    )
    for person, wanted in (("ben", (full.id,)), ("anna", (chosen.id, full.id))):
        registered = await register(
            event.id,
            Applicant(person, f"{person}@example.org", "en"),
            Application(Wanted.ONLINE, sessions=wanted),
            vouched=True,
            now=clock.now(),
            by_hand=True,
        )
    path = f"/my/{personal_token(await Registration.get(id=registered.id))}"
    found = entries(await client.get(f"{path}/calendar.ics"))
    assert {entry["UID"] for entry in found} == {event.uid, chosen.uid}
    page = (await client.get(f"/en{path}")).text
    assert f"/events/{event.slug}/items/{chosen.id}.ics" in page
    assert f"/events/{event.slug}/items/{full.id}.ics" not in page
