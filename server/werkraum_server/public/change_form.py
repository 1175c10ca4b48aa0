"""The form of the change page: name, party, sessions, and the event's own questions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationInfo,
    create_model,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import PersonName, line, paragraphs
from werkraum_registration.answer_reading import (
    Answers,
    Value,
    fields_for,
    limit_for,
    most_fields_for,
    read_form_answers,
    shapes_of,
    typed_answers,
)
from werkraum_registration.chosen_sessions import Chosen
from werkraum_registration.models import FormQuestion, Registration

NAME = line(max_length=200)
Names = Annotated[str, paragraphs(max_length=20_000)]


class ChangeFields(BaseModel):
    """`companions` holds one name a line; an event's questions are added, and how
    many seats there can be.
    """

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    seats: int = 1
    companions: Names | None = None
    sessions: list[UUID] = []

    @field_validator("companions")
    @classmethod
    def _one_name_a_line(cls, typed: str | None, info: ValidationInfo) -> str:
        names = [NAME.read(name) for name in names_in(typed)]
        seats = info.data.get("seats")
        if seats is not None and len(names) >= seats:
            raise PydanticCustomError(
                "too_many_companions",
                "There are more names than seats. Please enter more seats, or fewer "
                "names.",
            )
        return "\n".join(names)


ChangeForm = Form[ChangeFields]


def names_in(typed: str | None) -> list[str]:
    return [name for it in (typed or "").split("\n") if (name := it.strip())]


async def read_change(
    request: Request, questions: Sequence[FormQuestion], *, largest_party: int
) -> tuple[ChangeForm, Answers]:
    """Read the sent form and its answers; all faults are in the form."""
    form = await read_form(
        request,
        _model(questions, largest_party),
        limit=limit_for(questions),
        most_fields=most_fields_for(questions),
    )
    answers = read_form_answers(questions, form.typed)
    faults = {it.field for it in answers.faults}
    if faults:
        others = [it for it in form.faults if it.field not in faults]
        form = replace(form, faults=(*others, *answers.faults), value=None)
    return form, answers


def _model(questions: Sequence[FormQuestion], largest_party: int) -> type[ChangeFields]:
    fields = fields_for(shapes_of(questions))
    seats = Annotated[int, whole_number(1, largest_party)]
    return create_model(
        "ChangeFields", __base__=ChangeFields, seats=(seats, 1), **fields
    )


def showing(
    registration: Registration,
    sessions: Sequence[Chosen],
    questions: Sequence[FormQuestion],
    values: Mapping[UUID, Value],
) -> ChangeForm:
    """Start the form with what there is."""
    answered: Typed = typed_answers(questions, values)
    typed: dict[str, str | tuple[str, ...]] = {
        **answered,
        "name": registration.name,
        "seats": str(registration.seats),
        "companions": "\n".join(registration.companions),
        "sessions": tuple(str(it.session.id) for it in sessions),
    }
    return ChangeForm.showing(typed)
