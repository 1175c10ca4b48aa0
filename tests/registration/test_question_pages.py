"""The questions of a form and special needs at the desk."""

import re

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.asking import asks, takes_part

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Job, Organiser, Role
from werkraum_registration import answers
from werkraum_registration.models import FormQuestion, FormQuestionKind, Need
from werkraum_registration.question_rules import Condition

Kind = FormQuestionKind


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


def page_of(event: Event) -> str:
    return f"/desk/events/{event.id}/questions"


MEAL = {
    "kind": "choice",
    "label_de": "Was essen Sie?",
    "label_en": "What do you eat?",
    "purpose_de": "Für das Buffet",
    "choices_de": "vegan\r\n\r\n Fleisch ",
    "choices_en": "vegan\r\nmeat",
    "required": "on",
}


async def test_an_empty_form_says_that_it_is_enough(
    client: httpx.AsyncClient, event: Event
) -> None:
    page = await client.get(page_of(event))
    assert page.status_code == 200
    assert "every further question costs registrations" in page.text
    assert f"/desk/events/{event.id}/form" in page.text


async def test_a_question_is_added_with_what_is_usual(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(page_of(event), data=MEAL)
    assert sent.status_code == 303
    made = await FormQuestion.get()
    assert (made.kind, made.required, made.retention_days) == (Kind.CHOICE, True, 90)
    assert made.choices == [
        {"code": "vegan", "label": {"de": "vegan", "en": "vegan"}},
        {"code": "fleisch", "label": {"de": "Fleisch", "en": "meat"}},
    ]
    page = await client.get(page_of(event))
    assert "What do you eat?" in page.text and "90 days after the event" in page.text


async def test_a_special_need_is_kept_for_a_week(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = {"kind": "need", "label_de": "Brauchen Sie etwas?", "purpose_de": "Hilfe"}
    await client.post(page_of(event), data=form)
    assert (await FormQuestion.get()).retention_days == 7


BAD = {
    "no words": ({"label_de": "", "label_en": " "}, "label"),
    "no purpose": ({"purpose_de": ""}, "purpose"),
    "no kind": ({"kind": ""}, "kind"),
    "another kind": ({"kind": "file"}, "kind"),
    "one choice": ({"choices_de": "vegan", "choices_en": ""}, "choices"),
    "fewer in one language": ({"choices_en": "vegan"}, "choices"),
    "a long choice": ({"choices_de": "a\n" + "b" * 121}, "choices"),
    "no day": ({"retention_days": "0"}, "retention_days"),
    "for ever": ({"retention_days": "366"}, "retention_days"),
    "no such question": ({"condition": "x"}, "condition"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=list(BAD))
async def test_what_is_wrong_is_said_at_its_field_and_all_else_stays(
    client: httpx.AsyncClient, event: Event, changes: dict[str, str], field: str
) -> None:
    page = await client.post(page_of(event), data=MEAL | changes)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text and f'id="{field}-fault"' in page.text
    if "choices_de" not in changes:
        assert "vegan\n\n Fleisch" in page.text.replace("\r", "")
    assert not await FormQuestion.exists()


async def test_a_question_is_edited_and_its_condition_shown(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await asks(event, Kind.YES_NO, "Essen Sie mit?")
    second = await asks(event, label="Was?")
    address = f"{page_of(event)}/{second.id}"
    page = await client.get(address)
    assert f'value="{first.id}:yes"' in page.text
    form = {
        "kind": "text",
        "label_en": "What, then?",
        "purpose_en": "Lunch",
        "retention_days": "8",
        "condition": f"{first.id}:yes",
    }
    assert (await client.post(address, data=form)).status_code == 303
    edited = await FormQuestion.get(id=second.id)
    assert (edited.condition_id, edited.condition_value) == (first.id, "yes")
    listed = await client.get(page_of(event))
    assert "Essen Sie mit? (en) – yes" in listed.text
    again = await client.get(address)
    assert f'value="{first.id}:yes" selected' in again.text


async def test_of_an_answered_question_only_the_words_can_be_changed(
    client: httpx.AsyncClient, event: Event
) -> None:
    question = await asks(event, Kind.CHOICE)
    anna = await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: "vegan"}, now=clock.now())
    address = f"{page_of(event)}/{question.id}"
    page = await client.get(address)
    assert "kind and choices stay" in page.text and 'name="kind"' not in page.text
    words = {"label_en": "Food?", "purpose_en": "Lunch", "retention_days": "30"}
    assert (await client.post(address, data=words)).status_code == 303
    other = words | {"kind": "text"}
    assert (await client.post(address, data=other)).status_code == 422
    edited = await FormQuestion.get()
    assert (edited.label, edited.kind) == ({"en": "Food?"}, Kind.CHOICE)
    assert len(edited.choices) == 2


async def test_questions_change_places_and_end(
    client: httpx.AsyncClient, event: Event
) -> None:
    first, second = await asks(event, label="A"), await asks(event, label="B")
    address = f"{page_of(event)}/{second.id}"
    assert (await client.post(f"{address}/move", data={"to": "up"})).status_code == 303
    found = await FormQuestion.all().order_by("position")
    assert [it.id for it in found] == [second.id, first.id]
    for wrong in ({}, {"to": "left"}):
        sent = await client.post(f"{address}/move", data=wrong)
        assert sent.status_code == 422
    for _ in range(2):
        assert (await client.post(f"{address}/retire")).status_code == 303
    page = await client.get(page_of(event))
    assert "A (en)" in page.text and "B (en)" not in page.text


async def test_what_another_question_hangs_on_is_not_retired(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await asks(event, Kind.YES_NO, "A")
    await asks(event, label="B", condition=Condition(first.id, "yes"))
    sent = await client.post(f"{page_of(event)}/{first.id}/retire")
    assert sent.status_code == 409 and "change that question first" in sent.text


async def test_the_form_can_be_seen_before_anybody_else_does(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(status=Status.DRAFT)
    await asks(event, label="Was essen Sie?")
    page = await client.get(f"/desk/events/{event.id}/form")
    assert page.status_code == 200
    assert "Was essen Sie? (en)" in page.text and "Your name" in page.text


async def a_need(event: Event) -> Need:
    question = await asks(event, Kind.NEED, "Was brauchen Sie?")
    anna = await takes_part(event)
    await answers.give(
        anna.id, event.id, {question.id: "Eine <Rampe>"}, now=clock.now()
    )
    return await Need.get()


async def test_a_need_is_listed_answered_and_told(
    client: httpx.AsyncClient, event: Event
) -> None:
    need = await a_need(event)
    overview = await client.get(f"/desk/events/{event.id}")
    assert "1 / 1" in overview.text
    listed = await client.get(f"/desk/events/{event.id}/needs")
    assert "Eine &lt;Rampe&gt;" in listed.text and "Anna" in listed.text
    address = f"/desk/events/{event.id}/needs/{need.id}"
    assert (await client.get(address)).status_code == 200
    no = {"reply": "not_possible", "text": ""}
    refused = await client.post(address, data=no)
    assert refused.status_code == 422 and 'id="text-fault"' in refused.text
    said = no | {"text": "Wir kommen\nans Tor."}
    for _ in range(2):
        assert (await client.post(address, data=said)).status_code == 303
    listed = await client.get(f"/desk/events/{event.id}/needs")
    assert "Wir kommen\nans Tor." in listed.text
    assert await Job.filter(name="NeedAnswered:tell_of_the_need").count() == 1
    overview = await client.get(f"/desk/events/{event.id}")
    assert "0 / 1" in overview.text


async def test_nobody_needs_anything(client: httpx.AsyncClient, event: Event) -> None:
    page = await client.get(f"/desk/events/{event.id}/needs")
    assert "Nobody has told you of a special need" in page.text


@pytest.mark.parametrize("role", [Role.READER, Role.HOST])
async def test_what_people_need_is_read_by_those_who_let_them_in(
    client: httpx.AsyncClient, event: Event, role: Role
) -> None:
    need = await a_need(event)
    organiser = await Organiser.get(id=event.organiser_id)
    await signed_in(client, await a_member(organiser, "Rita", "rita@n.example", role))
    needs = f"/desk/events/{event.id}/needs"
    allowed = role is Role.HOST
    assert (await client.get(needs)).status_code == (200 if allowed else 403)
    overview = await client.get(f"/desk/events/{event.id}")
    assert (needs in overview.text) is allowed
    for path in (f"{needs}/{need.id}", page_of(event)):
        assert path not in (await client.get(needs)).text
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=MEAL)).status_code == 403


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    need = await a_need(event)
    await otto_signed_in(client)
    base = f"/desk/events/{event.id}"
    question = f"{base}/questions/{need.question_id}"
    for path in (
        f"{base}/questions",
        question,
        f"{base}/form",
        f"{base}/needs",
        f"{base}/needs/{need.id}",
    ):
        assert (await client.get(path)).status_code == 404
    for path, form in {
        f"{base}/questions": MEAL,
        question: MEAL,
        f"{question}/move": {"to": "up"},
        f"{question}/retire": {},
        f"{base}/needs/{need.id}": {"reply": "granted"},
    }.items():
        assert (await client.post(path, data=form)).status_code == 404
    assert await FormQuestion.all().count() == 1
    assert (await Need.get()).answer == ""
    assert not re.search("Rampe", (await client.get("/desk/")).text)
