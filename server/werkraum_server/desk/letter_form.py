"""The form of a letter to many: what it says, and to whom it goes."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_events.models import Mode
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_registration.audiences import WRITABLE, Audience
from werkraum_registration.group_letters import LetterWish
from werkraum_registration.letter_marks import IN_SUBJECT, must_be_known
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import (
    CalendarAnswer,
    GroupLetter,
    OrganisationKind,
    State,
)
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

# Two texts in several languages, each up to 10,000 characters.
LARGEST = 512 * 1024

Subject = Annotated[
    str,
    line(max_length=150),
    AfterValidator(lambda text: must_be_known(text, IN_SUBJECT)),
]
Body = Annotated[str, paragraphs(max_length=10_000), AfterValidator(must_be_known)]
Word = Annotated[str, line(max_length=200)]

# What the list of registrations is narrowed down by and the form shows no field for.
CARRIED = ("q", "need", "waiting", "session", "calendar", "bounced", "batch")
NARROWING = ("mode", "tag", "kind", "answer", "attended", *CARRIED)


class LetterFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    states: Annotated[list[State], Field(max_length=len(State))] = []
    mode: Mode | None = None
    tag: Word | None = None
    kind: OrganisationKind | None = None
    answer: Word | None = None
    attended: Literal["yes", "no"] | None = None
    q: Word | None = None
    need: Literal["open"] | None = None
    waiting: Literal["yes"] | None = None
    calendar: CalendarAnswer | None = None
    bounced: Literal["yes"] | None = None
    session: UUID | None = None
    batch: UUID | None = None
    registration: UUID | None = None
    version: Annotated[int, whole_number(1, 2**31 - 1)] = 1

    @property
    def _asked(self) -> dict[str, str]:
        asked = {name: getattr(self, name) for name in NARROWING}
        return {name: str(it) for name, it in asked.items() if it}

    @model_validator(mode="after")
    def _is_understood(self) -> Self:
        """Refuse what a list would ignore: the letter would go to more people."""
        understood = Filters.read(self._asked).asked()
        for name in self._asked:
            if name not in understood:
                raise PydanticCustomError(
                    "unknown_choice",
                    "Please choose one of the options offered.",
                    {"field": name},
                )
        return self

    def audience(self) -> Audience:
        states = tuple(state for state in WRITABLE if state in self.states)
        return Audience(states, Filters.read(self._asked), self.registration)

    def wish(self) -> LetterWish:
        subject, body = texts_of(self, "subject"), texts_of(self, "body")
        return LetterWish(subject, body, self.audience())


@cache
def letter_model() -> type[LetterFields]:
    return with_texts(LetterFields, {"subject": Subject, "body": Body})


async def read_letter_form(request: Request) -> Form[LetterFields]:
    """Read the form; in each language that is used, subject and body are needed."""
    form: Form[LetterFields] = await read_form(request, letter_model(), limit=LARGEST)
    missing = list(_missing(form))
    if not missing:
        return form
    return Form(form.typed, (*missing, *form.faults))


def _missing(form: Form[LetterFields]) -> list[Fault]:
    there = {
        code: [bool(form.text(f"{name}_{code}").strip()) for name in NAMES]
        for code in settings().languages
    }
    if not any(any(it) for it in there.values()):
        return [fault(name, "missing") for name in NAMES]
    return [
        fault(f"{name}_{code}", "missing")
        for code, written in there.items()
        for name, is_there in zip(NAMES, written, strict=True)
        if any(written) and not is_there
    ]


NAMES = ("subject", "body")


def typed_audience(audience: Audience) -> dict[str, str | tuple[str, ...]]:
    """Write an audience as it would be typed into the form."""
    typed: dict[str, str | tuple[str, ...]] = dict(audience.filters.asked())
    typed["states"] = tuple(state.value for state in audience.states)
    if audience.registration_id:
        typed["registration"] = str(audience.registration_id)
    return typed


def typed_words(letter: GroupLetter) -> dict[str, str]:
    return {
        **typed_texts("subject", letter.subject),
        **typed_texts("body", letter.body),
    }


def typed_letter(letter: GroupLetter) -> Typed:
    """Write a letter as it would be typed into the form."""
    return {
        **typed_words(letter),
        **typed_audience(Audience.read(letter.audience)),
        "version": str(letter.version),
    }


def asked_audience(asked: Mapping[str, str], one: UUID | None) -> Audience:
    """Read the audience that the list of registrations names in an address."""
    return Audience((), Filters.read(asked), one)
