"""What the QR code of an attendee leads to: who it is, and a button to check in.

Whoever does not work at this entrance sees nothing but the advice to show it there.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, Grant, granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_foundation.tokens import new_token
from werkraum_registration.attendance import Coming, note, undo
from werkraum_registration.attended import records_of
from werkraum_registration.check_in_codes import registration_by
from werkraum_registration.check_in_rules import is_unclear
from werkraum_registration.models import Presence, Registration


class Press(BaseModel):
    """Check in: the key of the page, so that a double click is one coming."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{16,64}$")]


class Correction(BaseModel):
    """Take back what one source says, at the event or at a session."""

    model_config = ConfigDict(extra="forbid")
    source: Presence
    session: UUID | None = None


async def show_code(request: Request) -> Response:
    registration = await registration_by(request.path_params["code"])
    if registration is None:
        raise NotFound
    grant = await _host_of(request, registration)
    if grant is None:
        return page(
            request,
            "desk/check_in_stranger.html",
            organiser=footer_of(registration.event.organiser),
        )
    event = registration.event
    # For the frame of the page: here, being a host is no condition.
    request.state.grant = grant
    return page(
        request,
        "desk/check_in_code.html",
        registration=registration,
        event=event,
        organisation=registration.organisation,
        records=await records_of(registration.id),
        unclear=is_unclear(registration.state),
        today=_is_today(event, clock.now()),
        key=new_token(),
        organiser=footer_of(event.organiser),
    )


def _is_today(event: Event, now: datetime) -> bool:
    """Whether the event is on this day, by the clock of the place."""
    today = local(now, event.timezone).date()
    first = local(event.starts_at, event.timezone).date()
    return first <= today <= local(event.ends_at, event.timezone).date()


async def _host_of(request: Request, registration: Registration) -> Grant | None:
    """Find out whether somebody works at the entrance this code is for."""
    try:
        grant = await HOST.admit(request)
    except Refused:
        return None
    own = grant.organiser_id == registration.event.organiser_id
    return grant if own else None


async def check_in(request: Request) -> Response:
    registration = await _own(request)
    form = await read_form(request, Press)
    if form.value is None:
        raise InvalidInput(form.faults)
    now = clock.now()
    coming = Coming(Presence.QR, form.value.key, now)
    await note(
        registration.event_id,
        registration.id,
        coming,
        actor=granted(request).actor,
        now=now,
    )
    return _back(request)


async def take_back(request: Request) -> Response:
    registration = await _own(request)
    form = await read_form(request, Correction)
    if form.value is None:
        raise InvalidInput(form.faults)
    now = clock.now()
    await undo(
        registration.event_id,
        registration.id,
        at=now,
        sources=(form.value.source,),
        session_id=form.value.session,
        actor=granted(request).actor,
        now=now,
    )
    return _back(request)


async def _own(request: Request) -> Registration:
    registration = await registration_by(request.path_params["code"])
    organiser_id = granted(request).organiser_id
    if registration is None or registration.event.organiser_id != organiser_id:
        raise NotFound
    return registration


def _back(request: Request) -> Response:
    return see_other(request, "desk:check_in_code", code=request.path_params["code"])


CODE = "/desk/check-in/{code}"

routes = [
    route(CODE, show_code, access=PUBLIC, name="desk:check_in_code"),
    route(CODE, check_in, access=HOST, name="desk:check_in_by_code", methods=["POST"]),
    route(
        CODE + "/undo",
        take_back,
        access=HOST,
        name="desk:undo_by_code",
        methods=["POST"],
    ),
]
