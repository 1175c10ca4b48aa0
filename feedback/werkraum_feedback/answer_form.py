"""The form of a ballot: one field per question, all of them may stay empty."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model
from starlette.requests import Request

from werkraum_feedback.questions import Answers, Question, read_answers
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.tokens import form_age, new_form_token

# Two texts of 10,000 characters, each up to 12 bytes on its way.
LARGEST = 256 * 1024


@dataclass(frozen=True)
class Filled:
    """A form that was sent: `answers` are there exactly when nothing is wrong.

    `loaded` is when its page was loaded; None where its token is not ours.
    """

    form: Form[BaseModel]
    answers: Answers | None
    loaded: datetime | None


def form_token(round_id: UUID, now: datetime) -> str:
    """Sign when the page of a round was loaded; says nothing about whose it is."""
    return new_form_token(f"round:{round_id}", now)


async def read_filled(
    request: Request, round_id: UUID, questions: tuple[Question, ...], *, now: datetime
) -> Filled:
    """Read a sent form, at most 256 kB; raises what `read_form` raises."""
    names = tuple(question.id for question in questions)
    form = await read_form(request, _model(names), limit=LARGEST)
    read = read_answers(questions, {name: form.texts(name) for name in names})
    loaded = _loaded(form.text("form_token"), round_id, now)
    faults = _faults(form, read)
    if faults or not isinstance(read, Answers):
        return Filled(Form(form.typed, faults), None, loaded)
    return Filled(form, read, loaded)


@lru_cache(maxsize=32)
def _model(names: tuple[str, ...]) -> type[BaseModel]:
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {name: (list[str], []) for name in names}
    return create_model(
        "AnswerForm",
        __config__=ConfigDict(extra="forbid"),
        form_token=(str, ""),
        **fields,
    )


def _faults(
    form: Form[BaseModel], read: Answers | tuple[Fault, ...]
) -> tuple[Fault, ...]:
    if not isinstance(read, Answers):
        known = {it.field for it in form.faults}
        return (*form.faults, *(it for it in read if it.field not in known))
    if not read.given and not form.faults:
        said = gettext("There is no answer in it yet. Please answer one question.")
        return (Fault("", "nothing_answered", said),)
    return form.faults


def _loaded(token: str, round_id: UUID, now: datetime) -> datetime | None:
    age = form_age(token, f"round:{round_id}", now)
    return None if age is None else now - timedelta(seconds=age)
