"""What a question of the form may be; every "no" to one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import Refused
from werkraum_foundation.slugs import slug_of
from werkraum_registration.models import FormQuestion, FormQuestionKind

MOST_QUESTIONS = 30
MOST_CHOICES = 30
LONGEST_CODE = 40
# Days after the end of the event: as long as names are kept, and for what is about
# somebody's health no longer than it helps.
USUAL_DAYS, NEED_DAYS, MOST_DAYS = 90, 7, 365

YES, NO = "yes", "no"
WITH_CHOICES = (FormQuestionKind.CHOICE, FormQuestionKind.SEVERAL)
# What another question may depend on: one answer out of a few.
DECIDING = (FormQuestionKind.CHOICE, FormQuestionKind.YES_NO)


class TooManyQuestions(Refused):
    code = "too_many_questions"

    def message(self) -> str:
        return gettext("A form has at most %(most)s questions.", most=MOST_QUESTIONS)


class AskedBecauseOfIt(Refused):
    """Other questions are asked only of those who gave an answer to this one."""

    code = "asked_because_of_it"

    def message(self) -> str:
        return gettext(
            "Another question is asked only after a certain answer to this one. "
            "Please change that question first."
        )


class AboveItsCondition(Refused):
    """A question would stand before the one that decides whether it is asked."""

    code = "above_its_condition"

    def message(self) -> str:
        return gettext(
            "A question that depends on another one must stay below that one."
        )


@dataclass(frozen=True)
class Choice:
    """One of a few answers; `gone` is one that is offered no longer."""

    code: str
    label: Texts
    gone: bool = False

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:  # Any: JSON
        return cls(row["code"], row["label"], bool(row.get("gone")))

    def written(self) -> dict[str, Any]:  # Any: JSON
        gone = {"gone": True} if self.gone else {}
        return {"code": self.code, "label": self.label, **gone}


@dataclass(frozen=True)
class Condition:
    """Asked only of those who gave this answer to that question."""

    question_id: UUID
    value: str


@dataclass(frozen=True)
class QuestionWish:
    """A question as it shall be; `choices` are the labels, in their order."""

    kind: FormQuestionKind
    label: Texts
    purpose: Texts
    retention_days: int
    hint: Texts = field(default_factory=dict)
    choices: tuple[Texts, ...] = ()
    required: bool = False
    condition: Condition | None = None


def choices_of(question: FormQuestion) -> tuple[Choice, ...]:
    """List what can be chosen now."""
    return tuple(it for it in all_choices_of(question) if not it.gone)


def all_choices_of(question: FormQuestion) -> tuple[Choice, ...]:
    return tuple(map(Choice.read, question.choices))


def deciding_values(question: FormQuestion) -> tuple[str, ...]:
    """List the answers that another question may depend on."""
    if question.kind is FormQuestionKind.YES_NO:
        return (YES, NO)
    if question.kind is FormQuestionKind.CHOICE:
        return tuple(it.code for it in choices_of(question))
    return ()


def condition_of(question: FormQuestion) -> Condition | None:
    if question.condition_id is None:
        return None
    return Condition(question.condition_id, question.condition_value)


def coded(labels: Sequence[Texts], before: Sequence[Choice] = ()) -> list[Choice]:
    """Give each choice its code: the one it had, or a new one that nobody had.

    What is not offered any more stays in the list: whoever has an old form open
    is told so, and its code never means something else.
    """
    made: list[Choice] = []
    codes = {it.code for it in before}
    for label in labels:
        known = next((it for it in before if _same(it.label, label)), None)
        code = known.code if known else _new_code(label, codes)
        codes.add(code)
        made.append(Choice(code, label))
    offered = {it.code for it in made}
    return made + [replace(it, gone=True) for it in before if it.code not in offered]


def _same(one: Texts, other: Texts) -> bool:
    return any(one.get(code) == text for code, text in other.items())


def _new_code(label: Texts, taken: set[str]) -> str:
    words = (slug_of(text, longest=LONGEST_CODE - 4) for text in label.values())
    base = next(filter(None, words), "choice")
    tries = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in tries if code not in taken)


def must_be_possible(
    wish: QuestionWish, above: Sequence[FormQuestion], others: Sequence[FormQuestion]
) -> None:
    """Raise `InvalidInput` with what is wrong, each thing at its field.

    `above` are the questions that are asked before it, `others` all but itself.
    """
    faults = [
        *_faults_of_words(wish),
        *_faults_of_choices(wish),
        *_faults_of_condition(wish, above),
        *_faults_of_kind(wish, others),
    ]
    if faults:
        raise InvalidInput(faults)


def _faults_of_words(wish: QuestionWish) -> Iterator[Fault]:
    if not any(wish.label.values()):
        said = gettext("Please word the question in at least one language.")
        yield Fault("label", "missing", said)
    if not any(wish.purpose.values()):
        said = gettext("Please say what the answers are for.")
        yield Fault("purpose", "missing", said)


def _faults_of_choices(wish: QuestionWish) -> Iterator[Fault]:
    if wish.kind not in WITH_CHOICES:
        return
    if len(wish.choices) < 2:
        said = gettext("Please write at least two choices, each on a line of its own.")
        yield Fault("choices", "too_few", said)
    elif len(wish.choices) > MOST_CHOICES:
        said = gettext("Please write at most %(most)s choices.", most=MOST_CHOICES)
        yield Fault("choices", "too_many", said)
    elif _twice(wish.choices):
        said = gettext("One of the choices is there twice.")
        yield Fault("choices", "twice", said)


def _twice(labels: Sequence[Texts]) -> bool:
    languages = {code for label in labels for code in label}
    for code in languages:
        words = [label[code].casefold() for label in labels if code in label]
        if len(words) > len(set(words)):
            return True
    return False


def _faults_of_condition(
    wish: QuestionWish, above: Sequence[FormQuestion]
) -> Iterator[Fault]:
    if wish.condition is None:
        return
    asked = next((it for it in above if it.id == wish.condition.question_id), None)
    if asked is None or wish.condition.value not in deciding_values(asked):
        said = gettext(
            "Please choose an answer to a question that is asked before this one."
        )
        yield Fault("condition", "unknown_choice", said)


def _faults_of_kind(
    wish: QuestionWish, others: Sequence[FormQuestion]
) -> Iterator[Fault]:
    kind = FormQuestionKind.ORGANISATION
    if wish.kind is kind and any(it.kind is kind for it in others):
        said = gettext("The form asks for the organisation already.")
        yield Fault("kind", "twice", said)


def must_stay_frozen(
    question: FormQuestion, wish: QuestionWish, choices: Sequence[Choice]
) -> None:
    """Refuse to give an answered question another meaning."""
    faults = []
    said = gettext(
        "This question has been answered already, so this stays as it is. "
        "Please retire the question and add a new one."
    )
    if wish.kind is not question.kind:
        faults.append(Fault("kind", "answered", said))
    if tuple(choices) != all_choices_of(question):
        faults.append(Fault("choices", "answered", said))
    if faults:
        raise InvalidInput(faults)


def must_keep_conditions(question_id: UUID, questions: Sequence[FormQuestion]) -> None:
    """Refuse what would leave a question without the one it depends on."""
    if any(it.condition_id == question_id for it in questions):
        raise AskedBecauseOfIt


def conditions_must_hold(
    values: Sequence[str], question_id: UUID, questions: Sequence[FormQuestion]
) -> None:
    """Refuse to take away an answer that another question depends on."""
    wanted = {it.condition_value for it in questions if it.condition_id == question_id}
    if not wanted <= set(values):
        raise AskedBecauseOfIt


def must_be_in_order(questions: Sequence[FormQuestion]) -> None:
    """Refuse an order in which a condition points downward."""
    seen: set[UUID] = set()
    for question in questions:
        if question.condition_id and question.condition_id not in seen:
            raise AboveItsCondition
        seen.add(question.id)
