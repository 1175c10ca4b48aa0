"""What phones send to the entrance: twice, late, crossed, broken, and by otto."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.check_in.at_the_door import MINUTE
from tests.events.statements import counted
from tests.people import otto_signed_in
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation import clock
from werkraum_registration.attended import attended
from werkraum_registration.models import Attendance, Registration, State

Json = dict[str, Any]  # Any: JSON


def address(event: Event, step: str = "changes") -> str:
    return f"/desk/events/{event.id}/check-in/{step}"


def change(who: Registration, deed: str = "came", ago: timedelta = MINUTE) -> Json:
    return {
        "key": uuid4().hex,
        "registration": str(who.id),
        "deed": deed,
        "at": (clock.now() - ago).isoformat(),
    }


async def sends(client: httpx.AsyncClient, event: Event, *changes: Json) -> Json:
    answer = await client.post(address(event), json={"changes": list(changes)})
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def here(event: Event) -> list[UUID]:
    return [it.registration_id for it in await attended(event.id)]


async def test_the_same_batch_twice_is_one_and_answered_the_same(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    batch = change(guest), change(await somebody(today, "Berta", Mode.ONSITE))
    first = await sends(client, today, *batch)
    again = await sends(client, today, *batch)
    assert first["answers"] == again["answers"]
    assert {it["state"] for it in first["answers"]} == {"kept"}
    assert await Attendance.all().count() == 2


async def test_an_answer_says_who_is_here_by_now(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    came = change(guest)
    told = await sends(client, today, came)
    assert told["answers"] == [{"key": came["key"], "state": "kept"}]
    assert told["here"] == [
        {"registration": str(guest.id), "session": None, "here": ["desk"]}
    ]


@pytest.mark.parametrize("late", ["came", "undo"])
async def test_of_two_phones_the_later_tap_wins_whatever_arrives_last(
    client: httpx.AsyncClient, today: Event, guest: Registration, late: str
) -> None:
    await sends(client, today, change(guest, "came", 9 * MINUTE))
    undone = change(guest, "undo", 3 * MINUTE)
    for ago in 4 * MINUTE, 2 * MINUTE:
        came = change(guest, "came", ago)
        order = (came, undone) if late == "undo" else (undone, came)
        for each in order:
            await sends(client, today, each)
        assert await here(today) == ([] if ago == 4 * MINUTE else [guest.id])


async def test_a_batch_is_carried_out_in_its_order(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    taps = [change(guest, deed, MINUTE / n) for n, deed in
            enumerate(("came", "undo", "came", "undo"), 1)]  # fmt: skip
    told = await sends(client, today, *taps)
    assert told["here"][0]["here"] == []
    assert await here(today) == []


async def test_who_cancelled_meanwhile_is_kept_and_said(
    client: httpx.AsyncClient, today: Event
) -> None:
    gone = await somebody(today, "Cem", Mode.ONSITE, State.CANCELLED)
    told = await sends(client, today, change(gone))
    assert told["answers"][0]["state"] == "conflict"
    people = (await client.get(address(today, "people.json"))).json()["people"]
    assert [(it["name"], it["state"], it["here"]) for it in people] == [
        ("Cem", "cancelled", ["desk"])
    ]


async def test_what_nobody_knows_is_said_and_the_rest_is_kept(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    stranger = change(guest) | {"registration": str(uuid4())}
    nowhere = change(guest) | {"session": str(uuid4())}
    told = await sends(client, today, stranger, nowhere, change(guest))
    assert [it["state"] for it in told["answers"]] == ["unknown", "unknown", "kept"]
    assert await Attendance.all().count() == 1


async def test_a_session_has_its_own_list(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    talk = await Session.create(
        event=today,
        title={"en": "Talk"},
        description={},
        speakers=[],
        starts_at=today.starts_at,
        ends_at=today.ends_at,
    )
    await sends(client, today, change(guest) | {"session": str(talk.id)})
    lists = [
        (await client.get(address(today, f"people.json{query}"))).json()["people"]
        for query in ("", f"?session={talk.id}")
    ]
    assert [[it["here"] for it in people] for people in lists] == [[[]], [["desk"]]]
    wrong = await client.get(address(today, f"people.json?session={uuid4()}"))
    assert wrong.status_code == 404


async def test_the_list_tells_no_address(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    answer = await client.get(address(today, "people.json"))
    assert "@" not in answer.text
    [person] = answer.json()["people"]
    assert person == {
        "id": str(guest.id),
        "name": "Anna Beispiel",
        "organisation": "",
        "mode": "onsite",
        "seats": 1,
        "state": "confirmed",
        "here": [],
    }


async def test_a_list_that_is_known_is_not_sent_again(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    first = await client.get(address(today, "people.json"))
    tag = {"if-none-match": first.headers["etag"]}
    again = await client.get(address(today, "people.json"), headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    await sends(client, today, change(guest))
    changed = await client.get(address(today, "people.json"), headers=tag)
    assert changed.status_code == 200


async def test_the_list_takes_the_same_queries_for_one_and_three(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    with counted() as one:
        await client.get(address(today, "people.json"))
    for name in ("Berta", "Cem"):
        await somebody(today, name, Mode.ONSITE)
    with counted() as three:
        await client.get(address(today, "people.json"))
    assert len(one) == len(three)


GOOD = {"key": "k" * 32, "deed": "came", "at": "2027-03-01T09:00:00Z"}
HOSTILE: dict[str, Json] = {
    "nothing": {},
    "no list": {"changes": {"0": GOOD}},
    "a field of its own": {"changes": [], "event": "x"},
    "a field of a change": {"changes": [GOOD | {"name": "Anna"}]},
    "a source": {"changes": [GOOD | {"source": "room"}]},
    "a deed": {"changes": [GOOD | {"deed": "delete"}]},
    "a short key": {"changes": [GOOD | {"key": "k"}]},
    "a long key": {"changes": [GOOD | {"key": "k" * 65}]},
    "a key with markup": {"changes": [GOOD | {"key": "<script>" * 3}]},
    "a key with NUL": {"changes": [GOOD | {"key": "k" * 31 + "\0"}]},
    "a key that ends a line": {"changes": [GOOD | {"key": "k" * 32 + "\n"}]},
    "no id": {"changes": [{"registration": "1 OR 1=1"}]},
    "no moment": {"changes": [GOOD | {"at": "yesterday"}]},
    "a moment without a zone": {"changes": [GOOD | {"at": "2027-03-01T09:00:00"}]},
    "a moment as a number": {"changes": [GOOD | {"at": 1e300}]},
    "a session that is none": {"changes": [GOOD | {"session": "x"}]},
    "too many": {"changes": [GOOD] * 101},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_body_no_script_of_ours_sends_changes_nothing(
    client: httpx.AsyncClient, today: Event, guest: Registration, body: Json
) -> None:
    text = json.dumps(body).replace('"deed"', f'"registration": "{guest.id}", "deed"')
    headers = {"content-type": "application/json"}
    answer = await client.post(address(today), content=text, headers=headers)
    assert answer.status_code == 422, answer.text
    assert await Attendance.all().count() == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"changes": []}', "text/plain", 415),
        (b'{"changes": [], "changes": []}', "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b" " * 70_000, "application/json", 413),
    ],
    ids=["cut off", "a form", "a name twice", "deep", "no UTF-8", "large"],
)
async def test_what_is_no_json_is_refused(
    client: httpx.AsyncClient, today: Event, body: bytes, kind: str, status: int
) -> None:
    headers = {"content-type": kind}
    answer = await client.post(address(today), content=body, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_ends_of_time_are_kept_within_reach(
    client: httpx.AsyncClient, today: Event, guest: Registration, at: str
) -> None:
    await sends(client, today, change(guest) | {"at": at})
    record = await Attendance.get()
    assert timedelta(0) <= clock.now() - record.came_at < timedelta(days=3)


async def test_otto_notes_nobody(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await otto_signed_in(client)
    answer = await client.post(address(today), json={"changes": [change(guest)]})
    assert answer.status_code == 404
    assert await Attendance.all().count() == 0


async def test_a_page_of_another_site_notes_nobody(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    answer = await client.post(
        address(today),
        json={"changes": [change(guest)]},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403


async def test_the_worker_may_look_after_events_only(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/desk/events/check-in-worker.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "service-worker-allowed" not in answer.headers
