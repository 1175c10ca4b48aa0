"""Reading what somebody answered: from a form or from JSON, checked the same way."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, TypeGuard, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import Fault, fault, faults_of
from werkraum_foundation.forms import MOST_FIELDS, Typed
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.request_bodies import LIMIT
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    OrganisationKind,
    OrganisationSize,
)
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.question_rules import (
    NO,
    YES,
    all_choices_of,
    choices_of,
)

LONGEST_TEXT = 1_000
# A text of a thousand letters, each up to twelve bytes on its way.
PER_QUESTION = 12_000
LARGEST_NUMBER = 1_000_000

E = TypeVar("E", bound=StrEnum)

# A text, a whole number, yes or no, a code, or several codes.
Value = str | int | bool | list[str]

Paragraphs = Annotated[str, paragraphs(max_length=LONGEST_TEXT)]
Name = Annotated[str, line(max_length=200)]
Number = Annotated[int, whole_number(0, LARGEST_NUMBER)]
# What is typed freely; the other kinds are chosen.
WRITTEN: Mapping[FormQuestionKind, TypeAdapter[str] | TypeAdapter[int]] = {
    FormQuestionKind.TEXT: TypeAdapter(Paragraphs),
    FormQuestionKind.NEED: TypeAdapter(Paragraphs),
    FormQuestionKind.ORGANISATION: TypeAdapter(Name),
    FormQuestionKind.NUMBER: TypeAdapter(Number),
}
TRUTH = {YES: True, NO: False}

# Faults that say that the organiser has changed the form meanwhile.
GONE = "choice_gone", "question_gone"


@dataclass(frozen=True)
class Answers:
    """What was answered; `values` are complete exactly when there are no faults."""

    values: Mapping[UUID, Value]
    faults: tuple[Fault, ...] = ()
    # The organisation among them, with what is said about it.
    organisation: TypedOrganisation | None = None


# The id of a question and its kind: all that its fields depend on.
Shape = tuple[UUID, FormQuestionKind]


def field_name(question_id: UUID) -> str:
    """Name the field of a question in a form."""
    return f"q_{question_id}"


def kind_field(question_id: UUID) -> str:
    """Name the field for the kind of the organisation that answers a question."""
    return f"{field_name(question_id)}_kind"


def size_field(question_id: UUID) -> str:
    return f"{field_name(question_id)}_size"


def shapes_of(questions: Iterable[FormQuestion]) -> tuple[Shape, ...]:
    return tuple((it.id, it.kind) for it in questions)


def fields_for(shapes: Iterable[Shape]) -> dict[str, Any]:
    """List the fields of questions, as `create_model` takes them."""
    # Any: a type and its default.
    fields: dict[str, Any] = {}
    for id_, kind in shapes:
        fields[field_name(id_)] = (list[str], [])
        if kind is FormQuestionKind.ORGANISATION:
            fields[kind_field(id_)] = (OrganisationKind | None, None)
            fields[size_field(id_)] = (OrganisationSize | None, None)
    return fields


def limit_for(questions: Sequence[FormQuestion]) -> int:
    """Say how many bytes a form with these questions may have."""
    return LIMIT + PER_QUESTION * len(questions)


def most_fields_for(questions: Sequence[FormQuestion]) -> int:
    """Say how many entries it may have: each choice of several is one."""
    return MOST_FIELDS + sum(max(1, len(it.choices)) for it in questions)


def read_form_answers(
    questions: Sequence[FormQuestion], typed: Typed, *, optional: bool = False
) -> Answers:
    """Read the fields of a form; `questions` in their order, retired ones too.

    With `optional` nothing need be answered: who fills it in may not know.
    """
    given: dict[UUID, object] = {}
    for question in questions:
        entry = typed.get(field_name(question.id), ())
        entries = [entry] if isinstance(entry, str) else list(entry)
        if filled := [it for it in entries if it.strip()]:
            given[question.id] = filled
    read = _Reading(field_name, _from_form, optional).of(questions, given)
    asked = _organisation_among(questions)
    if asked is None:
        return read
    kind = _one_of(OrganisationKind, typed.get(kind_field(asked.id), ""))
    size = _one_of(OrganisationSize, typed.get(size_field(asked.id), ""))
    if size and kind not in (None, OrganisationKind.MUNICIPALITY):
        said = gettext("Only a town or municipality has a size. Please leave it empty.")
        wrong = Fault(size_field(asked.id), "not_asked", said)
        return replace(read, faults=(*read.faults, wrong))
    if size:
        # Whoever says how large the town is says that it is one.
        kind = OrganisationKind.MUNICIPALITY
    return _with_organisation(read, asked, kind, size)


def _one_of(choices: type[E], entry: str | tuple[str, ...]) -> E | None:
    """Read a choice; what is none is told of by the form."""
    typed = entry if isinstance(entry, str) else next(iter(entry), "")
    return next((it for it in choices if it.value == typed.strip()), None)


def _organisation_among(questions: Sequence[FormQuestion]) -> FormQuestion | None:
    kind = FormQuestionKind.ORGANISATION
    asked = (it for it in questions if it.kind is kind and it.retired_at is None)
    return next(asked, None)


def _with_organisation(
    read: Answers,
    asked: FormQuestion | None,
    kind: OrganisationKind | None = None,
    size: OrganisationSize | None = None,
) -> Answers:
    if asked is None or asked.id not in read.values:
        return read
    named = TypedOrganisation(str(read.values[asked.id]), kind, size)
    return replace(read, organisation=named)


def read_json_answers(
    questions: Sequence[FormQuestion], sent: Mapping[str, object]
) -> Answers:
    """Read the `answers` of a JSON body: question id → value, null for none."""
    known = {str(question.id): question.id for question in questions}
    given = {
        known[name]: value
        for name, value in sent.items()
        if name in known and value is not None
    }
    read = _Reading(lambda it: f"answers.{it}", from_json).of(questions, given)
    unknown = any(name not in known for name in sent)
    more = (fault("answers", "extra_forbidden"),) if unknown else ()
    read = replace(read, faults=(*more, *read.faults))
    return _with_organisation(read, _organisation_among(questions))


def read_answers(
    questions: Sequence[FormQuestion],
    given: Mapping[UUID, object],
    read: Callable[[FormQuestion, object], Value | Fault],
) -> Answers:
    """Read what somebody else wrote down, each by `read`; nothing need be answered."""
    answers = _Reading(field_name, read, optional=True).of(questions, given)
    return _with_organisation(answers, _organisation_among(questions))


@dataclass(frozen=True)
class _Reading:
    """Goes through the questions in their order; one fault for each at most."""

    name: Callable[[UUID], str]
    read: Callable[[FormQuestion, object], Value | Fault]
    optional: bool = False

    def of(
        self, questions: Sequence[FormQuestion], given: Mapping[UUID, object]
    ) -> Answers:
        values: dict[UUID, Value] = {}
        faults: dict[UUID, Fault] = {}
        for question in questions:
            found = self._one(question, given.get(question.id), values, faults)
            if isinstance(found, Fault):
                name = self.name(question.id) if found.code not in GONE[1:] else ""
                faults[question.id] = replace(found, field=name)
            elif found is not None:
                values[question.id] = found
        # Of several questions that are gone, one word is enough.
        return Answers(values, tuple(dict.fromkeys(faults.values())))

    def _one(
        self,
        question: FormQuestion,
        given: object,
        values: Mapping[UUID, Value],
        faults: Mapping[UUID, Fault],
    ) -> Value | Fault | None:
        if question.retired_at is not None:
            return None if given is None else question_gone()
        # Whether it is asked is open while the answer above cannot be read.
        is_open = question.condition_id in faults
        asked = is_open or is_asked(question, values)
        if given is None:
            required = question.required and not self.optional
            missing = required and asked and not is_open
            return fault("", "missing") if missing else None
        return self.read(question, given) if asked else _not_asked()


def is_asked(question: FormQuestion, values: Mapping[UUID, Value]) -> bool:
    """Whether these answers lead to the question."""
    if question.condition_id is None:
        return True
    given = values.get(question.condition_id)
    if isinstance(given, bool):
        given = YES if given else NO
    return given == question.condition_value


def fits(question: FormQuestion, value: Value) -> bool:
    """Whether a value that was read once is still an answer to the question."""
    if question.retired_at is not None:
        return False
    return not isinstance(from_json(question, value), Fault)


def question_gone() -> Fault:
    said = gettext(
        "The organiser has changed the questions. Please look through the form once "
        "more."
    )
    return Fault("", "question_gone", said)


def _not_asked() -> Fault:
    said = gettext(
        "This is asked only after another answer above. Please change that one, or "
        "leave this empty."
    )
    return Fault("", "not_asked", said)


def _from_form(question: FormQuestion, given: object) -> Value | Fault:
    entries = [str(it) for it in given] if isinstance(given, list) else []
    if question.kind is FormQuestionKind.SEVERAL:
        return _codes(question, entries)
    if len(entries) > 1:
        said = gettext("This field was sent twice. Please load the page again.")
        return Fault("", "duplicate", said)
    if question.kind is FormQuestionKind.CHOICE:
        codes = _codes(question, entries)
        return codes if isinstance(codes, Fault) else codes[0]
    if question.kind is FormQuestionKind.YES_NO:
        known = entries[0] in TRUTH
        return TRUTH[entries[0]] if known else fault("", "enum")
    try:
        return WRITTEN[question.kind].validate_python(entries[0])
    except ValidationError as error:
        return faults_of(error)[0]


def from_json(question: FormQuestion, given: object) -> Value | Fault:
    match question.kind:
        case FormQuestionKind.SEVERAL:
            if not isinstance(given, list) or not _are_texts(given):
                return fault("", "list_type")
            return _codes(question, given) if given else fault("", "missing")
        case FormQuestionKind.CHOICE:
            if not isinstance(given, str):
                return fault("", "string_type")
            codes = _codes(question, [given])
            return codes if isinstance(codes, Fault) else codes[0]
        case FormQuestionKind.YES_NO:
            return given if isinstance(given, bool) else fault("", "bool_type")
    try:
        return WRITTEN[question.kind].validate_json(json.dumps(given), strict=True)
    except ValidationError as error:
        return faults_of(error)[0]


def _are_texts(values: list[object]) -> TypeGuard[list[str]]:
    return all(isinstance(value, str) for value in values)


def _codes(question: FormQuestion, given: Sequence[str]) -> list[str] | Fault:
    every = [it.code for it in all_choices_of(question)]
    offered = [it.code for it in choices_of(question)]
    if not set(given) <= set(every):
        return fault("", "enum")
    if not set(given) <= set(offered):
        said = gettext("One of the choices is gone. Please choose again.")
        return Fault("", "choice_gone", said)
    if len(given) != len(set(given)):
        said = gettext("One answer was sent twice. Please choose again.")
        return Fault("", "duplicate", said)
    return sorted(given, key=offered.index)


def typed_answers(
    questions: Sequence[FormQuestion], values: Mapping[UUID, Value]
) -> Typed:
    """Write answers as they would be typed into the form."""
    return {
        field_name(question.id): _typed(values[question.id])
        for question in questions
        if question.id in values
    }


def _typed(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (YES if value else NO,)
    return tuple(value) if isinstance(value, list) else (str(value),)


def in_words(question: FormQuestion, value: Value) -> str:
    """Say an answer in the current language, for pages and tables."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if question.choices:
        labels = {it.code: pick(it.label)[0] for it in all_choices_of(question)}
        codes = value if isinstance(value, list) else [str(value)]
        return ", ".join(labels.get(code, code) for code in codes)
    return str(value)
