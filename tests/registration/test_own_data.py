"""What is stored about oneself: taken along, and erased."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from tests.bad_inputs.snapshot import snapshot
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up
from tests.registration.joining import a_workshop, joins, my, now_of

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.database import rows
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import answers, changes, consents
from werkraum_registration.changes import Details
from werkraum_registration.models import (
    ConsentWish,
    FormQuestion,
    FormQuestionKind,
    Registration,
    RegistrationTag,
    State,
    Submission,
    Wanted,
)

CANARY = "Canary"


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(
        await an_organiser(), seats={Mode.ONSITE: 2, Mode.ONLINE: None}, largest_party=3
    )


async def everything(event: Event) -> Registration:
    """Somebody who has told us all that can be told."""
    now = clock.now()
    canary = await joins(event, CANARY, seats=2)
    workshop = await a_workshop(event, seats=3)
    need = await FormQuestion.create(
        event=event,
        position=1,
        kind=FormQuestionKind.NEED,
        label={"en": "What do you need?"},
        purpose={"en": "To help."},
        retention_days=7,
    )
    details = Details(
        CANARY,
        seats=2,
        companions=("Canary's friend",),
        sessions=frozenset({workshop.id}),
        answers={need.id: "A canary needs air"},
    )
    await changes.change(canary.id, details, actor=ATTENDEE, now=now)
    await ConsentWish.create(
        event=event, purpose="photo", text={"en": "Canary pictures"}
    )
    await consents.give(
        canary.id, event.id, ["photo"], language="en", channel="form", now=now
    )
    await RegistrationTag.create(registration_id=canary.id, tag="canary")
    await Submission.create(
        key_hash="k",
        event=event,
        name=CANARY,
        email=canary.email,
        wish={"name": CANARY},
        created_at=now,
    )
    await Registration.filter(id=canary.id).update(note="Canary sings")
    return canary


async def unpacked(
    client: httpx.AsyncClient, registration: Registration
) -> tuple[dict[str, Any], str]:  # Any: JSON
    answer = await client.get(my(registration, "/data.zip"))
    assert answer.status_code == 200
    assert CANARY.lower() not in answer.headers["content-disposition"].lower()
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        readable = archive.read("data.html").decode()
        return json.loads(archive.read("data.json")), readable


async def test_the_file_holds_everything_for_programs_and_for_reading(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await everything(event)
    data, readable = await unpacked(client, canary)
    [own] = data["registration"]
    assert own["email"] == "canary@attendee.example"
    assert own["companions"] == ["Canary's friend"]
    assert own["note"] == "Canary sings"
    assert [it["answer"] for it in data["answers"]] == ["A canary needs air"]
    assert [it["text"] for it in data["needs"]] == ["A canary needs air"]
    assert [it["text"] for it in data["consents"]] == ["Canary pictures"]
    assert [it["tag"] for it in data["tags"]] == ["canary"]
    assert [it["title"] for it in data["sessions"]]
    assert "registration.register" in [it["what"] for it in data["changes"]]
    for said in ("A canary needs air", "Canary pictures", "Canary sings"):
        assert said in readable


async def test_nobody_else_is_in_the_file(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Otto", Wanted.ONLINE)
    data, readable = await unpacked(client, await everything(event))
    assert "otto" not in json.dumps(data).lower() + readable.lower()


async def test_the_file_speaks_german_for_reading(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await everything(event)
    answer = await client.get(my(canary, "/data.zip").replace("/en/", "/de/"))
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        readable = archive.read("data.html").decode()
    assert "Worin Sie eingewilligt haben" in readable
    assert "<dt>Durch</dt><dd>Sie selbst</dd>" in readable
    for code in ("registration.register", "onsite", "confirmed", "attendee<"):
        assert code not in readable


async def test_looking_and_downloading_change_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await everything(event)
    before = await snapshot()
    for page in ("", "/data.zip", "/erase", "/change", "/address"):
        assert (await client.get(my(canary, page))).status_code == 200
        await client.head(my(canary, page))
    assert await snapshot() == before


async def traces() -> list[str]:
    """The tables in which the canary still stands."""
    tables = await snapshot()
    return [table for table, lines in tables.items() if "canary" in str(lines).lower()]


async def test_nothing_is_left_of_whoever_erases_themselves(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await everything(event)
    waiting = await joins(event, "Berta")
    await drain()
    assert "It cannot be brought back" in (await client.get(my(canary, "/erase"))).text
    pressed = await client.post(my(canary, "/erase"))
    assert pressed.headers["location"] == "/en/erased"
    assert (await client.get("/en/erased")).status_code == 200
    # The address is kept for the last letter, and for nothing else.
    left = await rows("SELECT email FROM address_change")
    assert [it["email"] for it in left] == ["canary@attendee.example"]
    await drain()
    assert await traces() == ["consent_wish"]
    gone = await now_of(canary)
    assert (gone.state, gone.seats, gone.name) == (State.CANCELLED, 2, "")
    assert (await now_of(waiting)).state in (State.CONFIRMED, State.OFFERED)
    await must_add_up()


async def test_the_link_of_whoever_is_erased_opens_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await joins(event, CANARY)
    await client.post(my(canary, "/erase"))
    assert (await client.get(my(canary))).status_code == 404
    assert (await client.post(my(canary, "/erase"))).status_code == 404
    assert (await client.post(my(canary, "/restore"))).status_code == 404


async def test_who_was_at_an_event_stays_in_its_numbers(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await joins(event, CANARY)
    over = clock.now() - timedelta(hours=1)
    await Event.filter(id=event.id).update(starts_at=over, ends_at=over)
    await client.post(my(canary, "/erase"))
    await drain()
    assert await traces() == []
    gone = await now_of(canary)
    assert (gone.state, gone.holds_seat) == (State.CONFIRMED, True)


async def test_what_the_audit_kept_of_answers_is_gone_too(
    client: httpx.AsyncClient, event: Event
) -> None:
    canary = await everything(event)
    assert await answers.answers_by(canary.id)
    await client.post(my(canary, "/erase"))
    kept = await rows("SELECT changes FROM audit_entry")
    assert "air" not in str([it["changes"] for it in kept])
