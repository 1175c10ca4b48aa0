"""What people type and programs send, read as answers; rules without a database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from werkraum_registration.answer_reading import (
    Value,
    field_name,
    fits,
    in_words,
    read_form_answers,
    read_json_answers,
    typed_answers,
)
from werkraum_registration.models import FormQuestion, FormQuestionKind
from werkraum_registration.question_rules import coded

Kind = FormQuestionKind
LABELS = [{"de": "vegan"}, {"de": "Fleisch"}, {"de": "Fisch"}]


def a_question(
    kind: FormQuestionKind,
    *,
    required: bool = False,
    condition: tuple[UUID, str] | None = None,
    retired: bool = False,
) -> FormQuestion:
    chosen = kind in (Kind.CHOICE, Kind.SEVERAL)
    # Fish is offered no longer.
    choices = coded(LABELS[:2], coded(LABELS)) if chosen else []
    return FormQuestion(
        id=uuid4(),
        kind=kind,
        choices=[it.written() for it in choices],
        required=required,
        condition_id=condition[0] if condition else None,
        condition_value=condition[1] if condition else "",
        retired_at=datetime(2027, 1, 1, tzinfo=UTC) if retired else None,
    )


GOOD: list[tuple[FormQuestionKind, tuple[str, ...], object, Value]] = [
    (Kind.TEXT, ("Null",), "Null", "Null"),
    (Kind.TEXT, ("5",), "5", "5"),
    (Kind.NEED, ("Rampe\r\nund Ton",), "Rampe\nund Ton", "Rampe\nund Ton"),
    (Kind.ORGANISATION, (" Stadt Aachen ",), "Stadt Aachen", "Stadt Aachen"),
    (Kind.NUMBER, ("0",), 0, 0),
    (Kind.CHOICE, ("vegan",), "vegan", "vegan"),
    (Kind.SEVERAL, ("fleisch", "vegan"), ["vegan", "fleisch"], ["vegan", "fleisch"]),
    (Kind.YES_NO, ("yes",), True, True),
    (Kind.YES_NO, ("no",), False, False),
]


@pytest.mark.parametrize(("kind", "typed", "sent", "value"), GOOD)
def test_an_answer_is_read_alike_from_a_form_and_from_json(
    kind: FormQuestionKind, typed: tuple[str, ...], sent: object, value: Value
) -> None:
    question = a_question(kind)
    form = read_form_answers([question], {field_name(question.id): typed})
    body = read_json_answers([question], {str(question.id): sent})
    assert form.values == body.values == {question.id: value}
    assert not form.faults and not body.faults
    assert fits(question, value)
    again = read_form_answers([question], typed_answers([question], form.values))
    assert again == form


BAD_TYPED: list[tuple[FormQuestionKind, tuple[str, ...], str]] = [
    (Kind.TEXT, ("a" * 1_001,), "too_long"),
    (Kind.TEXT, ("\u202eevil",), "hidden_direction"),
    (Kind.TEXT, ("one", "two"), "duplicate"),
    (Kind.ORGANISATION, ("Stadt\nAachen",), "line_break"),
    (Kind.NUMBER, ("-1",), "out_of_range"),
    (Kind.NUMBER, ("1_000",), "not_a_number"),
    (Kind.NUMBER, ("٣",), "not_a_number"),
    (Kind.NUMBER, ("9" * 5_000,), "out_of_range"),
    (Kind.CHOICE, ("Vegan",), "unknown_choice"),
    (Kind.CHOICE, ("fisch",), "choice_gone"),
    (Kind.CHOICE, ("vegan", "fleisch"), "duplicate"),
    (Kind.SEVERAL, ("vegan", "vegan"), "duplicate"),
    (Kind.SEVERAL, ("vegan", "fisch"), "choice_gone"),
    (Kind.YES_NO, ("true",), "unknown_choice"),
]


@pytest.mark.parametrize(("kind", "typed", "code"), BAD_TYPED)
def test_what_cannot_be_an_answer_is_named_at_its_field(
    kind: FormQuestionKind, typed: tuple[str, ...], code: str
) -> None:
    question = a_question(kind)
    read = read_form_answers([question], {field_name(question.id): typed})
    assert [(it.field, it.code) for it in read.faults] == [
        (field_name(question.id), code)
    ]
    assert not read.values


BAD_SENT: list[tuple[FormQuestionKind, object]] = [
    (Kind.TEXT, 5),
    (Kind.TEXT, ["a"]),
    (Kind.TEXT, ""),
    (Kind.NUMBER, "5"),
    (Kind.NUMBER, True),
    (Kind.NUMBER, 1.5),
    (Kind.NUMBER, 2**70),
    (Kind.CHOICE, ["vegan"]),
    (Kind.CHOICE, {"$ne": 1}),
    (Kind.SEVERAL, "vegan"),
    (Kind.SEVERAL, []),
    (Kind.SEVERAL, [1]),
    (Kind.YES_NO, "yes"),
    (Kind.YES_NO, 1),
]


@pytest.mark.parametrize(("kind", "sent"), BAD_SENT)
def test_a_value_of_another_type_is_not_bent_into_shape(
    kind: FormQuestionKind, sent: object
) -> None:
    question = a_question(kind)
    read = read_json_answers([question], {str(question.id): sent})
    assert [it.field for it in read.faults] == [f"answers.{question.id}"]


def test_an_answer_to_no_question_is_refused() -> None:
    read = read_json_answers([], {str(uuid4()): "a", "<script>": "b"})
    assert [(it.field, it.code) for it in read.faults] == [("answers", "unknown_field")]


def test_a_required_question_is_missing_only_where_it_is_asked() -> None:
    first = a_question(Kind.YES_NO, required=True)
    second = a_question(Kind.TEXT, required=True, condition=(first.id, "yes"))
    both = [first, second]

    def missing(typed: dict[str, tuple[str, ...]]) -> list[str]:
        read = read_form_answers(both, typed)
        return [it.field for it in read.faults if it.code == "missing"]

    # Whether the second is asked is open as long as the first is.
    assert missing({}) == [field_name(first.id)]
    assert missing({field_name(first.id): ("no",)}) == []
    assert missing({field_name(first.id): ("yes",)}) == [field_name(second.id)]


def test_an_answer_that_was_not_asked_for_is_not_lost_silently() -> None:
    first = a_question(Kind.CHOICE)
    second = a_question(Kind.TEXT, condition=(first.id, "vegan"))
    typed = {field_name(first.id): ("fleisch",), field_name(second.id): ("Nüsse",)}
    read = read_form_answers([first, second], typed)
    assert [(it.field, it.code) for it in read.faults] == [
        (field_name(second.id), "not_asked")
    ]
    empty = typed | {field_name(second.id): (" ",)}
    assert not read_form_answers([first, second], empty).faults


def test_a_condition_may_hang_on_a_condition() -> None:
    first = a_question(Kind.YES_NO)
    second = a_question(Kind.YES_NO, condition=(first.id, "yes"))
    third = a_question(Kind.TEXT, required=True, condition=(second.id, "yes"))
    asked = [first, second, third]
    assert not read_form_answers(asked, {field_name(first.id): ("no",)}).faults
    typed = {field_name(it.id): ("yes",) for it in (first, second)}
    assert len(read_form_answers(asked, typed).faults) == 1


def test_a_retired_question_asks_for_another_look_at_the_form() -> None:
    gone = [a_question(Kind.TEXT, retired=True) for _ in range(2)]
    typed = {field_name(it.id): ("a",) for it in gone}
    read = read_form_answers(gone, typed)
    assert [(it.field, it.code) for it in read.faults] == [("", "question_gone")]
    assert not read_form_answers(gone, {field_name(gone[0].id): ("",)}).faults
    assert not fits(gone[0], "a")


def test_answers_are_said_in_words() -> None:
    assert in_words(a_question(Kind.SEVERAL), ["vegan", "fisch"]) == "vegan, Fisch"
    assert in_words(a_question(Kind.YES_NO), True) == "yes"
    assert in_words(a_question(Kind.NUMBER), 3) == "3"
