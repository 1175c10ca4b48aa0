import random
from uuid import uuid4

import pytest
from tests.feedback.conftest import ACTOR, Answering, Surveys, confirmed
from tests.feedback.group_answers import a_closed_round, one_more
from tests.people import an_event

from werkraum_feedback.answering.records import field_name, row_id
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.asking.rules import ResultsNotYet
from werkraum_feedback.models import AnswerRow, ResponseRow
from werkraum_feedback.questions import Answer, Answers, Option, Question, QuestionKind
from werkraum_feedback.results.counts import Counts, Voice, add_up
from werkraum_feedback.results.round_counts import counts_of, read_counts
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.results.small_groups import EVERYBODY, GROUPS, UNSAID, Group
from werkraum_feedback.results.tallies import Detail, results
from werkraum_foundation.models import Organiser
from werkraum_registration.models import Attendance, Presence

SMALL = Group.of("municipality", "small")
DISTRICT, SCHOOL = Group.of("district"), Group.of("school")
ABC = tuple(Option(code, {"en": code}) for code in "abc")


def answered(question: Question, chance: random.Random) -> Answer:
    match question.kind:
        case QuestionKind.SCALE:
            return Answer(question.id, number=chance.randint(1, 5))
        case QuestionKind.SCORE:
            return Answer(question.id, number=chance.randint(0, 10))
        case QuestionKind.NUMBER:
            return Answer(question.id, number=chance.randint(-3, 2000))
        case QuestionKind.YES_NO:
            return Answer(question.id, codes=(chance.choice(("yes", "no")),))
        case QuestionKind.CHOICE:
            return Answer(question.id, codes=(chance.choice("abc"),))
        case QuestionKind.CHOICES:
            return Answer(question.id, codes=tuple(chance.sample("abc", 2)))
        case QuestionKind.RANKING:
            return Answer(question.id, codes=tuple(chance.sample("abc", 3)))
        case QuestionKind.TEXT | QuestionKind.STATEMENT:
            return Answer(question.id, text=f"Voice {chance.random()}")


def all_kinds() -> tuple[Question, ...]:
    return tuple(
        Question(
            field_name(uuid4()),
            f"F{number:02}",
            kind,
            {"en": f"Question {number}"},
            options=ABC if kind.value in ("choice", "choices", "ranking") else (),
        )
        for number, kind in enumerate(QuestionKind, start=1)
    )


def some_voices(questions: tuple[Question, ...], seed: int = 1) -> list[Voice]:
    """Have forty people of several groups answer, some of them not everything."""
    chance = random.Random(seed)
    return [
        Voice(
            Answers(
                tuple(
                    answered(question, chance)
                    for question in questions
                    if chance.random() < 0.9
                )
            ),
            chance.choice([SMALL, SMALL, DISTRICT, DISTRICT, SCHOOL, UNSAID]),
        )
        for _ in range(40)
    ]


def plain(counts: Counts) -> object:
    """Tell counts as values that can be compared."""
    groups = (EVERYBODY, *GROUPS)
    return counts.voices, [
        (dict(said.picked), said.texts)
        for question in counts.questions
        for said in (counts.of(question, group) for group in groups)
    ]


async def test_the_database_adds_up_as_one_would_by_hand(
    olgas_office: Organiser,
) -> None:
    questions = all_kinds()
    voices = some_voices(questions)
    asked = await a_closed_round(olgas_office, questions, voices)

    counts = await read_counts(asked)

    assert plain(counts) == plain(add_up(questions, voices, asked.salt.encode()))


async def test_everything_is_counted_of_every_kind(olgas_office: Organiser) -> None:
    questions = all_kinds()
    voices = some_voices(questions)
    asked = await a_closed_round(olgas_office, questions, voices)

    found = await results_of(asked)

    assert found == results(
        add_up(questions, voices, asked.salt.encode()), invited=asked.invited
    )
    assert (found.answered, found.rate) == (40, 67)
    assert all(it.is_shown for it in found.questions)


