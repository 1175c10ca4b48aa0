"""The form to register for several events of a series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.requests import Request

from werkraum_events.models import Entry, Event, Mode
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_text import PersonName, line
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import FASTEST, FORM_LIFE, form_age, new_form_token
from werkraum_registration.answer_reading import (
    Answers,
    fields_for,
    limit_for,
    most_fields_for,
    shapes_of,
)
from werkraum_registration.models import Wanted
from werkraum_registration.rules import why_closed
from werkraum_registration.series_questions import SeriesQuestions
from werkraum_registration.series_registrations import Chosen

MOST_EVENTS = 30
EventSlug = Annotated[str, line(max_length=80)]


class SeriesWish(BaseModel):
    """`events` are slugs; `mode` counts for the events that offer both ways.

    Their questions come beside these fields; `asked` names those that were shown.
    `form_token` says when the form was loaded; `website` is filled in by robots
    only, nobody else sees it.
    """

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    events: Annotated[list[EventSlug], Field(max_length=MOST_EVENTS)]
    mode: Wanted | None = None
    asked: str = ""
    form_token: str = ""
    website: str = ""


SeriesForm = Form[SeriesWish]


@dataclass(frozen=True)
class SeriesSent:
    """A form that was sent, and the answers of each ticked event if it is fine."""

    form: SeriesForm
    answers: Mapping[UUID, Answers]


def form_name(series_id: UUID) -> str:
    """Name the form in its token: that of one series does not fit another."""
    return f"series:{series_id}"


def open_events(events: Sequence[Event], *, now: datetime) -> list[Event]:
    """The events everybody may tick: registration is open, and to all."""
    return [
        event
        for event in events
        if event.entry is Entry.OPEN and why_closed(event, now=now) is None
    ]


async def read_series_form(
    request: Request,
    series_id: UUID,
    open_now: Sequence[Event],
    asks: SeriesQuestions,
    *,
    now: datetime,
) -> SeriesSent:
    """Read the sent form and hold it against the events that are open by now."""
    every = [it for form in asks.forms.values() for it in form.questions]
    form = await read_form(
        request,
        create_model("SeriesWish", __base__=SeriesWish, **fields_for(shapes_of(every))),
        limit=limit_for(every),
        most_fields=most_fields_for(every),
    )
    ticked = [it for it in open_now if it.slug in form.texts("events")]
    answers, wrong = asks.answers(ticked, form.typed, form.text("asked"))
    known = {it.field for it in form.faults if it.field}
    faults = [*form.faults, *(it for it in wrong if it.field not in known)]
    if form.value is not None:
        faults += _faults_of_choice(form.value, open_now)
    if not faults:
        faults += _faults_of_time(form.text("form_token"), series_id, now=now)
    if not faults:
        return SeriesSent(form, answers)
    typed = asks.kept(form.typed)
    return SeriesSent(SeriesForm(typed, tuple(faults)), {})


def chosen_of(
    wish: SeriesWish,
    open_now: Sequence[Event],
    answers: Mapping[UUID, Answers],
) -> list[Chosen]:
    """Say for each ticked event how the person takes part, and what they answer."""
    return [
        Chosen(
            event,
            _wanted(event, wish.mode),
            answers[event.id].values,
            answers[event.id].organisation,
        )
        for event in open_now
        if event.slug in wish.events
    ]


def _wanted(event: Event, mode: Wanted | None) -> Wanted:
    """The way that was chosen where there is a choice, else the only one."""
    if len(event.modes) > 1 and mode:
        return mode
    return Wanted(event.modes[0].value)


def is_hybrid(event: Event) -> bool:
    return set(event.modes) == set(Mode)


def _faults_of_choice(wish: SeriesWish, open_now: Sequence[Event]) -> list[Fault]:
    offered = {event.slug: event for event in open_now}
    if any(slug not in offered for slug in wish.events):
        said = gettext(
            "One of these events can no longer be chosen. "
            "Please look at the list again."
        )
        return [Fault("events", "not_offered", said)]
    if wish.mode is None and any(is_hybrid(offered[slug]) for slug in wish.events):
        return [fault("mode", "missing")]
    return []


def token_for(series_id: UUID, form: SeriesForm, *, now: datetime) -> str:
    """Make the form's token, or keep the one it has while it is good."""
    kept = form.text("form_token")
    age = form_age(kept, form_name(series_id), now)
    if age is not None and age <= FORM_LIFE:
        return kept
    return new_form_token(form_name(series_id), now)


def _faults_of_time(token: str, series_id: UUID, *, now: datetime) -> list[Fault]:
    age = form_age(token, form_name(series_id), now)
    if age is None or age > FORM_LIFE:
        said = gettext(
            "This page was open for a long time. Please press the button once more."
        )
        return [Fault("", "form_too_old", said)]
    if age < FASTEST and settings().limits:
        said = gettext("That was very quick. Please press the button once more.")
        return [Fault("", "too_fast", said)]
    return []
