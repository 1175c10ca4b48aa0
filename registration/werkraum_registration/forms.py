"""What people type: the form to register, and the ones for an address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from werkraum_events.models import Event, Mode
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_text import PersonName
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import FASTEST, FORM_LIFE, form_age, new_form_token
from werkraum_registration.queries import Seats

# Faults that are about the form as a whole, and the status each is answered with.
STATUS = {"form_too_old": 403, "mode_not_offered": 409}


class NewRegistration(BaseModel):
    """`mode` may be left out where an event has only one.

    `form_token` says when the form was loaded; `website` is filled in by robots
    only, nobody else sees it.
    """

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    mode: Mode | None = None
    form_token: str = ""
    website: str = ""


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


def form_name(event_id: UUID) -> str:
    """Name the form in its token: that of one event does not fit another."""
    return f"registration:{event_id}"


def empty_form(event: Event, seats: Sequence[Seats]) -> NewForm:
    """Start a form; the first way to take part that has a seat left is chosen."""
    free = {it.mode for it in seats if it.left != 0}
    chosen = next((mode for mode in event.modes if mode in free), event.modes[0])
    return NewForm.showing({"mode": chosen.value})


async def read_new_registration(
    request: Request, event: Event, *, now: datetime
) -> NewForm:
    """Read the sent form and hold it against the event as it is by now."""
    form = await read_form(request, NewRegistration)
    faults = [*form.faults, *_mode_faults(form, event)]
    if not faults:
        faults += _time_faults(form.text("form_token"), event, now=now)
    if faults:
        return replace(form, faults=tuple(faults), value=None)
    return form


def mode_of(value: NewRegistration, event: Event) -> Mode:
    return value.mode or event.modes[0]


def is_robot(form: NewForm) -> bool:
    """Whether the field is filled in that nobody sees."""
    return bool(form.text("website"))


def status_of(form: NewForm) -> int:
    """Choose the status of a form that is shown again."""
    statuses = {STATUS.get(found.code, 422) for found in form.faults}
    return statuses.pop() if len(statuses) == 1 else 422


def token_for(event: Event, form: NewForm, *, now: datetime) -> str:
    """Make the form's token, or keep the one it has: whoever puts something right
    quickly is not too fast for it.
    """
    kept = form.text("form_token")
    age = form_age(kept, form_name(event.id), now)
    if age is not None and age <= FORM_LIFE:
        return kept
    return new_form_token(form_name(event.id), now)


def _mode_faults(form: NewForm, event: Event) -> list[Fault]:
    if form.fault("mode"):
        return []
    typed = form.text("mode")
    if not typed:
        return [] if len(event.modes) == 1 else [fault("mode", "missing")]
    if typed in event.modes:
        return []
    said = gettext(
        "The organiser has changed how one can take part. Please choose again."
    )
    return [Fault("mode", "mode_not_offered", said)]


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
