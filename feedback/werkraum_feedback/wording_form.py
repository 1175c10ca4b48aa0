"""The form in which an organiser words a draft and chooses its questions."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model
from starlette.requests import Request

from werkraum_feedback.models import QuestionRow, Round
from werkraum_feedback.records import field_name
from werkraum_feedback.rounds import Wording
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_text import line
from werkraum_foundation.settings import settings

Text = Annotated[str, line(max_length=300)] | None


def typed_of(draft: Round, rows: Sequence[QuestionRow]) -> Typed:
    """Write a draft as it would be typed: `title_de`, `ask`, `q-…_de`."""
    typed: dict[str, str | tuple[str, ...]] = {
        "ask": tuple(field_name(row.id) for row in rows if row.asked)
    }
    texts = {"title": draft.title} | {field_name(row.id): row.text for row in rows}
    for name, text in texts.items():
        typed |= {f"{name}_{code}": words for code, words in text.items()}
    return typed


async def read_wording(
    request: Request, rows: Sequence[QuestionRow]
) -> Form[BaseModel]:
    """Read the form; what is missing in all languages is a fault as well."""
    form = await read_form(request, _model(tuple(field_name(row.id) for row in rows)))
    missing = tuple(it for it in _missing(form, rows) if not form.fault(it.field))
    return Form(form.typed, (*form.faults, *missing)) if missing else form


@lru_cache(maxsize=32)
def _model(names: tuple[str, ...]) -> type[BaseModel]:
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {
        f"{name}_{code}": (Text, None)
        for name in ("title", *names)
        for code in settings().languages
    }
    return create_model(
        "WordingForm",
        __config__=ConfigDict(extra="forbid"),
        ask=(list[str], []),
        **fields,
    )


def _missing(form: Form[BaseModel], rows: Sequence[QuestionRow]) -> Iterator[Fault]:
    if not _typed(form, "title"):
        said = gettext("Please give the survey a title in at least one language.")
        yield Fault("title", "missing", said)
    names = {field_name(row.id) for row in rows} & set(form.texts("ask"))
    if not names:
        said = gettext("Please choose at least one question.")
        yield Fault("ask", "missing", said)
    for name in (field_name(row.id) for row in rows):
        if name in names and not _typed(form, name):
            said = gettext("Please word the question in at least one language.")
            yield Fault(name, "missing", said)


def _typed(form: Form[BaseModel], name: str) -> bool:
    return any(form.text(f"{name}_{code}").strip() for code in settings().languages)


def wording_of(value: BaseModel, rows: Sequence[QuestionRow]) -> Wording:
    """Say what is wanted: the title, and the words of each question to ask."""
    said = value.model_dump()
    texts: dict[UUID, Texts] = {
        row.id: _texts(said, field_name(row.id))
        for row in rows
        if field_name(row.id) in said["ask"]
    }
    return Wording(_texts(said, "title"), texts)


# Any: the fields of a form have the types of its model.
def _texts(said: dict[str, Any], name: str) -> Texts:
    typed = {code: said[f"{name}_{code}"] for code in settings().languages}
    return {code: text for code, text in typed.items() if text}
