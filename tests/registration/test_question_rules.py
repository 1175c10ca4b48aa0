"""Which questions there may be, and in which order."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from werkraum_foundation.faults import InvalidInput
from werkraum_registration.models import FormQuestion, FormQuestionKind
from werkraum_registration.question_rules import (
    AboveItsCondition,
    Choice,
    Condition,
    QuestionWish,
    coded,
    must_be_in_order,
    must_be_possible,
)

MEAL = QuestionWish(
    kind=FormQuestionKind.CHOICE,
    label={"de": "Was essen Sie?"},
    purpose={"de": "Für das Buffet"},
    retention_days=7,
    choices=({"de": "vegan"}, {"de": "Fleisch"}),
)


def a_question(
    kind: FormQuestionKind = FormQuestionKind.YES_NO, condition: UUID | None = None
) -> FormQuestion:
    return FormQuestion(
        id=uuid4(),
        kind=kind,
        choices=[it.written() for it in coded(MEAL.choices)],
        condition_id=condition,
        condition_value="yes",
    )


def faulty(wish: QuestionWish, *above: FormQuestion) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        must_be_possible(wish, above, above)
    return [fault.field for fault in refusal.value.faults]


TWICE = ({"de": "vegan"}, {"de": "Vegan"})
BAD = {
    "no words": (replace(MEAL, label={}), ["label"]),
    "no purpose": (replace(MEAL, purpose={}), ["purpose"]),
    "one choice": (replace(MEAL, choices=MEAL.choices[:1]), ["choices"]),
    "31 choices": (
        replace(MEAL, choices=tuple({"de": str(n)} for n in range(31))),
        ["choices"],
    ),
    "the same choice twice": (replace(MEAL, choices=TWICE), ["choices"]),
    "after a question that is not there": (
        replace(MEAL, condition=Condition(uuid4(), "yes")),
        ["condition"],
    ),
}


@pytest.mark.parametrize(("wish", "fields"), BAD.values(), ids=list(BAD))
def test_what_is_wrong_is_said_at_its_field(
    wish: QuestionWish, fields: list[str]
) -> None:
    assert faulty(wish) == fields


def test_a_condition_names_an_answer_that_can_be_given_above() -> None:
    above = a_question()
    must_be_possible(
        replace(MEAL, condition=Condition(above.id, "yes")), [above], [above]
    )
    assert faulty(replace(MEAL, condition=Condition(above.id, "x")), above)
    text = a_question(FormQuestionKind.TEXT)
    assert faulty(replace(MEAL, condition=Condition(text.id, "yes")), text)


def test_the_organisation_is_asked_for_once() -> None:
    wish = replace(MEAL, kind=FormQuestionKind.ORGANISATION)
    assert faulty(wish, a_question(FormQuestionKind.ORGANISATION)) == ["kind"]


def test_no_question_stands_above_the_one_it_depends_on() -> None:
    first = a_question()
    second = a_question(condition=first.id)
    must_be_in_order([first, second])
    with pytest.raises(AboveItsCondition):
        must_be_in_order([second, first])


def test_a_choice_keeps_its_code_and_a_gone_one_is_remembered() -> None:
    before = coded([{"de": "Fleisch"}, {"de": "vegan"}])
    assert [it.code for it in before] == ["fleisch", "vegan"]
    after = coded([{"de": "vegan", "en": "vegan"}, {"de": "Fisch"}], before)
    assert after == [
        Choice("vegan", {"de": "vegan", "en": "vegan"}),
        Choice("fisch", {"de": "Fisch"}),
        Choice("fleisch", {"de": "Fleisch"}, gone=True),
    ]


def test_a_choice_that_comes_back_has_its_old_code() -> None:
    gone = coded([{"de": "vegan"}], coded([{"de": "Fisch"}]))
    again = coded([{"de": "Fisch"}], gone)
    assert again[0] == Choice("fisch", {"de": "Fisch"})


def test_two_choices_never_share_a_code() -> None:
    made = coded([{"de": "Öl"}, {"de": "Oel"}, {"de": "李"}, {"de": "王"}])
    assert [it.code for it in made] == ["oel", "oel-2", "choice", "choice-2"]
