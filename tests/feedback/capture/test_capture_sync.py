"""What devices send of a spoken round: twice, late, crossed, broken, and by otto."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.events.statements import counted
from tests.feedback.meetings import a_meeting, key
from tests.feedback.statement_rows import a_theme, marked
from tests.people import olga_signed_in, otto_signed_in

from werkraum_events.models import Event
from werkraum_feedback.statement_models import Coding, Statement, StatementState
from werkraum_foundation import clock

Client = httpx.AsyncClient
Json = dict[str, Any]  # Any: JSON


@pytest.fixture
async def event(client: Client) -> Event:
    """Olga's meeting; she is signed in."""
    return await a_meeting(await olga_signed_in(client))


def address(event: Event, step: str = "changes") -> str:
    return f"/desk/events/{event.id}/feedback/capture/{step}"


def said(text: str, **changes: object) -> Json:
    return {
        "phase": "discussion",
        "session": None,
        "organisation": "",
        "org_kind": None,
        "org_size": None,
        "kind": None,
        "text": text,
        "themes": [],
        "quoting": "no",
        "removed": False,
        **changes,
    }


def change(text: str, ago: int = 1, known: tuple[Json, ...] = (), **of: object) -> Json:
    at = clock.now() - timedelta(seconds=ago)
    made = {"key": key(), "at": at.isoformat(), "said": said(text, **of)}
    return {**made, "known": list(known)}


async def sends(client: Client, event: Event, *changes: Json) -> list[Json]:
    answer = await client.post(address(event), json={"changes": list(changes)})
    assert answer.status_code == 200, answer.text
    answers: list[Json] = answer.json()["answers"]
    return answers


async def texts(client: Client, event: Event) -> list[str]:
    told = (await client.get(address(event, "state.json"))).json()
    return [it["said"]["text"] for it in told["state"]["statements"]]


async def test_a_batch_twice_is_each_statement_once_in_its_order(
    client: Client, event: Event
) -> None:
    batch = [change(f"Nummer {n}", ago=30 - n) for n in range(20)]
    first = await sends(client, event, *batch)
    assert await sends(client, event, *reversed(batch)) == list(reversed(first))
    assert {it["state"] for it in first} == {"kept"}
    assert await texts(client, event) == [f"Nummer {n}" for n in reversed(range(20))]


async def test_a_change_follows_an_answer_that_was_lost(
    client: Client, event: Event
) -> None:
    one = change("Erst so.")
    await sends(client, event, one)
    # The device never heard; it says what it may have sent.
    two = {**one, "said": said("Dann so."), "known": [one["said"]]}
    [answer] = await sends(client, event, two)
    assert answer["state"] == "kept"
    assert await texts(client, event) == ["Dann so."]


async def test_a_late_repetition_does_not_undo_somebody_elses_change(
    client: Client, event: Event
) -> None:
    first = change("A")
    await sends(client, event, first)
    mine = {**first, "said": said("B"), "known": [first["said"]]}
    theirs = {**first, "said": said("C"), "known": [said("B")]}
    await sends(client, event, mine)
    await sends(client, event, theirs)
    [answer] = await sends(client, event, mine)
    assert (answer["state"], answer["said"]["text"]) == ("conflict", "C")
    assert answer["why"]
    # Whoever saw it may decide.
    [answer] = await sends(client, event, {**mine, "known": [answer["said"]]})
    assert answer["state"] == "kept"
    assert await texts(client, event) == ["B"]


async def test_the_same_change_by_two_is_no_conflict(
    client: Client, event: Event
) -> None:
    first = change("A")
    await sends(client, event, first)
    both = {**first, "said": said("B"), "known": [first["said"]]}
    for _ in range(2):
        assert [it["state"] for it in await sends(client, event, both)] == ["kept"]


async def test_what_was_removed_before_it_came_leaves_nothing(
    client: Client, event: Event
) -> None:
    [answer] = await sends(client, event, change("Nie.", removed=True))
    assert answer["state"] == "gone"
    assert await Statement.all().count() == 0


async def test_removing_and_having_it_again(client: Client, event: Event) -> None:
    one = change("Doch.")
    await sends(client, event, one)
    gone = {**one, "said": said("Doch.", removed=True), "known": [one["said"]]}
    await sends(client, event, gone)
    assert await texts(client, event) == []
    assert (await Statement.get()).state is StatementState.HIDDEN
    back = {**one, "known": [gone["said"]]}
    await sends(client, event, back)
    assert await texts(client, event) == ["Doch."]


async def test_one_statement_that_cannot_be_holds_up_no_other(
    client: Client, event: Event
) -> None:
    wrong = change("x" * 10_001), change("a\u202eb"), change("Gut.", phase="survey")
    answers = await sends(client, event, *wrong, change("Gut."))
    states = [it["state"] for it in answers]
    assert states == ["refused", "refused", "refused", "kept"]
    assert all(it["why"] for it in answers[:3])


async def test_themes_go_with_all_of_a_text_that_is_changed(
    client: Client, event: Event
) -> None:
    theme = await a_theme(event.organiser, "Nachwuchs")
    one = change("Kurz.", themes=[str(theme.id)])
    await sends(client, event, one)
    two = {**one, "known": [one["said"]]}
    two["said"] = said("Jetzt viel länger.", themes=[str(theme.id)])
    await sends(client, event, two)
    assert [(it.start, it.end) for it in await Coding.all()] == [(0, 18)]
    three = {**one, "said": said("Jetzt viel länger."), "known": [two["said"]]}
    await sends(client, event, three)
    assert await Coding.all().count() == 0


