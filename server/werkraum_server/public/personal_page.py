"""The personal page: how a registration stands, and what its owner may change."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Mode, Status
from werkraum_feedback.ballots import Survey, survey_for
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page, see_other
from werkraum_registration import links, registrations, rules
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import (
    by_personal_token,
    find_by_personal_token,
    place_in_queue,
    seats_of,
)
from werkraum_server.public.doorway import doorway_of
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.programme import must_be_offered


class Standing(StrEnum):
    """What the banner on top says: what holds for all comes first."""

    CALLED_OFF = "called_off"
    OVER = "over"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    UNCONFIRMED = "unconfirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ModeWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mode: Mode


async def show_personal(request: Request) -> Response:
    must_be_offered(request)
    registration = await find_by_personal_token(request.path_params["token"])
    if registration is None or registration.event.status is Status.DRAFT:
        return unknown_link(request)
    return await _personal_page(request, registration)


async def _personal_page(request: Request, registration: Registration) -> Response:
    """Show the page; a handful of queries more, whoever asks."""
    event, now = registration.event, clock.now()
    standing = standing_of(registration, now=now)
    other = rules.other_mode(event, registration.mode)
    waits = standing is Standing.WAITLISTED
    token = links.personal_token(registration)
    return page(
        request,
        "personal/page.html",
        registration=registration,
        event=event,
        standing=standing.value,
        place=await place_in_queue(registration) if waits else None,
        active=standing in (Standing.CONFIRMED, Standing.WAITLISTED),
        other=next((s for s in await seats_of(event.id) if s.mode is other), None)
        if other
        else None,
        door=await doorway_of(registration, now=now),
        survey=await _survey_of(registration, now=now),
        token=token,
        confirm_token=links.confirm_token(registration),
        calendar=address_of("calendar:personal", token=token),
        organiser=footer_of(event.organiser),
    )


async def _survey_of(registration: Registration, *, now: datetime) -> Survey | None:
    """Find the open survey of whoever took part or will."""
    if registration.state is not State.CONFIRMED:
        return None
    return await survey_for(registration.event_id, registration.id, now=now)


def standing_of(registration: Registration, *, now: datetime) -> Standing:
    event = registration.event
    if registration.state in ENDED:
        return Standing(registration.state.value)
    if event.status is Status.CANCELLED:
        return Standing.CALLED_OFF
    if event.is_past(now):
        return Standing.OVER
    return Standing(registration.state.value)


async def cancel(request: Request) -> Response:
    registration = await _pressed(request)
    await registrations.cancel(registration.id, actor=ATTENDEE, now=clock.now())
    return _back(request, registration)


async def switch_mode(request: Request) -> Response:
    registration = await _find(request)
    form = await read_form(request, ModeWish)
    if form.value is None:
        raise InvalidInput(form.faults)
    await registrations.switch_mode(
        registration.id, form.value.mode, actor=ATTENDEE, now=clock.now()
    )
    await registrations.vouch(registration.id, now=clock.now())
    return _back(request, registration)


async def vouch(request: Request) -> Response:
    """Say that the name is right: from now on letters may use it."""
    return _back(request, await _pressed(request))


async def _find(request: Request) -> Registration:
    must_be_offered(request)
    return await by_personal_token(request.path_params["token"])


async def _pressed(request: Request) -> Registration:
    registration = await _find(request)
    if registration.state is not State.UNCONFIRMED:
        await registrations.vouch(registration.id, now=clock.now())
    return registration


def _back(request: Request, registration: Registration) -> Response:
    token = links.personal_token(registration)
    return see_other(request, "personal:page", token=token)


routes = [
    route("/{lang}/my/{token}", show_personal, access=PERSONAL, name="personal:page"),
    *(
        route(
            f"/{{lang}}/my/{{token}}/{name}",
            deed,
            access=PERSONAL,
            name=f"personal:{name}",
            methods=["POST"],
        )
        for name, deed in (("cancel", cancel), ("mode", switch_mode), ("vouch", vouch))
    ),
]