async def test_a_group_is_counted_by_itself(olgas_office: Organiser) -> None:
    (question, *_) = all_kinds()
    six = Answers((Answer(question.id, number=1),))
    others = Answers((Answer(question.id, number=5),))
    voices = [Voice(six, DISTRICT)] * 12 + [Voice(others, SCHOOL)] * 15
    asked = await a_closed_round(olgas_office, [question], voices)

    found = await results_of(asked, group=DISTRICT)

    assert (found.group, found.answered, found.rate) == (DISTRICT, 12, None)
    assert [tally.count for tally in found.questions[0].tallies] == [12, 0, 0, 0, 0]


async def test_a_group_that_tells_of_a_smaller_one_looks_empty(
    olgas_office: Organiser,
) -> None:
    (question, *_) = all_kinds()
    said = Answers((Answer(question.id, number=1),))
    voices = [Voice(said, DISTRICT)] * 12 + [Voice(said, SCHOOL)] * 4
    asked = await a_closed_round(olgas_office, [question], voices)

    by_group = [await results_of(asked, group=it) for it in (DISTRICT, SCHOOL, SMALL)]

    assert {it.detail for it in by_group} == {Detail.NOTHING}
    assert by_group[0].questions == by_group[1].questions == by_group[2].questions
    assert (await results_of(asked)).answered == 16


async def test_results_are_for_closed_rounds(
    olgas_office: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await surveys(olgas_office, people=12)
    await answering(asked, 12)
    with pytest.raises(ResultsNotYet):
        await results_of(asked)

    await rounds.close(
        olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=asked.created_at
    )

    closed = await queries.round_of(olgas_office.id, asked.id)
    assert (await results_of(closed)).answered == 12


async def test_what_is_deleted_is_not_shown_from_memory(
    olgas_office: Organiser,
) -> None:
    questions = all_kinds()
    asked = await a_closed_round(olgas_office, questions, some_voices(questions))
    assert (await results_of(asked)).answered == 40

    gone = await ResponseRow.filter(round_id=asked.id).order_by("id").first()
    assert gone
    await gone.delete()

    assert (await results_of(asked)).answered == 39


async def test_a_text_that_is_erased_is_forgotten_within_a_minute(
    olgas_office: Organiser,
) -> None:
    questions = all_kinds()
    asked = await a_closed_round(olgas_office, questions, some_voices(questions))
    before = await counts_of(asked, at=1000.0)

    erased = await AnswerRow.filter(question_id=row_id(questions[7].id)).first()
    assert erased
    await erased.delete()
    after = await counts_of(asked, at=1060.0)

    assert after.answers == before.answers - 1
    assert erased.text not in after.of(questions[7]).texts


async def test_a_second_look_asks_for_the_version_only(
    olgas_office: Organiser,
) -> None:
    questions = all_kinds()
    asked = await a_closed_round(olgas_office, questions, some_voices(questions))

    assert (await results_of(asked)) == (await results_of(asked))

    await one_more(asked, some_voices(questions)[0])
    assert (await results_of(asked)).answered == 41


async def test_the_rate_of_those_present_is_told_where_somebody_noted_them(
    olgas_office: Organiser,
) -> None:
    questions = all_kinds()
    event = await an_event(olgas_office, now=olgas_office.created_at)
    people = await confirmed(event, 50)
    asked = await a_closed_round(
        olgas_office, questions, some_voices(questions), event_id=event.id
    )
    assert (await results_of(asked)).present is None

    for number, who in enumerate(people):
        await Attendance.create(
            event_id=event.id,
            registration_id=who,
            source=Presence.DESK,
            client_key=f"tap-{number}",
            came_at=event.created_at,
            recorded_at=event.created_at,
            recorded_by=ACTOR,
        )

    found = await results_of(asked)
    assert (found.present, found.rate_of_present) == (50, 80)