async def test_a_text_with_marked_words_stays_as_it_is(
    client: Client, event: Event
) -> None:
    theme = await a_theme(event.organiser, "Nachwuchs")
    one = change("Junge Leute fehlen.")
    await sends(client, event, one)
    await marked(await Statement.get(), theme, 0, 11)
    two = {**one, "said": said("Alte Leute fehlen."), "known": [one["said"]]}
    assert [it["state"] for it in await sends(client, event, two)] == ["marked"]
    assert (await Statement.get()).text == "Junge Leute fehlen."


async def test_days_after_the_end_what_is_new_still_comes_and_nothing_changes(
    client: Client, event: Event
) -> None:
    one = change("Rechtzeitig.")
    await sends(client, event, one)
    ended = clock.now() - timedelta(days=3)
    await Event.filter(id=event.id).update(ends_at=ended)
    two = {**one, "said": said("Zu spät."), "known": [one["said"]]}
    answers = await sends(client, event, two, change("Vom Gerät ohne Netz."))
    assert [it["state"] for it in answers] == ["late", "kept"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_ends_of_time_are_kept_within_reach(
    client: Client, event: Event, at: str
) -> None:
    await sends(client, event, {**change("Wann?"), "at": at})
    there = await Statement.get()
    assert there.created_at is not None
    assert timedelta(0) <= clock.now() - there.created_at < timedelta(days=15)


async def test_a_state_that_is_known_is_not_sent_again(
    client: Client, event: Event
) -> None:
    await sends(client, event, change("Eins."))
    first = await client.get(address(event, "state.json"))
    tag = {"if-none-match": first.headers["etag"]}
    again = await client.get(address(event, "state.json"), headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    await sends(client, event, change("Zwei."))
    changed = await client.get(address(event, "state.json"), headers=tag)
    assert changed.status_code == 200


async def test_the_state_takes_the_same_queries_for_one_and_three(
    client: Client, event: Event
) -> None:
    await sends(client, event, change("Eins.", organisation="Stadt A"))
    with counted() as one:
        await client.get(address(event, "state.json"))
    await sends(client, event, *(change(it, organisation=it) for it in ("B.", "C.")))
    with counted() as three:
        await client.get(address(event, "state.json"))
    assert len(one) == len(three)


GOOD = {"key": "k" * 24, "at": "2027-03-01T09:00:00Z", "said": said("Gut.")}
HOSTILE: dict[str, Json] = {
    "nothing": {},
    "no list": {"changes": {"0": GOOD}},
    "a field of its own": {"changes": [], "event": "x"},
    "a field of a change": {"changes": [GOOD | {"created_by": "person:x"}]},
    "a short key": {"changes": [GOOD | {"key": "k"}]},
    "a long key": {"changes": [GOOD | {"key": "k" * 32}]},
    "a key of another event": {"changes": [GOOD | {"key": "0" * 20 + ":k"}]},
    "a key with NUL": {"changes": [GOOD | {"key": "k" * 23 + "\0"}]},
    "no moment": {"changes": [GOOD | {"at": "yesterday"}]},
    "a moment without a zone": {"changes": [GOOD | {"at": "2027-03-01T09:00:00"}]},
    "no words": {"changes": [GOOD | {"said": "Gut."}]},
    "words with NUL": {"changes": [GOOD | {"said": said("a\0b")}]},
    "too many": {"changes": [GOOD] * 51},
    "too much known": {"changes": [GOOD | {"known": [said("x")] * 11}]},
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_body_no_script_of_ours_sends_changes_nothing(
    client: Client, event: Event, body: Json
) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.post(
        address(event), content=json.dumps(body), headers=headers
    )
    assert answer.status_code == 422, answer.text
    assert await Statement.all().count() == 0


WRONG: dict[str, Json] = {
    "a field of its own": {"organiser_id": "x"},
    "a number as a text": {"text": 7},
    "a text as a truth": {"removed": "false"},
    "an unknown kind": {"kind": "complaint"},
    "a name of theirs": {"quoting": "named"},
    "no id": {"session": "1 OR 1=1"},
    "a long organisation": {"organisation": "x" * 201},
    "two lines of an organisation": {"organisation": "a\nb"},
}


@pytest.mark.parametrize("of", WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_statement_is_refused_by_itself(
    client: Client, event: Event, of: Json
) -> None:
    wrong = {**change("Gut."), "said": {**said("Gut."), **of}}
    assert [it["state"] for it in await sends(client, event, wrong)] == ["refused"]
    assert await Statement.all().count() == 0


async def test_a_body_of_a_megabyte_is_refused(client: Client, event: Event) -> None:
    body = {"changes": [change("ä" * 9_000) for _ in range(60)]}
    answer = await client.post(address(event), json=body)
    assert answer.status_code == 413


async def test_fifty_long_statements_come_through(client: Client, event: Event) -> None:
    answers = await sends(client, event, *(change("a" * 9_000) for _ in range(50)))
    assert {it["state"] for it in answers} == {"kept"}


async def test_otto_catches_nothing(client: Client, event: Event) -> None:
    await otto_signed_in(client)
    body = {"changes": [change("Von Otto.")]}
    assert (await client.post(address(event), json=body)).status_code == 404
    assert await Statement.all().count() == 0


async def test_a_page_of_another_site_catches_nothing(
    client: Client, event: Event
) -> None:
    answer = await client.post(
        address(event),
        json={"changes": [change("Fremd.")]},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
