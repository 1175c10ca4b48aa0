from datetime import timedelta

import httpx
import pytest
from tests.feedback.group_answers import a_closed_round
from tests.feedback.results.test_round_results import (
    DISTRICT,
    SCHOOL,
    all_kinds,
    some_voices,
)
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Event
from werkraum_feedback.answering.records import field_name
from werkraum_feedback.models import Round, RoundKind
from werkraum_feedback.questions import (
    Answer,
    Answers,
    Option,
    Poles,
    Question,
    QuestionKind,
)
from werkraum_feedback.results.before_after import is_the_same, pairs_of
from werkraum_feedback.results.counts import Voice
from werkraum_feedback.results.round_results import results_of
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


async def an_ended_event(olga: Organiser) -> Event:
    return await an_event(olga, now=olga.created_at - timedelta(days=15))


def sure(text: str = "How sure do you feel?") -> Question:
    poles = Poles({"en": "not at all"}, {"en": "very"})
    return Question(
        field_name(uuid7()), "F01", QuestionKind.SCALE, {"en": text}, poles=poles
    )


def saying(question: Question, *numbers: int) -> list[Voice]:
    return [Voice(Answers((Answer(question.id, number=number),))) for number in numbers]


async def before_and_after(
    olga: Organiser, event: Event | None, first: list[int], then: list[int]
) -> Round:
    """Ask the same before and after; the later round."""
    one, other = sure(), sure()
    event_id = event.id if event else None
    await a_closed_round(
        olga, [one], saying(one, *first), event_id=event_id, kind=RoundKind.NEEDS
    )
    return await a_closed_round(
        olga, [other], saying(other, *then), event_id=event_id, kind=RoundKind.CLOSING
    )


async def test_every_kind_of_question_is_shown(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_ended_event(olga)
    questions = all_kinds()
    asked = await a_closed_round(
        olga, questions, some_voices(questions), event_id=event.id
    )

    shown = await client.get(f"/desk/rounds/{asked.id}/results")

    assert shown.status_code == 200
    assert shown.text.count('<svg class="chart"') == 6
    assert "n = 3" in shown.text
    assert "Half of the people said at most (median)" in shown.text
    assert "Mean rank" in shown.text
    assert "style=" not in shown.text


async def test_a_group_is_chosen_from_those_that_may_be_shown(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    (question, *_) = all_kinds()
    low, high = (Answers((Answer(question.id, number=it),)) for it in (1, 5))
    voices = [Voice(low, DISTRICT)] * 12 + [Voice(high, SCHOOL)] * 11
    asked = await a_closed_round(olga, [question], voices)

    shown = await client.get(f"/desk/rounds/{asked.id}/results?group=district")

    assert "Only the answers of this group: District" in shown.text
    assert "unanimously" in shown.text
    assert "12 (100%)" not in shown.text  # The scale has its numbers in the key.
    assert '<option value="school">' in shown.text
    assert '<option value="association">' not in shown.text


async def test_groups_stand_side_by_side(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    (question, *_) = all_kinds()
    low, high = (Answers((Answer(question.id, number=it),)) for it in (1, 5))
    voices = [Voice(low, DISTRICT)] * 12 + [Voice(high, SCHOOL)] * 6
    asked = await a_closed_round(olga, [question], voices)

    shown = (await client.get(f"/desk/rounds/{asked.id}/results?by=kind")).text

    assert "n = 18" in shown
    # Numbers of twelve would tell those of six.
    assert "n = 12" not in shown
    assert shown.count("unanimously") == 2
    assert "Groups that are missing here have fewer than five answers" in shown


async def test_a_group_that_may_not_be_shown_looks_like_one_that_is_not_there(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    (question, *_) = all_kinds()
    said = Answers((Answer(question.id, number=1),))
    voices = [Voice(said, DISTRICT)] * 12 + [Voice(said, SCHOOL)] * 4
    asked = await a_closed_round(olga, [question], voices)

    pages = [
        (await client.get(f"/desk/rounds/{asked.id}/results?group={group}")).text
        for group in ("district", "school", "association")
    ]

    assert all("So nothing is shown." in page for page in pages)
    named = [
        page.replace(words, "")
        for page, words in zip(
            pages, ("District", "School", "Association"), strict=True
        )
    ]
    assert (
        len({page.partition("</h1>")[2].partition("</main>")[0] for page in named}) == 1
    )


async def test_many_texts_have_pages_of_their_own(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    question = next(it for it in all_kinds() if it.kind is QuestionKind.TEXT)
    voices = [
        Voice(Answers((Answer(question.id, text=f"Voice {number:03}"),)))
        for number in range(250)
    ]
    asked = await a_closed_round(olga, [question], voices)
    path = f"/desk/rounds/{asked.id}/results"

    first = (await client.get(path)).text
    pages = [(await client.get(f"{path}/F08?page={it}")).text for it in (1, 2, 99)]

    assert first.count("Voice ") == 50
    assert "Read all 250 texts" in first
    assert [page.count("Voice ") for page in pages] == [200, 50, 50]
    assert (await client.get(f"{path}/F01")).status_code == 404


async def test_what_was_asked_before_stands_beside_it(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_ended_event(olga)
    asked = await before_and_after(olga, event, [2] * 12, [4] * 10 + [5] * 2)

    shown = (await client.get(f"/desk/rounds/{asked.id}/results")).text

    assert "Before and after" in shown
    assert "12 (100%)" in shown
    assert "10 (83%)" in shown


async def test_a_round_of_the_network_is_compared_as_well(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    asked = await before_and_after(olga, None, [2] * 12, [4] * 12)

    shown = await client.get(f"/desk/rounds/{asked.id}/results")

    assert shown.status_code == 200
    assert "Before and after" in shown.text


@pytest.mark.parametrize(("first", "then"), [(4, 12), (12, 4)])
async def test_nothing_is_compared_with_fewer_than_five(
    olga: Organiser, first: int, then: int
) -> None:
    event = await an_ended_event(olga)
    asked = await before_and_after(olga, event, [2] * first, [4] * then)

    assert await pairs_of(asked, await results_of(asked)) == ()


async def test_another_event_is_no_before(olga: Organiser) -> None:
    event = await an_ended_event(olga)
    await before_and_after(olga, None, [2] * 12, [3] * 12)
    question = sure()
    alone = await a_closed_round(
        olga, [question], saying(question, *[4] * 12), event_id=event.id
    )

    assert await pairs_of(alone, await results_of(alone)) == ()


def test_the_same_question_has_the_same_words_kind_and_options() -> None:
    options = (Option("a", {"en": "A"}), Option("b", {"en": "B"}))
    one = Question("q-1", "F01", QuestionKind.CHOICE, {"en": "Which?"}, options=options)
    again = Question(
        "q-2", "F09", QuestionKind.CHOICE, {"en": " which? "}, options=options
    )
    turned = Question(
        "q-3", "F01", QuestionKind.CHOICE, {"en": "Which?"}, options=options[::-1]
    )
    several = Question(
        "q-4", "F01", QuestionKind.CHOICES, {"en": "Which?"}, options=options
    )

    assert is_the_same(one, again)
    assert not is_the_same(one, turned)
    assert not is_the_same(one, several)
    assert not is_the_same(sure(), sure("How sure are you?"))
