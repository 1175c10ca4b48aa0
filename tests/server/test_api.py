"""The interface for programs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.conftest import BASE_URL, the_app
from tests.people import an_organiser

from werkraum_events import series
from werkraum_events.models import Entry, Event
from werkraum_foundation import clock
from werkraum_foundation.models import ApiKey, IdempotencyKey, Organiser
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import Registration, SeatPool

FORUM: dict[str, Any] = {  # Any: JSON
    "slug": "forum-jugend",
    "kind": "forum",
    "title": {"de": "Forum Jugend", "en": "Youth forum"},
    "starts_at": "2027-03-04T14:00",
    "ends_at": "2027-03-04T16:00",
    "timezone": "Europe/Berlin",
    "modes": {
        "onsite": {"capacity": 1, "place": {"name": "Rathaus", "address": "Markt 1"}},
        "online": {"link": "https://video.example.org/x"},
    },
    "registration": {"confirmation": "immediate"},
    "topics": ["jugend"],
}


async def a_program(organiser: Organiser) -> httpx.AsyncClient:
    key = new_token()
    now = clock.now()
    await ApiKey.create(
        organiser=organiser,
        key_hash=hashed(key),
        last_four=key[-4:],
        created_at=now,
        expires_at=now.replace(year=now.year + 1),
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=the_app()),
        base_url=f"{BASE_URL}/api/v1",
        headers={"authorization": f"Bearer {key}", "accept-language": "en"},
    )


@pytest.fixture
async def olga(database: str) -> AsyncIterator[httpx.AsyncClient]:
    async with await a_program(await an_organiser()) as program:
        yield program


@pytest.fixture
async def otto(olga: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await a_program(await an_organiser("Another office")) as program:
        yield program


def key(word: str = "k1") -> dict[str, str]:
    return {"idempotency-key": word}


async def published(program: httpx.AsyncClient, **changes: object) -> dict[str, Any]:
    made = await program.post("/events", json=FORUM | changes, headers=key())
    event: dict[str, Any] = made.json()
    answer = await program.post(f"/events/{event['id']}/publish")
    assert answer.status_code == 200, answer.text
    return event


def anna(number: int = 1) -> dict[str, str]:
    return {
        "name": "Anna Ätzend",
        "email": f"anna{number}@example.org",
        "mode": "onsite",
    }


async def test_an_event_is_made_read_and_published(olga: httpx.AsyncClient) -> None:
    made = await olga.post("/events", json=FORUM, headers=key())
    assert made.status_code == 201
    event = made.json()
    assert event["status"] == "draft"
    assert made.headers["etag"] == f'"{event["version"]}"'
    assert (event["starts_at"], event["timezone"]) == (
        "2027-03-04T14:00",
        "Europe/Berlin",
    )
    stored = await Event.get(id=event["id"])
    assert stored.starts_at.isoformat() == "2027-03-04T13:00:00+00:00"
    await olga.post(f"/events/{event['id']}/publish")
    read = (await olga.get(f"/events/{event['id']}")).json()
    assert read["status"] == "published"
    assert read["seats"] == {
        "onsite": {"capacity": 1, "taken": 0, "waiting": 0},
        "online": {"capacity": None, "taken": 0, "waiting": 0},
    }


async def test_registering_follows_the_rules_of_the_form(
    olga: httpx.AsyncClient,
) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}/registrations"
    first = await olga.post(path, json=anna(1), headers=key("a"))
    second = await olga.post(path, json=anna(2), headers=key("b"))
    assert (first.status_code, first.json()["state"]) == (201, "confirmed")
    assert (second.status_code, second.json()["state"]) == (201, "waitlisted")
    page = await olga.get(first.json()["manage_url"])
    assert page.status_code == 200
    listed = (await olga.get(path)).json()
    assert [
        (it["email"], it["state"], it["queue_position"]) for it in listed["items"]
    ] == [
        ("anna1@example.org", "confirmed", None),
        ("anna2@example.org", "waitlisted", 1),
    ]


async def test_an_address_registers_once_and_gets_what_is_there(
    olga: httpx.AsyncClient,
) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}/registrations"
    first = await olga.post(path, json=anna(), headers=key("a"))
    again = await olga.post(
        path, json=anna() | {"email": "ANNA1@Example.org"}, headers=key("b")
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


async def test_cancelling_moves_the_next_up_and_works_twice(
    olga: httpx.AsyncClient,
) -> None:
    rules = {"confirmation": "immediate", "promotion": "confirm"}
    event = await published(olga, registration=rules)
    path = f"/events/{event['id']}/registrations"
    first = (await olga.post(path, json=anna(1), headers=key("a"))).json()
    second = (await olga.post(path, json=anna(2), headers=key("b"))).json()
    for _ in range(2):
        left = await olga.post(f"/registrations/{first['id']}/cancel")
        assert (left.status_code, left.json()["state"]) == (200, "cancelled")
    assert (await Registration.get(id=second["id"])).state == "confirmed"


async def test_the_same_key_gives_the_same_answer_and_one_effect(
    olga: httpx.AsyncClient,
) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}/registrations"
    answers = await asyncio.gather(
        *(olga.post(path, json=anna(), headers=key("same")) for _ in range(10))
    )
    assert {it.status_code for it in answers} == {201}
    assert len({it.content for it in answers}) == 1
    assert await Registration.all().count() == 1


async def test_a_failed_request_leaves_its_key_unused(olga: httpx.AsyncClient) -> None:
    bad = await olga.post("/events", json=FORUM | {"kind": "party"}, headers=key("x"))
    assert bad.status_code == 422
    assert await IdempotencyKey.all().count() == 0
    assert (await olga.post("/events", json=FORUM, headers=key("x"))).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"idempotency-key": ""}, 422),
        ({"idempotency-key": "a" * 255}, 201),
        ({"idempotency-key": "a" * 256}, 422),
        ({"idempotency-key": "a\tb"}, 422),
        ({"idempotency-key": "ä"}, 422),
    ],
    ids=["missing", "empty", "255", "256", "tab", "umlaut"],
)
async def test_keys_have_1_to_255_visible_characters(
    olga: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await olga.post("/events", json=FORUM, headers=raw)
    assert answer.status_code == status


async def test_a_key_belongs_to_one_body(olga: httpx.AsyncClient) -> None:
    await olga.post("/events", json=FORUM, headers=key())
    other = await olga.post("/events", json=FORUM | {"slug": "other"}, headers=key())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_of_one_program_is_none_of_anothers(
    olga: httpx.AsyncClient, otto: httpx.AsyncClient
) -> None:
    mine = await olga.post("/events", json=FORUM, headers=key())
    his = await otto.post("/events", json=FORUM | {"slug": "his"}, headers=key())
    assert mine.status_code == his.status_code == 201
    assert mine.json()["id"] != his.json()["id"]


async def test_a_change_needs_the_version_it_was_made_from(
    olga: httpx.AsyncClient,
) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}"
    etag = (await olga.get(path)).headers["etag"]
    change = {"starts_at": "2027-03-04T13:00"}
    assert (await olga.patch(path, json=change)).status_code == 428
    moved = await olga.patch(path, json=change, headers={"if-match": etag})
    assert (moved.status_code, moved.json()["starts_at"]) == (200, "2027-03-04T13:00")
    assert moved.headers["etag"] != etag
    stale = await olga.patch(path, json=change, headers={"if-match": etag})
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"


async def test_seats_change_with_a_merge_patch(olga: httpx.AsyncClient) -> None:
    event = await published(olga)
    change = {"modes": {"onsite": {"capacity": 7}}}
    path = f"/events/{event['id']}"
    answer = await olga.patch(path, json=change, headers={"if-match": "*"})
    assert answer.json()["seats"]["onsite"]["capacity"] == 7
    assert answer.json()["modes"]["onsite"]["place"]["name"] == "Rathaus"
    pool = await SeatPool.get(event_id=event["id"], mode="onsite")
    assert pool.seats == 7


@pytest.mark.parametrize(
    ("modes", "code"),
    [
        pytest.param({"onsite": None}, "mode_in_use", id="mode dropped"),
        pytest.param({"onsite": {"capacity": 1}}, "below_taken", id="too few seats"),
    ],
)
async def test_nobody_loses_a_seat_to_a_change(
    olga: httpx.AsyncClient, modes: dict[str, object], code: str
) -> None:
    event = await published(olga)
    address = f"/events/{event['id']}"
    latest = {"if-match": "*"}
    two = {"modes": {"onsite": {"capacity": 2}}}
    assert (await olga.patch(address, json=two, headers=latest)).status_code == 200
    for number in (1, 2):
        await olga.post(
            f"{address}/registrations", json=anna(number), headers=key(f"r{number}")
        )
    before = (await olga.get(address)).json()

    change = {"title": {"de": "Neu"}, "modes": modes}
    answer = await olga.patch(address, json=change, headers=latest)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert "2 people have a seat on site" in answer.json()["title"]
    assert (await olga.get(address)).json() == before


async def test_a_patch_may_be_called_by_its_own_kind(olga: httpx.AsyncClient) -> None:
    event = await published(olga)

    answer = await olga.patch(
        f"/events/{event['id']}",
        content=b'{"topics": []}',
        headers={"content-type": "application/merge-patch+json", "if-match": "*"},
    )

    assert (answer.status_code, answer.json()["topics"]) == (200, [])


async def test_without_a_zone_times_are_those_of_the_installation(
    olga: httpx.AsyncClient,
) -> None:
    without = {name: said for name, said in FORUM.items() if name != "timezone"}

    answer = await olga.post("/events", json=without, headers=key())

    assert answer.status_code == 201
    assert (await Event.get()).starts_at.isoformat() == "2027-03-04T13:00:00+00:00"
    assert answer.json()["timezone"] == "Europe/Berlin"


async def test_calling_off_twice_is_calling_off_once(olga: httpx.AsyncClient) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}/cancel"
    for _ in range(2):
        answer = await olga.post(path, json={"reason": {"de": "Sturm"}})
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert answer.json()["cancel_reason"] == {"de": "Sturm"}


BAD = {
    "empty": ({}, {"slug", "kind", "title", "starts_at", "ends_at", "modes"}),
    "unknown field": (FORUM | {"status": "published"}, {"status"}),
    "unknown inside": (
        FORUM | {"modes": {"online": {"seats": 3}}},
        {"modes.online.seats"},
    ),
    "no mode": (FORUM | {"modes": {}}, {"modes"}),
    "a number for text": (FORUM | {"slug": 5}, {"slug"}),
    "a text for a number": (
        FORUM | {"modes": {"online": {"capacity": "5"}}},
        {"modes.online.capacity"},
    ),
    "a gap": (FORUM | {"starts_at": "2027-03-28T02:30"}, {"starts_at"}),
    "with an offset": (FORUM | {"starts_at": "2027-03-04T14:00Z"}, {"starts_at"}),
    "the end first": (FORUM | {"ends_at": "2027-03-04T13:00"}, {"ends_at"}),
    "no such zone": (FORUM | {"timezone": "Europe/Atlantis"}, {"timezone"}),
    "a script for a link": (
        FORUM | {"modes": {"online": {"link": "javascript:alert(1)"}}},
        {"modes.online.link"},
    ),
    "a closing after the start": (
        FORUM | {"registration": {"closes_at": "2027-03-05T14:00"}},
        {"registration.closes_at"},
    ),
    "no such closing": (
        FORUM | {"registration": {"closes_at": "soon"}},
        {"registration.closes_at"},
    ),
}


@pytest.mark.parametrize(("body", "fields"), BAD.values(), ids=BAD)
async def test_each_fault_is_named_at_its_field_and_nothing_is_made(
    olga: httpx.AsyncClient, body: dict[str, Any], fields: set[str]
) -> None:
    answer = await olga.post("/events", json=body, headers=key())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert fields <= {it["field"] for it in answer.json()["errors"]}
    assert await Event.all().count() == 0


@pytest.mark.parametrize("limit", ["0", "101", "1e9", "-1", "abc", "٣"])
async def test_a_page_has_1_to_100_items(olga: httpx.AsyncClient, limit: str) -> None:
    answer = await olga.get("/events", params={"limit": limit})
    assert answer.status_code == 422
    assert (await olga.get("/events", params={"cursor": "x" * 9999})).status_code == 422


async def test_a_list_goes_on_where_its_cursor_says(olga: httpx.AsyncClient) -> None:
    for number in range(5):
        body = FORUM | {"slug": f"forum-{number}"}
        await olga.post("/events", json=body, headers=key(str(number)))
    slugs: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await olga.get("/events", params=params)).json()
        slugs += [it["slug"] for it in page["items"]]
        cursor = page["next"]
    assert slugs == [f"forum-{number}" for number in range(5)]


async def test_otto_sees_nothing_of_olga(
    olga: httpx.AsyncClient, otto: httpx.AsyncClient
) -> None:
    event = await published(olga)
    made = await olga.post(
        f"/events/{event['id']}/registrations", json=anna(), headers=key("a")
    )
    path = f"/events/{event['id']}"
    answers = [
        await otto.get(path),
        await otto.patch(path, json={}, headers={"if-match": "*"}),
        await otto.post(f"{path}/publish"),
        await otto.post(f"{path}/cancel", json={}),
        await otto.get(f"{path}/registrations"),
        await otto.post(f"{path}/registrations", json=anna(2), headers=key("o")),
        await otto.post(f"/registrations/{made.json()['id']}/cancel"),
    ]
    assert [it.status_code for it in answers] == [404] * 7
    assert (await otto.get("/events")).json()["items"] == []


@pytest.mark.parametrize(
    "value",
    [None, "Bearer ", "Bearer nobody", "Basic eDp5", "Bearer " + "x" * 10_000],
    ids=["none", "empty", "unknown", "basic", "long"],
)
async def test_without_a_key_nothing_opens(
    olga: httpx.AsyncClient, value: str | None
) -> None:
    headers = {"authorization": value or ""}
    answer = await olga.get("/events", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_revoked_or_old_key_opens_nothing(olga: httpx.AsyncClient) -> None:
    await ApiKey.all().update(revoked_at=clock.now())
    assert (await olga.get("/events")).status_code == 401
    await ApiKey.all().update(revoked_at=None, expires_at=clock.now())
    assert (await olga.get("/events")).status_code == 401


async def test_the_description_names_every_endpoint(client: httpx.AsyncClient) -> None:
    from werkraum_server.api import endpoints

    document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    described = {
        (method, path) for path, ways in document["paths"].items() for method in ways
    }
    routed = {
        (method.lower(), each.path)
        for each in endpoints.routes
        for method in (each.methods or set()) - {"HEAD"}
    }
    assert described == routed


async def test_the_rules_of_registration_are_sent_and_answered(
    olga: httpx.AsyncClient,
) -> None:
    rules = {
        "confirmation": "immediate",
        "promotion": "confirm",
        "offer_hours": 8,
        "queue_order": "fill",
        "approval": True,
        "largest_party": 30,
    }
    sent = FORUM | {"registration": rules, "seats_total": 40}
    event = (await olga.post("/events", json=sent, headers=key())).json()
    assert event["registration"] == rules | {
        "opens_at": None,
        "closes_at": None,
        "waiting_list": True,
    }
    assert event["seats_total"] == 40


async def test_a_patch_of_one_rule_leaves_the_others_and_who_may_register(
    olga: httpx.AsyncClient,
) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}"
    await Event.filter(id=event["id"]).update(
        entry=Entry.CODE, entry_code="abcd", self_check_in=True
    )
    change = {"registration": {"largest_party": 5}}
    answer = await olga.patch(path, json=change, headers={"if-match": "*"})
    assert answer.status_code == 200
    assert answer.json()["registration"]["largest_party"] == 5
    assert answer.json()["registration"]["confirmation"] == "immediate"
    there = await Event.get(id=event["id"])
    assert (there.entry, there.entry_code, there.self_check_in) == (
        Entry.CODE,
        "abcd",
        True,
    )


async def test_seats_alone_make_a_new_version(olga: httpx.AsyncClient) -> None:
    event = await published(olga)
    path = f"/events/{event['id']}"
    before = (await olga.get(path)).json()["version"]
    change = {"seats_total": 9}
    answer = await olga.patch(path, json=change, headers={"if-match": f'"{before}"'})
    assert (answer.status_code, answer.json()["seats_total"]) == (200, 9)
    assert answer.json()["version"] > before
    gone = await olga.patch(path, json={"seats_total": None}, headers={"if-match": "*"})
    assert gone.json()["seats_total"] is None


async def test_a_series_is_named_by_its_slug(olga: httpx.AsyncClient) -> None:
    office = await Organiser.get()
    forums = await series.make(office.id, {"de": "Foren"}, actor="o", now=clock.now())
    sent = FORUM | {"series": forums.slug}
    made = await olga.post("/events", json=sent, headers=key())
    assert made.json()["series"] == "foren"
    wrong = await olga.post(
        "/events", json=FORUM | {"series": "no-such"}, headers=key("w")
    )
    assert wrong.status_code == 422
    assert [it["field"] for it in wrong.json()["errors"]] == ["series"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seats_total": 0}, "seats_total"),
        ({"seats_total": -1}, "seats_total"),
        ({"seats_total": 10**9}, "seats_total"),
        ({"modes": {"onsite": {"capacity": 0}}}, "modes.onsite.capacity"),
        ({"registration": {"offer_hours": 0}}, "registration.offer_hours"),
        ({"registration": {"largest_party": -1}}, "registration.largest_party"),
        ({"registration": {"promotion": "never"}}, "registration.promotion"),
        ({"registration": {"entry": "open"}}, "registration.entry"),
    ],
)
async def test_odd_rules_are_refused_at_their_fields(
    olga: httpx.AsyncClient, changes: dict[str, Any], field: str
) -> None:
    answer = await olga.post("/events", json=FORUM | changes, headers=key())
    assert answer.status_code == 422
    assert field in {it["field"] for it in answer.json()["errors"]}
    assert not await Event.exists()


async def test_a_patch_is_described_as_one(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    body = document["paths"]["/api/v1/events/{id}"]["patch"]["requestBody"]
    (kind,) = body["content"]
    assert kind == "application/merge-patch+json"
    schemas = document["components"]["schemas"]
    change = schemas["EventChange"]
    assert "required" not in change
    assert {"type": "null"} in change["properties"]["seats_total"]["anyOf"]
    assert "required" not in schemas["EventChangeRegistration"]
