"""A series asks what its events ask, each thing once, for those that are ticked."""

import re
from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, asks
from tests.registration.test_full_form import a_session, faults_in, q
from tests.registration.test_series_registrations import sent, typed

from werkraum_events import series
from werkraum_events.models import Event, Mode, Series
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_registration import questions
from werkraum_registration.event_forms import forms_of
from werkraum_registration.models import (
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    Need,
    Organisation,
    Registration,
)
from werkraum_registration.question_rules import Condition
from werkraum_registration.series_questions import SeriesQuestions

Kind = FormQuestionKind
Entries = dict[str, str | list[str]]


@pytest.fixture
async def organiser(client: httpx.AsyncClient) -> Organiser:
    return await an_organiser()


@pytest.fixture
async def forums(organiser: Organiser) -> Series:
    return await series.make(
        organiser.id, {"en": "Forums"}, actor="olga", now=clock.now()
    )


@pytest.fixture
async def events(organiser: Organiser, forums: Series) -> list[Event]:
    return [
        await an_event(
            organiser,
            now=clock.now() + timedelta(days=7 * week),
            seats={Mode.ONLINE: None},
            series_id=forums.id,
            title={"en": f"Forum {week}"},
        )
        for week in range(3)
    ]


async def grouped(events: list[Event]) -> SeriesQuestions:
    return SeriesQuestions.of(events, events, await forms_of(events))


async def asked_of(events: list[Event]) -> list[list[str]]:
    """The questions of the form, each with those that hang on it."""
    asked = await grouped(events)
    return [[it.label["de"] for it in group.questions] for group in asked.groups]


async def register(
    client: httpx.AsyncClient, forums: Series, events: list[Event], entries: Entries
) -> httpx.Response:
    """Load the page and send its form with these events and answers."""
    page = (await client.get(f"/en/series/{forums.slug}")).text
    [mark] = re.findall(r'name="asked" value="([^"]+)"', page)
    form = {**typed(forums, events), "asked": mark, **entries}
    return await sent(client, forums, form)


async def answers_by_event() -> dict[str, dict[str, object]]:
    given: dict[str, dict[str, object]] = {}
    for it in await FormAnswer.all().select_related("registration__event", "question"):
        title = it.registration.event.title["en"]
        given.setdefault(title, {})[it.question.label["de"]] = it.value
    return given


async def test_the_same_question_of_several_events_is_asked_once(
    events: list[Event],
) -> None:
    for event in events[:2]:
        await asks(event, Kind.CHOICE, "Essen")
    await asks(events[2], Kind.TEXT, "Essen")
    await asks(events[2], Kind.CHOICE, "Essen", choices=({"de": "a"}, {"de": "b"}))
    asked = await grouped(events)
    assert [len(it.askings) for it in asked.groups] == [2, 1, 1]
    assert [len(asked.only_of(it)) for it in events] == [0, 0, 2]


async def test_a_question_is_the_same_only_with_all_that_hangs_on_it(
    events: list[Event],
) -> None:
    for event in events:
        meal = await asks(event, Kind.CHOICE, "Essen")
        more = Condition(meal.id, "vegan" if event is events[0] else "fleisch")
        await asks(event, label="Mehr?", condition=more)
    assert await asked_of(events) == [["Essen", "Mehr?"]] * 2


async def test_what_one_event_asks_twice_is_asked_twice(events: list[Event]) -> None:
    for event in events[:2]:
        for _ in range(2):
            await asks(event, label="Wer kommt mit?")
    assert await asked_of(events) == [["Wer kommt mit?"]] * 2


