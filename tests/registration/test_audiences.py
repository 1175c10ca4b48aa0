"""Whom a letter reaches: by state, mode, answer, tag, presence, organisation."""

import json
from typing import Any

import pytest
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.database import changed
from werkraum_foundation.identifiers import uuid7
from werkraum_registration import audiences
from werkraum_registration.audiences import Audience
from werkraum_registration.list_filters import AnswerFilter, Filters
from werkraum_registration.models import (
    Attendance,
    FormQuestion,
    FormQuestionKind,
    Organisation,
    OrganisationKind,
    Presence,
    Registration,
    RegistrationTag,
    State,
)


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


async def names(event: Event, *states: State, **said: Any) -> set[str]:
    """Tell who is reached; the count must say the same."""
    one = said.pop("registration_id", None)
    audience = Audience(states, Filters(**said), one)
    found = await audiences.members(event.id, audience, limit=100)
    assert await audiences.count(event.id, audience) == len(found)
    assert Audience.read(audience.as_json()) == audience
    for each in found:
        assert await audiences.includes(event.id, audience, each.id)
    return {each.name for each in found}


async def everybody(event: Event) -> None:
    """Somebody in each state, named after it."""
    for state in State:
        vouched = state not in (State.UNCONFIRMED, State.EXPIRED)
        email = f"{state.value.replace('_', '-')}@attendee.example"
        await takes_part(event, state.value, state=state, vouched=vouched, email=email)


TAKING_PART = {"confirmed", "pending_approval", "waitlisted", "offered"}


async def test_a_letter_to_all_goes_to_who_takes_part_or_waits(event: Event) -> None:
    await everybody(event)
    assert await names(event) == TAKING_PART


async def test_states_can_be_chosen_but_no_unconfirmed_address(event: Event) -> None:
    await everybody(event)
    chosen = (State.CANCELLED, State.REJECTED)
    assert await names(event, *chosen) == {"cancelled", "rejected"}
    assert await names(event, State.UNCONFIRMED, State.EXPIRED) == set()


async def test_who_never_pressed_a_button_and_left_gets_nothing(event: Event) -> None:
    await takes_part(event, "mistyped", state=State.CANCELLED, vouched=False)
    assert await names(event, State.CANCELLED) == set()


async def test_who_came_back_is_no_longer_among_the_cancelled(event: Event) -> None:
    await takes_part(event, "Anna", state=State.CANCELLED)
    await takes_part(event, "Berta", state=State.CANCELLED)
    await takes_part(event, "Berta", state=State.CANCELLED)
    await takes_part(event, "Anna")
    both = (State.CONFIRMED, State.CANCELLED)
    assert await names(event, State.CANCELLED) == {"Berta"}
    assert await names(event, *both) == {"Anna", "Berta"}


async def test_by_mode(event: Event) -> None:
    await takes_part(event, "Anna", Mode.ONSITE)
    await takes_part(event, "Berta", Mode.ONLINE)
    assert await names(event, mode=Mode.ONLINE) == {"Berta"}


async def test_by_tag(event: Event) -> None:
    anna, _ = await takes_part(event), await takes_part(event, "Berta")
    await RegistrationTag.create(registration_id=anna.id, tag="helps")
    assert await names(event, tag="helps") == {"Anna"}
    assert await names(event, tag="help") == set()


async def test_by_the_kind_of_organisation(event: Event) -> None:
    school = await Organisation.create(
        organiser_id=event.organiser_id,
        name="School",
        name_key="school",
        kind=OrganisationKind.SCHOOL,
        created_at=clock.now(),
    )
    await takes_part(event, organisation_id=school.id)
    await takes_part(event, "Berta")
    assert await names(event, kind=OrganisationKind.SCHOOL) == {"Anna"}


async def answers(
    event: Event, registration: Registration, kind: str, value: object
) -> FormQuestion:
    question = await FormQuestion.get_or_none(event_id=event.id, kind=kind)
    question = question or await FormQuestion.create(
        event_id=event.id,
        position=1,
        kind=FormQuestionKind(kind),
        label={"en": "?"},
        purpose={"en": "?"},
        retention_days=30,
    )
    await changed(
        "INSERT INTO registration_answer (id, registration_id, question_id, value)"
        " VALUES (:id, :registration, :question, :value)",
        id=uuid7(),
        registration=registration.id,
        question=question.id,
        value=json.dumps(value),
    )
    return question


@pytest.mark.parametrize(
    ("kind", "given", "other", "asked"),
    [
        ("choice", "vegan", "vegetarian", "vegan"),
        ("several", ["lift", "sign"], ["sign"], "lift"),
        ("yes_no", True, False, "true"),
        ("yes_no", False, True, "false"),
        ("number", 12, 1, "12"),
    ],
)
async def test_by_the_answer_to_a_question(
    event: Event, kind: str, given: object, other: object, asked: str
) -> None:
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    await takes_part(event, "Cem")
    await answers(event, berta, kind, other)
    question = await answers(event, anna, kind, given)
    answer = AnswerFilter(question.id, asked)
    assert await names(event, answer=answer) == {"Anna"}


async def test_by_who_came_and_who_did_not(event: Event) -> None:
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    await takes_part(event, "Cem", state=State.WAITLISTED)
    for person, undone in ((anna, None), (berta, clock.now())):
        await Attendance.create(
            event_id=event.id,
            registration_id=person.id,
            source=Presence.DESK,
            client_key=str(person.id),
            came_at=clock.now(),
            recorded_at=clock.now(),
            recorded_by="olga",
            undone_at=undone,
        )
    assert await names(event, attended=True) == {"Anna"}
    assert await names(event, attended=False) == {"Berta"}


async def test_one_person_alone_in_whatever_state(event: Event) -> None:
    anna = await takes_part(event, state=State.REJECTED)
    await takes_part(event, "Berta")
    assert await names(event, registration_id=anna.id) == {"Anna"}


async def test_nobody_of_another_event(event: Event) -> None:
    other = await an_event(await an_organiser("Another office"))
    otto = await takes_part(other, "Otto")
    assert await names(event, registration_id=otto.id) == set()


async def test_whoever_was_erased_is_left_out(event: Event) -> None:
    await takes_part(event, "Anna", email="a@x.org")
    await Registration.all().update(email="", email_key="forgotten:1")
    assert await names(event) == set()


async def test_what_a_list_was_narrowed_down_to(event: Event) -> None:
    for name in ("Änne", "Berta"):
        await takes_part(event, name, email=f"{name[-1]}@x.org")
    narrowed = Filters.read({"q": "änn", "state": "confirmed"})
    found = await audiences.members(event.id, Audience((), narrowed), limit=9)
    assert [it.name for it in found] == ["Änne"]
    assert Audience((), narrowed).reached == (State.CONFIRMED,)
