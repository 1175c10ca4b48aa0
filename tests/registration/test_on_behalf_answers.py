"""Registering somebody at an event that asks more; the caller may not know it all."""

import httpx
import pytest
from tests.people import an_event, olga_signed_in, otto_signed_in
from tests.registration.asking import OLGA, asks
from tests.registration.test_full_form import faults_in, q

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_registration import answers, consent_wishes, questions
from werkraum_registration.models import (
    Consent,
    FormAnswer,
    FormQuestionKind,
    Need,
    Registration,
)
from werkraum_registration.question_rules import Condition

Kind = FormQuestionKind
ANNA: dict[str, str | list[str]] = {
    "name": "Anna Arendt",
    "email": "anna@attendee.example",
    "mode": "online",
    "seats": "1",
    "lang": "en",
}


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


async def sent(
    client: httpx.AsyncClient, event: Event, typed: dict[str, str | list[str]]
) -> httpx.Response:
    path = f"/desk/events/{event.id}/registrations/new"
    return await client.post(path, data=ANNA | typed)


async def answers_of_anna() -> list[tuple[str, object]]:
    anna = await Registration.get()
    given = await answers.answers_by(anna.id)
    return [(it.question.label["de"], it.value) for it in given]


async def test_the_page_asks_what_the_event_asks_and_needs_no_answer(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Essen", required=True)
    page = await client.get(f"/desk/events/{event.id}/registrations/new")
    asked = page.text.partition("What the event asks")[2]
    assert f'name="{q(meal)}"' in asked and "No answer" in asked
    assert (await sent(client, event, {})).status_code == 303
    assert await answers_of_anna() == []


async def test_what_the_caller_knows_is_kept_as_if_they_had_typed_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    asked = {kind: await asks(event, kind, kind.value) for kind in Kind}
    typed: dict[str, str | list[str]] = {
        q(asked[Kind.TEXT]): "Kuchen",
        q(asked[Kind.CHOICE]): "vegan",
        q(asked[Kind.SEVERAL]): ["fleisch", "vegan"],
        q(asked[Kind.NUMBER]): "0",
        q(asked[Kind.YES_NO]): "no",
        q(asked[Kind.ORGANISATION]): "Stadt Aachen",
        q(asked[Kind.NEED]): "Eine Rampe",
    }
    assert (await sent(client, event, typed)).status_code == 303
    assert await answers_of_anna() == [
        ("text", "Kuchen"),
        ("choice", "vegan"),
        ("several", ["vegan", "fleisch"]),
        ("number", 0),
        ("yes_no", False),
        ("organisation", "Stadt Aachen"),
        ("need", "Eine Rampe"),
    ]
    anna = await Registration.get().select_related("organisation")
    assert anna.organisation and anna.organisation.name == "Stadt Aachen"
    assert (await Need.get()).registration_id == anna.id


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.NUMBER, "viele"),
        (Kind.CHOICE, "fish"),
        (Kind.TEXT, "x" * 1_001),
        (Kind.YES_NO, "maybe"),
        (Kind.ORGANISATION, "x" * 201),
    ],
)
async def test_what_cannot_be_an_answer_is_said_at_its_question(
    client: httpx.AsyncClient, event: Event, kind: Kind, typed: str
) -> None:
    question = await asks(event, kind, "Essen")
    answer = await sent(client, event, {q(question): typed})
    assert answer.status_code == 422
    assert faults_in(answer) == [q(question)]
    assert "Essen (en): " in answer.text
    assert not await Registration.exists()


async def test_an_answer_that_is_not_asked_for_is_told(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Essen")
    more = await asks(event, label="Was?", condition=Condition(meal.id, "vegan"))
    answer = await sent(client, event, {q(meal): "fleisch", q(more): "Tofu"})
    assert answer.status_code == 422 and faults_in(answer) == [q(more)]


async def test_a_question_that_is_gone_meanwhile_is_told(
    client: httpx.AsyncClient, event: Event
) -> None:
    question = await asks(event)
    await questions.retire(
        event.organiser_id, event.id, question.id, actor=OLGA, now=clock.now()
    )
    answer = await sent(client, event, {q(question): "Kuchen"})
    assert answer.status_code == 422
    assert "The organiser has changed the questions." in answer.text
    assert not await FormAnswer.exists()


async def test_only_the_person_can_agree(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = f"/desk/events/{event.id}/registrations/new"
    sentence = "only they themselves can agree"
    assert sentence not in (await client.get(path)).text
    await consent_wishes.ask(
        event.organiser_id,
        event.id,
        "photos",
        {"en": "Photos may be taken of me."},
        actor=OLGA,
        now=clock.now(),
    )
    page = (await client.get(path)).text
    assert sentence in page and "Photos may be taken of me." not in page
    forged = await sent(client, event, {"consents": "photos:1"})
    assert forged.status_code == 422 and not await Consent.exists()


async def test_otto_answers_nothing_for_olgas_guests(
    client: httpx.AsyncClient, event: Event
) -> None:
    question = await asks(event)
    await otto_signed_in(client)
    answer = await sent(client, event, {q(question): "Kuchen"})
    assert answer.status_code == 404 and not await FormAnswer.exists()
