"""What people type: the form to register, and the ones for an address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model, field_validator
from starlette.requests import Request

from werkraum_events.models import Event
from werkraum_foundation.faults import Fault, InvalidInput, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import PersonName, line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import FASTEST, FORM_LIFE, form_age, new_form_token
from werkraum_registration import consent_wishes
from werkraum_registration.answer_reading import (
    Answers,
    Shape,
    fields_for,
    limit_for,
    most_fields_for,
    read_form_answers,
    shapes_of,
)
from werkraum_registration.entry import code_faults
from werkraum_registration.event_forms import EventForm, overlap
from werkraum_registration.models import Wanted
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.queries import Seats
from werkraum_registration.registrations import Application
from werkraum_registration.rules import PartyTooLarge

# What the organiser has changed since the page was loaded.
CHANGED = (
    "mode_not_offered",
    "session_gone",
    "choice_gone",
    "question_gone",
    "consent_changed",
    "consent_not_asked",
)
# Faults that are about the form as a whole, and the status each is answered with.
STATUS = {"form_too_old": 403, **dict.fromkeys(CHANGED, 409)}

NAME = line(max_length=200)
LARGEST_PARTY = 1_000
Companions = Annotated[str, paragraphs(max_length=10_000)]


class NewRegistration(BaseModel):
    """The fields of every event; its questions come beside them.

    `mode` may be left out where an event has only one; `companions` holds a name on
    each line. `form_token` says when the form was loaded; `website` is filled in by
    robots only, nobody else sees it.
    """

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    mode: Wanted | None = None
    seats: Annotated[int, whole_number(1, LARGEST_PARTY)] = 1
    companions: Companions | None = None
    sessions: list[str] = []
    consents: list[str] = []
    code: Annotated[str, line(max_length=64)] | None = None
    form_token: str = ""
    website: str = ""

    @field_validator("companions")
    @classmethod
    def _one_name_a_line(cls, typed: str) -> str:
        return "\n".join(NAME.read(name) for name in names_in(typed))


class Address(BaseModel):
    """An address alone: to correct a mistyped one."""

    model_config = ConfigDict(extra="forbid")
    email: MailAddress


class LinkWish(BaseModel):
    """Somebody wants the personal link again; `event` is a slug, if it is for one."""

    model_config = ConfigDict(extra="forbid")
    email: MailAddress
    event: str = ""


NewForm = Form[NewRegistration]


@dataclass(frozen=True)
class Filled:
    """A form that was sent; the application is there exactly when nothing is wrong.

    `organisation` is the one somebody has named.
    """

    form: NewForm
    application: Application | None = None
    organisation: TypedOrganisation | None = None


def form_name(event_id: UUID) -> str:
    """Name the form in its token: that of one event does not fit another."""
    return f"registration:{event_id}"


def empty_form(event: Event, seats: Sequence[Seats]) -> NewForm:
    """Start a form; the first way to take part that has a seat left is chosen."""
    free = {it.mode for it in seats if it.left != 0}
    chosen = next((mode for mode in event.modes if mode in free), event.modes[0])
    return NewForm.showing({"mode": chosen.value, "seats": "1"})


async def read_new_registration(
    request: Request,
    event: Event,
    asked: EventForm,
    *,
    now: datetime,
    address: str | None = None,
) -> Filled:
    """Read the sent form and hold it against the event as it is by now.

    `address` is one that is known already: then none is typed, and no code.
    """
    questions = asked.questions
    model = _model(shapes_of(questions), address is not None)
    form = await read_form(
        request,
        model,
        limit=limit_for(questions),
        most_fields=most_fields_for(questions),
    )
    answers = read_form_answers(questions, form.typed)
    faults = [*form.faults, *_faults(form, event, asked, answers, address)]
    if not faults:
        faults += _time_faults(form.text("form_token"), event, now=now)
    if faults or form.value is None:
        return Filled(replace(form, faults=tuple(faults), value=None))
    return Filled(
        form,
        _application(form.value, event, asked, answers),
        answers.organisation,
    )


@lru_cache(maxsize=256)
def _model(questions: tuple[Shape, ...], addressed: bool) -> type[NewRegistration]:
    fields = fields_for(questions)
    if addressed:
        fields["email"] = (str, "")
    return create_model("NewRegistration", __base__=NewRegistration, **fields)


def _faults(
    form: NewForm,
    event: Event,
    asked: EventForm,
    answers: Answers,
    address: str | None,
) -> Iterator[Fault]:
    """Say what is wrong beside what each field sees by itself."""
    found = [
        *_mode_faults(form, event),
        *_party_faults(form, event),
        *_session_faults(form.texts("sessions"), asked),
        *answers.faults,
        *_consent_faults(form.texts("consents"), asked),
        *(code_faults(event, form.text("code").strip()) if address is None else ()),
    ]
    known = {it.field for it in form.faults if it.field}
    return (it for it in found if it.field not in known)


def _mode_faults(form: NewForm, event: Event) -> list[Fault]:
    if form.fault("mode"):
        return []
    typed = form.text("mode")
    if not typed.strip():
        return [] if len(event.modes) == 1 else [fault("mode", "missing")]
    if set(Wanted(typed).modes) <= set(event.modes):
        return []
    said = gettext(
        "The organiser has changed how one can take part. Please choose again."
    )
    return [Fault("mode", "mode_not_offered", said)]


def _party_faults(form: NewForm, event: Event) -> list[Fault]:
    if form.fault("seats") or form.fault("companions"):
        return []
    seats = int(form.text("seats").strip() or 1)
    if seats > event.largest_party:
        # Without a party there is no such field to show.
        field = "seats" if event.largest_party > 1 else ""
        refusal = PartyTooLarge(event.largest_party)
        return [Fault(field, refusal.code, refusal.message())]
    names = names_in(form.text("companions"))
    if len(names) >= seats and names:
        said = gettext(
            "There are more names than seats. Please enter more seats, or fewer names."
        )
        return [Fault("companions", "too_many_companions", said)]
    return []


def names_in(typed: str | None) -> list[str]:
    """Read one name on each line."""
    return [name for it in (typed or "").splitlines() if (name := it.strip())]


def _session_faults(chosen: Sequence[str], asked: EventForm) -> list[Fault]:
    offered = {str(it.id): it for it in asked.sessions}
    if not set(chosen) <= offered.keys():
        if not all(map(_is_id, chosen)):
            return [fault("sessions", "enum")]
        said = gettext(
            "The organiser has changed the programme. Please choose once more."
        )
        return [Fault("sessions" if offered else "", "session_gone", said)]
    sessions = [offered[it] for it in chosen]
    pairs = ((a, b) for n, a in enumerate(sessions) for b in sessions[:n])
    if any(overlap(one, other) for one, other in pairs):
        said = gettext(
            "Two of these take place at the same time. Please choose one of them."
        )
        return [Fault("sessions", "overlap", said)]
    return []


def _is_id(typed: str) -> bool:
    try:
        return str(UUID(typed)) == typed
    except ValueError:
        return False


def _consent_faults(entries: Sequence[str], asked: EventForm) -> list[Fault]:
    try:
        for entry in entries:
            consent_wishes.meant(asked.consents, entry)
    except InvalidInput as refusal:
        at_field = "consents" if asked.consents else ""
        return [replace(it, field=at_field) for it in refusal.faults]
    return []


def _application(
    value: NewRegistration, event: Event, asked: EventForm, answers: Answers
) -> Application:
    chosen = set(value.sessions)
    return Application(
        wanted=value.mode or Wanted(event.modes[0].value),
        seats=value.seats,
        companions=tuple(names_in(value.companions)),
        sessions=tuple(it.id for it in asked.sessions if str(it.id) in chosen),
        answers=answers.values,
        consents=tuple(dict.fromkeys(value.consents)),
    )


def is_robot(form: NewForm) -> bool:
    """Whether the field is filled in that nobody sees."""
    return bool(form.text("website"))


def status_of(form: NewForm) -> int:
    """Choose the status of a form that is shown again."""
    statuses = {STATUS.get(found.code, 422) for found in form.faults}
    return statuses.pop() if len(statuses) == 1 else 422


def token_for(event: Event, form: NewForm, *, now: datetime) -> str:
    """Make the form's token, or keep the one it has.

    Whoever puts something right in a form that came back may be quick: what is
    wrong is known, and all else stands there already.
    """
    kept, name = form.text("form_token"), form_name(event.id)
    age = form_age(kept, name, now)
    if age is not None and FASTEST <= age <= FORM_LIFE:
        return kept
    # A second more: a token knows tenths only.
    came_back = timedelta(seconds=FASTEST + 1 if form.faults else 0)
    return new_form_token(name, now - came_back)


def _time_faults(token: str, event: Event, *, now: datetime) -> list[Fault]:
    age = form_age(token, form_name(event.id), now)
    if age is None or age > FORM_LIFE:
        said = gettext(
            "This page was open for a long time. Please press the button once more."
        )
        return [Fault("", "form_too_old", said)]
    if age < FASTEST and settings().limits:
        said = gettext("That was very quick. Please press the button once more.")
        return [Fault("", "too_fast", said)]
    return []
