"""Registering somebody at the desk: on the telephone, by letter, for a colleague."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event
from werkraum_events.wishes import PartySize
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import language
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.pages import page
from werkraum_foundation.plain_text import PersonName, line
from werkraum_foundation.refusals import Refused
from werkraum_foundation.settings import settings
from werkraum_registration import by_hand, rules
from werkraum_registration.answer_reading import (
    Answers,
    fields_for,
    limit_for,
    most_fields_for,
    read_form_answers,
    shapes_of,
)
from werkraum_registration.event_forms import EventForm, form_of
from werkraum_registration.models import Registration, Source, Wanted
from werkraum_registration.organisation_queries import suggested
from werkraum_registration.queries import seats_of
from werkraum_registration.registrations import Applicant, Application
from werkraum_server.desk.own_events import own_event

Note = Annotated[str, line(max_length=500)]


class Attendee(BaseModel):
    """Somebody an organiser registers; `mode` may be left out where there is one."""

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    mode: Wanted | None = None
    seats: PartySize = 1
    lang: str
    note: Note | None = None


AttendeeForm = Form[Attendee]


@dataclass(frozen=True)
class Heard:
    """What an organiser has typed of somebody; answers count if there is a value."""

    form: AttendeeForm
    answers: Answers


async def show_new(request: Request) -> Response:
    event = await own_event(request)
    rules.must_be_running(event, now=clock.now())
    first = event.modes[0].value
    typed = {"mode": first, "seats": "1", "lang": language()}
    return await _page(
        request,
        event,
        AttendeeForm.showing(typed),
        made=await _named(request, event, "made"),
        known=await _named(request, event, "known"),
    )


async def _named(request: Request, event: Event, asked: str) -> Registration | None:
    """Find the registration the page is to tell of; a foreign one tells nothing."""
    try:
        identifier = UUID(request.query_params.get(asked, ""))
    except ValueError:
        return None
    return await Registration.get_or_none(id=identifier, event_id=event.id)


async def create(request: Request) -> Response:
    """Register the person; the letter says who did it, and how to leave."""
    event, grant = await own_event(request), granted(request)
    asked = await form_of(event)
    heard = await _heard(request, event, asked)
    form, typed = heard.form, heard.form.value
    if typed is None:
        return await _page(request, event, form, status=422)
    wish = Application(
        typed.mode or Wanted(event.modes[0].value),
        typed.seats,
        source=Source.DESK,
        answers=heard.answers.values,
    )
    try:
        made = await by_hand.register(
            event.id,
            Applicant(typed.name, typed.email, typed.lang),
            wish,
            note=typed.note or "",
            organisation=heard.answers.organisation,
            actor=grant.actor,
            now=clock.now(),
        )
    except Refused as refusal:
        fault_there = Fault("", refusal.code, refusal.message())
        again = AttendeeForm(form.typed, (fault_there,))
        return await _page(request, event, again, status=refusal.status)
    again_here = path_to("desk:new_registration", id=event.id)
    done = "made" if made.created else "known"
    return RedirectResponse(f"{again_here}?{done}={made.id}", status_code=303)


async def _heard(request: Request, event: Event, asked: EventForm) -> Heard:
    """Read the sent form; nothing that the event asks need be answered."""
    questions = asked.questions
    model = create_model(
        "Attendee", __base__=Attendee, **fields_for(shapes_of(questions))
    )
    form = await read_form(
        request,
        model,
        limit=limit_for(questions),
        most_fields=most_fields_for(questions),
    )
    answers = read_form_answers(questions, form.typed, optional=True)
    known = {it.field for it in form.faults if it.field}
    more = (*_faults(form, event), *answers.faults)
    faults = (*form.faults, *(it for it in more if it.field not in known))
    value = None if faults else form.value
    return Heard(replace(form, faults=faults, value=value), answers)


def _faults(form: AttendeeForm, event: Event) -> Iterator[Fault]:
    if not form.text("mode").strip() and len(event.modes) > 1:
        yield fault("mode", "missing")
    elif form.value and form.value.mode:
        if not set(form.value.mode.modes) <= set(event.modes):
            yield fault("mode", "enum")
    if form.value and form.value.lang not in settings().languages:
        yield fault("lang", "enum")


async def _page(
    request: Request,
    event: Event,
    form: AttendeeForm,
    status: int = 200,
    *,
    made: Registration | None = None,
    known: Registration | None = None,
) -> Response:
    asked = await form_of(event)
    suggests = asked.organisation_question is not None
    return page(
        request,
        "desk/on_behalf.html",
        status=status,
        event=event,
        form=form,
        made=made,
        known=known,
        seats=await seats_of(event.id),
        questions=asked.asked,
        consents=asked.consents,
        suggested=await suggested(event.organiser_id) if suggests else (),
        organiser=footer_of(event.organiser),
    )


NEW = "/desk/events/{id}/registrations/new"
routes = [
    route(NEW, show_new, access=MANAGER, name="desk:new_registration"),
    route(
        NEW, create, access=MANAGER, name="desk:create_registration", methods=["POST"]
    ),
]