async def test_the_page_asks_beneath_the_box_and_once_for_several(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    own = await asks(events[0], label="Kuchen?")
    shared = [
        await asks(it, label="Woher?", retention_days=days)
        for it, days in zip(events[1:], (30, 90), strict=True)
    ]
    page = (await client.get(f"/en/series/{forums.slug}")).text
    beneath, _, below = page.partition("What several events ask")
    assert "What “Forum 0” asks" in beneath and f'name="{q(own)}"' in beneath
    assert "What “Forum 1” asks" not in beneath
    assert "Asked by: Forum 1, Forum 2" in below
    assert f'name="{q(shared[0])}"' in below and q(shared[1]) not in page
    # Each event keeps it for its own time, and says so.
    assert "Deleted 30 days" in below and "Deleted 90 days" in below


async def test_each_registration_has_the_answers_of_its_event(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    own = await asks(events[0], Kind.NEED, "Hilfe?")
    shared = [await asks(it, Kind.SEVERAL, "Essen") for it in events]
    home = [await asks(it, Kind.ORGANISATION, "Woher?") for it in events[:2]]
    entries: Entries = {
        q(own): "Rampe",
        q(shared[0]): ["fleisch", "vegan"],
        q(home[0]): "Stadt Köln",
    }
    done = await register(client, forums, events, entries)
    assert done.status_code == 303
    meal = {"Essen": ["vegan", "fleisch"]}
    assert await answers_by_event() == {
        "Forum 0": {**meal, "Hilfe?": "Rampe", "Woher?": "Stadt Köln"},
        "Forum 1": {**meal, "Woher?": "Stadt Köln"},
        "Forum 2": meal,
    }
    assert await Need.all().count() == 1
    people = await Registration.all().prefetch_related("organisation")
    named = {it.organisation.name for it in people if it.organisation}
    assert named == {"Stadt Köln"}
    assert len([it for it in people if it.organisation]) == 2


async def test_only_the_ticked_events_want_an_answer_and_are_read(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    others = await asks(events[1], Kind.NUMBER, "Wie viele?", required=True)
    done = await register(client, forums, events[:1], {q(others): "no number"})
    assert done.status_code == 303
    assert not await FormAnswer.exists()
    refused = await register(client, forums, events, {q(others): "no number"})
    assert refused.status_code == 422 and faults_in(refused) == [q(others)]
    missing = await register(client, forums, events, {})
    assert missing.status_code == 422 and faults_in(missing) == [q(others)]
    assert "Wie viele? (en): Please" in missing.text


async def test_one_event_may_want_an_answer_that_another_leaves_open(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await asks(events[0], label="Woher?")
    await asks(events[1], label="Woher?", required=True)
    assert (await register(client, forums, events[:1], {})).status_code == 303
    refused = await register(client, forums, events[1:2], {})
    assert refused.status_code == 422 and len(faults_in(refused)) == 1


async def test_what_hangs_on_an_answer_follows_it_in_every_event(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    pairs = []
    for event in events[:2]:
        meal = await asks(event, Kind.CHOICE, "Essen")
        after = Condition(meal.id, "vegan")
        pairs.append((meal, await asks(event, label="Mehr?", condition=after)))
    meal, more = pairs[0]
    wrong = await register(
        client, forums, events, {q(meal): "fleisch", q(more): "Tofu"}
    )
    assert wrong.status_code == 422 and faults_in(wrong) == [q(more)]
    await register(client, forums, events, {q(meal): "vegan", q(more): "Tofu"})
    said = {"Essen": "vegan", "Mehr?": "Tofu"}
    assert await answers_by_event() == {"Forum 0": said, "Forum 1": said}


async def test_a_form_from_before_a_change_keeps_what_was_typed(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    first, second = [await asks(it, label="Woher?") for it in events[:2]]
    old = (await grouped(events)).mark
    await retire(events[0], first)
    entries: Entries = {q(first): "Aachen", "asked": old}
    again = await register(client, forums, events[1:], entries)
    assert again.status_code == 422
    assert "The organiser has changed the questions." in again.text
    assert not await Registration.exists()
    done = await register(client, forums, events[1:], {q(second): "Aachen"})
    assert done.status_code == 303


async def test_an_event_that_closes_meanwhile_takes_no_answer_with_it(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    first, second = [await asks(it, label="Woher?") for it in events[:2]]
    old = (await grouped(events)).mark
    await Event.filter(id=events[0].id).update(registration_closes_at=clock.now())
    again = await register(
        client, forums, events[1:], {q(first): "Aachen <x>", "asked": old}
    )
    assert again.status_code == 422
    field = again.text.partition(f'name="{q(second)}"')[2].partition("</textarea>")[0]
    assert "Aachen &lt;x&gt;" in field


async def retire(event: Event, question: FormQuestion) -> None:
    await questions.retire(
        event.organiser_id, event.id, question.id, actor=OLGA, now=clock.now()
    )


async def test_the_same_form_with_other_answers_changes_nothing(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    question = await asks(events[0], label="Woher?")
    await register(client, forums, events, {q(question): "Aachen"})
    await register(client, forums, events, {q(question): "Bonn"})
    assert await answers_by_event() == {"Forum 0": {"Woher?": "Aachen"}}


async def test_workshops_and_parties_are_had_on_the_page_of_the_event(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    await a_session(events[0], "Werkstatt")
    await Event.filter(id=events[0].id).update(version=2)
    await Event.filter(id=events[1].id).update(largest_party=5)
    page = (await client.get(f"/en/series/{forums.slug}")).text
    assert "You choose workshops of this event later on your own page" in page
    assert "more seats are had on the event" in page
    for event, there in zip(events, (True, True, False), strict=True):
        link = f'<a href="/en/events/{event.slug}">Register on the page of'
        assert (link in page) == there


async def test_a_draft_asks_nobody(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    question = await asks(events[0], label="Geheim?")
    await Event.filter(id=events[0].id).update(status="draft")
    page = (await client.get(f"/en/series/{forums.slug}")).text
    assert "Geheim?" not in page
    forged = await register(client, forums, events[1:], {q(question): "Otto"})
    assert forged.status_code == 422 and not await Registration.exists()


async def test_the_kind_of_an_organisation_is_asked_once_with_its_name(
    client: httpx.AsyncClient, forums: Series, events: list[Event]
) -> None:
    home = [await asks(it, Kind.ORGANISATION, "Woher?") for it in events]
    name = q(home[0])
    town: Entries = {name: "Kleve", f"{name}_kind": "", f"{name}_size": "small"}
    wrong = await register(
        client, forums, events[1:], {**town, f"{name}_kind": "school"}
    )
    assert wrong.status_code == 422 and faults_in(wrong) == [f"{name}_size"]
    assert (await register(client, forums, events[1:], town)).is_redirect
    kleve = await Organisation.get()
    assert (kleve.kind, kleve.size) == ("municipality", "small")
