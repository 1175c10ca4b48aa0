"""The form of a ballot: one field per question, all of them may stay empty."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model
from starlette.requests import Request

from werkraum_feedback.answering.ballots import About
from werkraum_feedback.questions import Answers, Question, read_answers
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.tokens import form_age, hashed, new_form_token
from werkraum_registration.models import OrganisationKind, OrganisationSize

# A text of 10,000 characters, each up to 12 bytes on its way; and all the rest.
OF_A_TEXT, OF_THE_REST = 120 * 1024, 16 * 1024
# Of the token of a copy: less is no chance worth the name.
SHORTEST = 40


class Beside(BaseModel):
    """What the form asks beside the questions; all of it may be left out."""

    model_config = ConfigDict(extra="forbid")
    form_token: str = ""
    # Chance that makes this copy of the form different from all others.
    copy_token: str = ""
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    quotable: bool = False
    signed: bool = False
    quotable_by_name: bool = False


@dataclass(frozen=True)
class Filled:
    """A form that was sent: `answers` are there exactly when nothing is wrong.

    `loaded` is when its page was loaded; None where its token is not ours.
    `sent_hash` is that of this very form, None where its copy is not known.
    """

    form: Form[Beside]
    answers: Answers | None
    about: About
    loaded: datetime | None
    sent_hash: str | None


def form_token(round_id: UUID, now: datetime) -> str:
    """Sign when the page of a round was loaded; says nothing about whose it is."""
    return new_form_token(f"round:{round_id}", now)


async def read_filled(
    request: Request, round_id: UUID, questions: tuple[Question, ...], *, now: datetime
) -> Filled:
    """Read a sent form; raises what `read_form` raises, `TooLarge` at many kB."""
    names = tuple(question.id for question in questions)
    limit = OF_THE_REST + OF_A_TEXT * max(2, sum(it.is_text for it in questions))
    form = await read_form(request, _model(names), limit=limit)
    read = read_answers(questions, {name: form.texts(name) for name in names})
    loaded = _loaded(form.text("form_token"), round_id, now)
    faults = (*_faults(form, read), *_unsigned(form))
    if faults or not isinstance(read, Answers) or form.value is None:
        return Filled(Form(form.typed, faults), None, About(), loaded, None)
    about = _about(form.value)
    return Filled(form, read, about, loaded, _hash(form.value.copy_token, read, about))


@lru_cache(maxsize=32)
def _model(names: tuple[str, ...]) -> type[Beside]:
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {name: (list[str], []) for name in names}
    return create_model("AnswerForm", __base__=Beside, **fields)


def _about(sent: Beside) -> About:
    # Only towns are told apart by their size.
    of_town = sent.org_kind is OrganisationKind.MUNICIPALITY
    return About(
        org_kind=sent.org_kind,
        org_size=sent.org_size if of_town else None,
        quotable=sent.quotable,
        signed=sent.signed,
        quotable_by_name=sent.quotable_by_name,
    )


def _hash(copy_token: str, answers: Answers, about: About) -> str | None:
    """Tell this form from all others by the chance in it, which is stored nowhere.

    Whoever has the database can therefore not try out whose answers fit.
    """
    if len(copy_token) < SHORTEST:
        return None
    return hashed(f"{copy_token}:{answers!r}:{about!r}")


def _faults(form: Form[Beside], read: Answers | tuple[Fault, ...]) -> tuple[Fault, ...]:
    if not isinstance(read, Answers):
        known = {it.field for it in form.faults}
        return (*form.faults, *(it for it in read if it.field not in known))
    if not read.given and not form.faults:
        said = gettext("There is no answer in it yet. Please answer one question.")
        return (Fault("", "nothing_answered", said),)
    return form.faults


def _unsigned(form: Form[Beside]) -> list[Fault]:
    """Ask for the name of whoever wants to be quoted by it, and puts none to it."""
    sent = form.value
    if sent is None or sent.signed or not sent.quotable_by_name:
        return []
    said = gettext("To be quoted with your name, please put it to your answers, too.")
    return [Fault("signed", "missing", said)]


def _loaded(token: str, round_id: UUID, now: datetime) -> datetime | None:
    age = form_age(token, f"round:{round_id}", now)
    return None if age is None else now - timedelta(seconds=age)
