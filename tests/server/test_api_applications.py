"""A program registers people with everything the form asks."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import asks
from tests.server.test_api import a_program, key

from werkraum_events.models import Entry, Event
from werkraum_foundation.tokens import hashed
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    Registration,
    Source,
)

Kind = FormQuestionKind
ANNA = {"name": "Anna", "email": "anna@attendee.example", "mode": "onsite"}


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser(), largest_party=3)


@pytest.fixture
async def olga(event: Event) -> AsyncIterator[httpx.AsyncClient]:
    async with await a_program(event.organiser) as program:
        yield program


def path_of(event: Event) -> str:
    return f"/events/{event.id}/registrations"


async def test_answers_are_taken_and_listed(
    olga: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.SEVERAL, "Was essen Sie?")
    town = await asks(event, Kind.ORGANISATION, "Woher?")
    given = {str(meal.id): ["vegan"], str(town.id): "Stadt Aachen"}
    body = ANNA | {"mode": "onsite_else_online", "seats": 2, "answers": given}
    made = await olga.post(path_of(event), json=body, headers=key("a"))
    assert made.status_code == 201
    [listed] = (await olga.get(path_of(event))).json()["items"]
    assert (listed["wanted"], listed["seats"]) == ("onsite_else_online", 2)
    assert listed["answers"] == given
    there = await Registration.get().select_related("organisation")
    assert there.source is Source.API
    assert there.organisation and there.organisation.name == "Stadt Aachen"
    ended = await olga.post(f"/registrations/{there.id}/cancel")
    assert ended.json()["answers"] == given


async def faults(
    olga: httpx.AsyncClient,
    event: Event,
    **changes: Any,  # Any: JSON
) -> list[str]:
    body = ANNA | changes
    answer = await olga.post(
        path_of(event), json=body, headers=key(hashed(str(changes)))
    )
    assert answer.status_code == 422
    assert not await Registration.exists()
    return [it["field"] for it in answer.json()["errors"]]


async def test_what_is_wrong_is_named_at_its_field(
    olga: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?", required=True)
    place = f"answers.{meal.id}"
    vegan = {str(meal.id): "vegan"}
    assert await faults(olga, event) == [place]
    assert await faults(olga, event, answers={str(meal.id): "fish"}) == [place]
    assert await faults(olga, event, answers={str(meal.id): None}) == [place]
    assert await faults(olga, event, answers=vegan | {"x": 1}) == ["answers"]
    assert await faults(olga, event, answers=vegan, mode=None) == ["mode"]
    for seats in (0, -1, 4, 1000, 1001, 2**70, 1.5, "2", True):
        assert await faults(olga, event, answers=vegan, seats=seats) == ["seats"]
    for wrong in (["a"], "a", 1):
        assert await faults(olga, event, answers=wrong) == ["answers"]


async def test_a_question_that_is_gone_is_said_in_words(
    olga: httpx.AsyncClient, event: Event
) -> None:
    gone = await asks(event)
    await FormQuestion.all().update(retired_at=event.created_at)
    assert await faults(olga, event, answers={str(gone.id): "a"}) == [""]


async def test_the_code_of_an_event_is_asked_of_programs_too(
    olga: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(entry=Entry.CODE, entry_code="Brücke 7")
    assert await faults(olga, event) == ["code"]
    assert await faults(olga, event, code="Brücke") == ["code"]
    body = ANNA | {"code": "Brücke 7"}
    made = await olga.post(path_of(event), json=body, headers=key("a"))
    assert made.status_code == 201


async def test_who_was_not_invited_is_not_registered_by_a_program(
    olga: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(entry=Entry.INVITED)
    answer = await olga.post(path_of(event), json=ANNA, headers=key("a"))
    assert (answer.status_code, answer.json()["code"]) == (403, "invitation_only")
    assert not await Registration.exists()


async def test_the_same_request_later_is_answered_as_the_first_time(
    olga: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?")
    body = ANNA | {"answers": {str(meal.id): "vegan"}}
    first = await olga.post(path_of(event), json=body, headers=key("a"))
    await FormQuestion.all().update(retired_at=event.created_at)
    await Event.filter(id=event.id).update(version=9)
    again = await olga.post(path_of(event), json=body, headers=key("a"))
    assert (again.status_code, again.content) == (201, first.content)
