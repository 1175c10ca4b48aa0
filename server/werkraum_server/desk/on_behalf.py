"""Registering somebody at the desk: on the telephone, by letter, for a colleague."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
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
from werkraum_registration.models import Registration, Source, Wanted
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
    form = await read_form(request, Attendee)
    faults = _faults(form, event)
    if form.value is None or faults:
        again = AttendeeForm(form.typed, (*form.faults, *faults))
        return await _page(request, event, again, status=422)
    typed = form.value
    wish = Application(
        typed.mode or Wanted(event.modes[0].value), typed.seats, source=Source.DESK
    )
    try:
        made = await by_hand.register(
            event.id,
            Applicant(typed.name, typed.email, typed.lang),
            wish,
            note=typed.note or "",
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


def _faults(form: AttendeeForm, event: Event) -> list[Fault]:
    faults = []
    typed = form.text("mode")
    if not typed.strip() and len(event.modes) > 1:
        faults.append(fault("mode", "missing"))
    elif form.value and form.value.mode:
        if not set(form.value.mode.modes) <= set(event.modes):
            faults.append(fault("mode", "enum"))
    if form.value and form.value.lang not in settings().languages:
        faults.append(fault("lang", "enum"))
    return faults


async def _page(
    request: Request,
    event: Event,
    form: AttendeeForm,
    status: int = 200,
    *,
    made: Registration | None = None,
    known: Registration | None = None,
) -> Response:
    return page(
        request,
        "desk/on_behalf.html",
        status=status,
        event=event,
        form=form,
        made=made,
        known=known,
        seats=await seats_of(event.id),
        organiser=footer_of(event.organiser),
    )


NEW = "/desk/events/{id}/registrations/new"
routes = [
    route(NEW, show_new, access=MANAGER, name="desk:new_registration"),
    route(
        NEW, create, access=MANAGER, name="desk:create_registration", methods=["POST"]
    ),
]
