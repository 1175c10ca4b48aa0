"""Events at the desk: what olga types, what otto does not see."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)

from werkraum_events.models import Event, Mode, Session, Status, Topic
from werkraum_foundation.models import Job, JobState, Role
from werkraum_registration.models import SeatPool

Typed = dict[str, str | list[str]]
FORUM: Typed = {
    "title_de": "Forum Übergang",
    "kind": "forum",
    "timezone": "Europe/Berlin",
    "starts_at": "2027-03-04T14:00",
    "modes": ["online"],
    "confirmation": "double_opt_in",
    "waiting_list": "on",
}


async def sent(
    client: httpx.AsyncClient, path: str, typed: Typed | None = None
) -> httpx.Response:
    origin = {"origin": str(client.base_url).rstrip("/")}
    return await client.post(path, data=typed or {}, headers=origin)


async def test_three_answers_make_an_event(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)

    answer = await sent(client, "/desk/events/new", FORUM)

    event = await Event.get(organiser_id=office.id)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/desk/events/{event.id}")
    assert (event.slug, event.status) == ("forum-uebergang", Status.DRAFT)
    assert event.starts_at == datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
    assert event.ends_at - event.starts_at == timedelta(hours=2)
    assert await SeatPool.filter(event=event).values_list("mode", "seats") == [
        (Mode.ONLINE, None)
    ]


async def test_seats_and_new_topics_are_taken_from_the_form(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    seats: Typed = {"modes": ["onsite", "online"], "seats_onsite": "50"}

    await sent(
        client, "/desk/events/new", FORUM | seats | {"new_topics": "Jugend, Übergang"}
    )

    pools = {pool.mode: pool.seats for pool in await SeatPool.all()}
    topics = [(topic.slug, topic.name) for topic in await Topic.all().order_by("slug")]
    assert pools == {Mode.ONSITE: 50, Mode.ONLINE: None}
    assert topics == [("jugend", {"en": "Jugend"}), ("uebergang", {"en": "Übergang"})]


LONG = "a" * 10_001


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        pytest.param({"title_de": ""}, "title", id="B51 no title"),
        pytest.param({"title_de": "  "}, "title", id="B51 only spaces"),
        pytest.param({"title_de": "x"}, "title_de", id="B51 one character"),
        pytest.param({"title_de": LONG}, "title_de", id="B51 10,001 characters"),
        pytest.param(
            {"title_de": "A\r\nATTENDEE:x"}, "title_de", id="B51 a second line"
        ),
        pytest.param({"title_de": "A\u2028B"}, "title_de", id="B51 U+2028"),
        pytest.param({"description_de": LONG}, "description_de", id="B52 long text"),
        pytest.param({"ends_at": "2027-03-04T13:00"}, "ends_at", id="B53 end first"),
        pytest.param({"ends_at": "2027-03-04T14:00"}, "ends_at", id="B53 no length"),
        pytest.param({"ends_at": "2037-03-04T14:00"}, "ends_at", id="B53 ten years"),
        pytest.param({"starts_at": "0001-01-01T00:00"}, "starts_at", id="B53 year 1"),
        pytest.param(
            {"starts_at": "9999-12-31T23:59"}, "starts_at", id="B53 year 9999"
        ),
        pytest.param(
            {"starts_at": "2027-02-30T10:00"}, "starts_at", id="B53 no such day"
        ),
        pytest.param({"starts_at": "2027-03-04T24:00"}, "starts_at", id="B53 24:00"),
        pytest.param({"starts_at": "2027-W01-1"}, "starts_at", id="B53 a week"),
        pytest.param({"starts_at": "20270304"}, "starts_at", id="B53 no hyphens"),
        pytest.param({"starts_at": ""}, "starts_at", id="no start"),
        pytest.param({"starts_at": "2020-03-04T14:00"}, "starts_at", id="past"),
        pytest.param({"starts_at": "2027-03-28T02:30"}, "starts_at", id="B54 gap"),
        pytest.param({"starts_at": "2027-10-31T02:30"}, "starts_at", id="B54 fold"),
        pytest.param(
            {"timezone": "Australia/Lord_Howe", "starts_at": "2027-10-03T02:15"},
            "starts_at",
            id="B54 half an hour is missing",
        ),
        pytest.param({"timezone": "../../etc/passwd"}, "timezone", id="B55 path"),
        pytest.param({"timezone": "/etc/localtime"}, "timezone", id="B55 file"),
        pytest.param({"timezone": "America"}, "timezone", id="B55 folder"),
        pytest.param({"timezone": "x" * 3000}, "timezone", id="B55 long"),
        pytest.param({"timezone": "Europe/Berlin\n"}, "timezone", id="B55 newline"),
        pytest.param({"timezone": "europe/berlin"}, "timezone", id="B55 case"),
        pytest.param({"timezone": "Factory"}, "timezone", id="B55 Factory"),
        pytest.param({"modes": []}, "modes", id="no mode"),
        pytest.param({"modes": ["moon"]}, "modes", id="unknown mode"),
        pytest.param({"seats_online": "-1"}, "seats_online", id="B56 seats -1"),
        pytest.param({"seats_online": "0"}, "seats_online", id="B56 seats 0"),
        pytest.param({"seats_online": "1e9"}, "seats_online", id="B56 seats 1e9"),
        pytest.param({"slug": "Ä"}, "slug", id="slug"),
        pytest.param(
            {"online_link": "javascript:alert(1)"}, "online_link", id="B60 script"
        ),
        pytest.param({"online_link": "http://a.example"}, "online_link", id="B60 http"),
        pytest.param(
            {"online_link": "https://u:p@a.example"}, "online_link", id="B60 password"
        ),
        pytest.param(
            {"registration_closes_at": "2027-03-04T15:00"},
            "registration_closes_at",
            id="closes after the start",
        ),
    ],
)
async def test_a_fault_keeps_everything_typed_and_changes_nothing(
    client: httpx.AsyncClient, entries: Typed, field: str
) -> None:
    await olga_signed_in(client)
    typed = FORUM | {"summary_de": "Bleibt stehen."} | entries

    answer = await sent(client, "/desk/events/new", typed)

    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "Bleibt stehen." in answer.text
    assert await Event.all().count() == 0


@pytest.mark.parametrize(("fold", "hour"), [("first", 0), ("second", 1)])
async def test_a_time_that_comes_twice_is_asked_about(
    client: httpx.AsyncClient, fold: str, hour: int
) -> None:
    await olga_signed_in(client)
    night: Typed = {"starts_at": "2027-10-31T02:30"}

    asked = await sent(client, "/desk/events/new", FORUM | night)
    await sent(client, "/desk/events/new", FORUM | night | {"starts_at_fold": fold})

    assert 'name="starts_at_fold"' in asked.text
    event = await Event.get()
    assert event.starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


async def test_a_taken_address_is_said_at_its_field(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    await sent(client, "/desk/events/new", FORUM | {"slug": "taken"})

    answer = await sent(client, "/desk/events/new", FORUM | {"slug": "taken"})

    assert answer.status_code == 422
    assert 'id="slug-fault"' in answer.text


async def test_publishing_takes_one_press(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    place = (await sent(client, "/desk/events/new", FORUM)).headers["location"]

    await sent(client, place.split("?")[0] + "/publish")

    assert (await client.get("/en/events/forum-uebergang")).status_code == 200


async def test_the_form_shows_an_event_as_it_was_typed(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    place = (await sent(client, "/desk/events/new", FORUM)).headers["location"]

    page = (await client.get(place.split("?")[0] + "/edit")).text

    assert 'value="Forum Übergang"' in page
    assert 'value="2027-03-04T14:00"' in page
    assert '<option value="Europe/Berlin" selected>' in page
    event = await Event.get()
    assert f'name="version" value="{event.version}"' in page


async def test_what_somebody_else_saved_is_shown_beside_ones_own(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, version=2, title={"de": "Von Ada"})
    typed = FORUM | {"version": "1", "modes": ["onsite", "online"], "slug": event.slug}

    refused = await sent(client, f"/desk/events/{event.id}/edit", typed)
    saved = await sent(
        client, f"/desk/events/{event.id}/edit", typed | {"version": "2"}
    )

    assert refused.status_code == 409
    assert "Von Ada" in refused.text
    assert "Forum Übergang" in refused.text
    assert 'name="version" value="2"' in refused.text
    assert saved.status_code == 303


async def test_a_way_to_take_part_does_not_end_while_somebody_has_a_seat_in_it(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, seats={Mode.ONSITE: 10, Mode.ONLINE: 10})
    await SeatPool.filter(event=event, mode=Mode.ONSITE).update(taken=1, demand=1)
    typed = FORUM | {"slug": event.slug, "seats_online": "4"}

    answer = await sent(client, f"/desk/events/{event.id}/edit", typed)

    assert answer.status_code == 422
    assert 'id="modes-fault"' in answer.text
    assert "One person has a seat on site." in answer.text
    there = await Event.get(id=event.id)
    assert (there.onsite, there.version, there.title) == (True, 1, event.title)
    pools = await SeatPool.filter(event=event).values_list("mode", "seats")
    assert dict(pools) == {Mode.ONSITE: 10, Mode.ONLINE: 10}


async def test_a_copy_asks_for_the_dates_alone(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, seats={Mode.ONSITE: 30})
    await Session.create(
        event=event,
        title={"de": "Ankommen"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.starts_at + timedelta(hours=1),
    )

    page = (await client.get(f"/desk/events/{event.id}/copy")).text
    entries: Typed = {"modes": ["onsite"], "seats_onsite": "30"}
    await sent(client, f"/desk/events/{event.id}/copy", FORUM | entries)

    assert 'value="Copy of Youth forum"' in page
    assert 'name="starts_at" type="datetime-local" value=""' in page
    made = await Event.get(slug="forum-uebergang")
    [item] = await Session.filter(event=made)
    assert item.starts_at == made.starts_at
    assert made.status is Status.DRAFT


async def test_a_copy_ends_at_the_same_time_on_the_clock(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    start = datetime(2026, 10, 16, 7, tzinfo=UTC)
    event = await an_event(office, starts_at=start, ends_at=start + timedelta(hours=57))
    entries: Typed = {"starts_at": "2027-03-26T09:00", "slug": "in-spring"}

    await sent(client, f"/desk/events/{event.id}/copy", FORUM | entries)

    # From Friday at nine to Sunday at six, over the beginning of summer time.
    made = await Event.get(slug="in-spring")
    assert made.ends_at == datetime(2027, 3, 28, 16, tzinfo=UTC)


async def test_calling_off_says_first_how_many_will_be_told(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office)
    await SeatPool.filter(event=event, mode=Mode.ONLINE).update(taken=3, demand=4)

    page = (await client.get(f"/desk/events/{event.id}/cancel")).text
    await sent(client, f"/desk/events/{event.id}/cancel", {"reason_en": "Flooded"})

    assert "4 people are registered" in page
    overview = (await client.get(f"/desk/events/{event.id}")).text
    assert "is closed" in overview
    assert "closes" not in overview
    await event.refresh_from_db()
    assert (event.status, event.cancel_reason) == (
        Status.CANCELLED,
        {"en": "Flooded"},
    )


async def test_an_event_that_is_over_says_when_registration_closed(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    start = datetime(2025, 3, 4, 13, 0, tzinfo=UTC)
    event = await an_event(office, starts_at=start, ends_at=start + timedelta(hours=2))

    overview = (await client.get(f"/desk/events/{event.id}")).text

    assert "closed Tuesday, 4 March 2025" in overview
    assert "closes" not in overview


async def test_an_item_is_added_changed_and_removed(client: httpx.AsyncClient) -> None:
    office = await olga_signed_in(client)
    start = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
    event = await an_event(office, starts_at=start, ends_at=start + timedelta(hours=2))
    path = f"/desk/events/{event.id}/programme"
    item: Typed = {
        "title_de": "Ankommen",
        "starts_at": "2027-03-04T14:00",
        "ends_at": "2027-03-04T14:30",
        "speakers": "Ada Muster\r\n\r\nBo Beispiel",
    }

    await sent(client, path, item)
    session = await Session.get(event=event)
    assert (session.speakers, session.starts_at) == (
        ["Ada Muster", "Bo Beispiel"],
        start,
    )

    await sent(client, f"{path}/{session.id}", item | {"title_de": "Vorstellung"})
    assert (await Session.get(event=event)).title == {"de": "Vorstellung"}

    await sent(client, f"{path}/{session.id}/remove")
    assert not await Session.exists(event=event)


async def test_an_item_outside_the_event_is_refused_at_its_field(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office)
    item: Typed = {
        "title_de": "Zu früh",
        "starts_at": "2026-01-01T10:00",
        "ends_at": "2026-01-01T11:00",
    }

    answer = await sent(client, f"/desk/events/{event.id}/programme", item)

    assert answer.status_code == 422
    assert 'id="starts_at-fault"' in answer.text
    assert "Zu früh" in answer.text


async def test_the_desk_shows_what_is_coming_and_what_failed(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    await an_event(office, title={"en": "To come"})
    await an_event(office, title={"en": "Unfinished"}, status=Status.DRAFT)
    now = datetime.now(UTC)
    await Job.create(
        name="x",
        args={},
        organiser_id=office.id,
        state=JobState.DEAD,
        due=0,
        created_at=now,
    )

    page = (await client.get("/desk/")).text

    assert "To come" in page
    assert "Unfinished" in page
    assert "One letter or task could not be done." in page


async def test_the_owner_changes_what_stands_in_every_footer(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    typed: Typed = {
        "name": "Büro für Begegnung",
        "contact": "hello@network.example",
        "imprint_de": "Neue Straße 2",
    }

    await sent(client, "/desk/organiser", typed)

    await office.refresh_from_db()
    assert office.name == "Büro für Begegnung"
    assert office.imprint == {"de": "Neue Straße 2"}


PAGES = ("", "/edit", "/copy", "/cancel", "/programme")
PRESSES = ("/edit", "/copy", "/cancel", "/publish", "/programme")


async def test_otto_sees_and_presses_nothing_of_olga(client: httpx.AsyncClient) -> None:
    event = await an_event(await an_organiser())
    await otto_signed_in(client)

    seen = [await client.get(f"/desk/events/{event.id}{page}") for page in PAGES]
    pressed = [
        await sent(client, f"/desk/events/{event.id}{press}", FORUM)
        for press in PRESSES
    ]

    assert {answer.status_code for answer in (*seen, *pressed)} == {404}
    assert "Youth forum" not in (await client.get("/desk/")).text
    assert (await Event.get()).version == 1


@pytest.mark.parametrize("typed", ["1", "new-event", "{}", "x" * 400])
async def test_what_is_no_id_is_not_found(
    client: httpx.AsyncClient, typed: str
) -> None:
    await olga_signed_in(client)

    assert (await client.get(f"/desk/events/{typed}")).status_code == 404


@pytest.mark.parametrize("role", [Role.HOST, Role.READER])
async def test_who_does_not_write_sees_and_does_not_change(
    client: httpx.AsyncClient, role: Role
) -> None:
    office = await an_organiser()
    event = await an_event(office)
    await signed_in(client, await a_member(office, role=role))

    assert (await client.get(f"/desk/events/{event.id}")).status_code == 200
    for press in PRESSES:
        answer = await sent(client, f"/desk/events/{event.id}{press}", FORUM)
        assert answer.status_code == 403, press


async def test_nobody_without_a_sign_in_sees_the_desk(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/desk/")

    assert answer.headers["location"] == "/desk/sign-in"


async def test_a_reader_is_led_from_the_organiser_to_the_team(
    client: httpx.AsyncClient,
) -> None:
    office = await an_organiser()
    await signed_in(client, await a_member(office, role=Role.READER))

    answer = await client.get("/desk/organiser")

    assert answer.headers["location"] == "/desk/organiser/team"
