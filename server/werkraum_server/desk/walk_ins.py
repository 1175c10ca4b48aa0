"""Somebody at the door who has not registered: name, a seat, and in."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import language
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.pages import page
from werkraum_foundation.plain_text import Line, PersonName
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import new_token
from werkraum_registration import organisations
from werkraum_registration.queries import seats_of
from werkraum_registration.rules import Full, NoFreeSeat
from werkraum_registration.walk_ins import WalkIn, come_in
from werkraum_server.desk.own_events import own_event


class NewWalkIn(BaseModel):
    """Who stands at the door; an address is only for letters after the event."""

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    organisation: Line | None = None
    email: MailAddress | None = None
    mode: Mode | None = None
    key: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{16,50}$")]


async def show_walk_in(request: Request) -> Response:
    event = await own_event(request)
    form = Form[NewWalkIn].showing(
        {"key": new_token()[:22], "mode": event.modes[0].value}
    )
    return await _page(request, event, form)


async def enter(request: Request) -> Response:
    event, now = await own_event(request), clock.now()
    form = await read_form(request, NewWalkIn)
    if form.value is None:
        return await _page(request, event, form, status=422)
    wish, grant = form.value, granted(request)
    organisation_id = None
    if wish.organisation:
        organisation_id = await organisations.typed(
            grant.organiser_id, wish.organisation, now=now
        )
    who = WalkIn(
        wish.name,
        wish.email,
        wish.mode or event.modes[0],
        language(),
        wish.key,
        organisation_id,
    )
    try:
        made = await come_in(event, who, actor=grant.actor, now=now)
    except (Full, NoFreeSeat) as refusal:
        # Everything typed is kept: the organiser raises the seats in another window.
        return await _page(request, event, form, refusal=refusal, status=409)
    there = path_to("desk:check_in", id=event.id)
    return RedirectResponse(f"{there}?done=came&who={made.id}", status_code=303)


async def _page(
    request: Request,
    event: Event,
    form: Form[NewWalkIn],
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/walk_in.html",
        status=status,
        event=event,
        form=form,
        refusal=refusal.message() if refusal else None,
        seats=await seats_of(event.id),
        organiser=footer_of(event.organiser),
    )


WALK_IN = "/desk/events/{id}/check-in/walk-in"

routes = [
    route(WALK_IN, show_walk_in, access=HOST, name="desk:walk_in"),
    route(WALK_IN, enter, access=HOST, name="desk:enter_walk_in", methods=["POST"]),
]
