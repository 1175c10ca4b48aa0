"""The form of a question: its words, what can be answered, when it is asked."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request

from werkraum_foundation.faults import Fault, fault, faults_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_registration.models import FormQuestion, FormQuestionKind
from werkraum_registration.question_rules import (
    MOST_DAYS,
    NEED_DAYS,
    USUAL_DAYS,
    WITH_CHOICES,
    Condition,
    QuestionWish,
    choices_of,
    condition_of,
)
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

CHOICES = TypeAdapter(list[Annotated[str, line(max_length=120)]])
Choices = Annotated[str, paragraphs(max_length=5_000)]
PER_LANGUAGE = {
    "label": Annotated[str, line(max_length=200)],
    "hint": Annotated[str, line(max_length=300)],
    "purpose": Annotated[str, line(max_length=200)],
    "choices": Choices,
}


class QuestionFields(BaseModel):
    """What is typed; kind and choices are not sent where they are frozen."""

    model_config = ConfigDict(extra="forbid")
    kind: FormQuestionKind | None = None
    required: bool = False
    retention_days: Annotated[int, whole_number(1, MOST_DAYS)] | None = None
    condition: Annotated[str, line(max_length=100)] | None = None

    def wish(self, there: FormQuestion | None = None) -> QuestionWish:
        """Say what is wanted; what is frozen comes from the question that is there."""
        kind = self.kind or (there.kind if there else FormQuestionKind.TEXT)
        usual = NEED_DAYS if kind is FormQuestionKind.NEED else USUAL_DAYS
        return QuestionWish(
            kind=kind,
            label=texts_of(self, "label"),
            hint=texts_of(self, "hint"),
            purpose=texts_of(self, "purpose"),
            choices=self._choices(there),
            required=self.required,
            retention_days=self.retention_days or usual,
            condition=condition_read(self.condition or ""),
        )

    def _choices(self, there: FormQuestion | None) -> tuple[Texts, ...]:
        if self.kind is None and there is not None:
            return tuple(it.label for it in choices_of(there))
        if self.kind not in WITH_CHOICES:
            return ()
        lines = {code: lines_of(it) for code, it in texts_of(self, "choices").items()}
        rows = zip_longest(*lines.values())
        return tuple(dict(zip(lines, row, strict=True)) for row in rows)


def lines_of(typed: str) -> list[str]:
    return [each.strip() for each in typed.splitlines() if each.strip()]


def condition_read(typed: str) -> Condition | None:
    """Read "question:answer"; what is neither leads to a question nobody has."""
    if not typed:
        return None
    name, _, value = typed.partition(":")
    try:
        return Condition(UUID(name), value)
    except ValueError:
        return Condition(UUID(int=0), value)


@cache
def question_model() -> type[QuestionFields]:
    """Add the texts in the languages of this installation."""
    return with_texts(QuestionFields, PER_LANGUAGE)


async def read_question_form(
    request: Request, *, frozen: bool = False
) -> Form[QuestionFields]:
    """Read the form; what no field can see by itself is said together with the rest."""
    form: Form[QuestionFields] = await read_form(request, question_model())
    missing = ["kind"] if not frozen and not form.text("kind").strip() else []
    missing += [name for name in ("label", "purpose") if not _is_worded(form, name)]
    faults = [*form.faults]
    faults += [fault(name, "missing") for name in missing if not form.fault(name)]
    if form.text("kind") in WITH_CHOICES and not any(map(form.fault, _choices())):
        faults += _faults_of_lines(form)
    value = None if faults else form.value
    return Form(form.typed, tuple(faults), value)


def _is_worded(form: Form[QuestionFields], name: str) -> bool:
    return any(form.text(f"{name}_{code}").strip() for code in settings().languages)


def _choices() -> list[str]:
    return [f"choices_{code}" for code in settings().languages]


def _faults_of_lines(form: Form[QuestionFields]) -> list[Fault]:
    written = [lines for name in _choices() if (lines := lines_of(form.text(name)))]
    try:
        for lines in written:
            CHOICES.validate_python(lines)
    except ValidationError as error:
        return [replace(faults_of(error)[0], field="choices")]
    if len({len(lines) for lines in written}) > 1:
        said = gettext("Please write the same choices in each language, in one order.")
        return [Fault("choices", "uneven", said)]
    return []


def empty_question() -> Form[QuestionFields]:
    return Form.showing({"kind": FormQuestionKind.TEXT.value})


def typed_question(question: FormQuestion) -> Typed:
    """Write a question as it would be typed into the form."""
    condition = condition_of(question)
    typed = {
        "kind": question.kind.value,
        "required": "on" if question.required else "",
        "retention_days": str(question.retention_days),
        "condition": condition_typed(condition) if condition else "",
    }
    for name in ("label", "hint", "purpose"):
        typed |= typed_texts(name, getattr(question, name))
    labels = [it.label for it in choices_of(question)]
    return typed | typed_texts("choices", _lines(labels))


def _lines(labels: Sequence[Texts]) -> Texts:
    codes = {code for label in labels for code in label}
    return {
        code: "\n".join(label[code] for label in labels if code in label)
        for code in codes
    }


def condition_typed(condition: Condition) -> str:
    return f"{condition.question_id}:{condition.value}"
