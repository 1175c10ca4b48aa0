"""Checking in oneself: the page of the hall, and the same from the personal link."""

import re
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event
from werkraum_events.queries import published_event
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.limits import client_network, must_be_within
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound
from werkraum_registration.attended import here_of
from werkraum_registration.check_in_rules import (
    may_check_in_oneself,
    must_be_time_for_oneself,
)
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import by_personal_token
from werkraum_registration.self_check_in import (
    TRIES,
    come_by_address,
    come_by_link,
    is_hall_code,
)
from werkraum_server.public.programme import must_be_offered

# What the QR of the hall fills in.
CODE = re.compile("[0-9]{6}")

F = TypeVar("F", bound=BaseModel)

# As it is typed from the wall; whether it is right is asked later.
HallCode = Annotated[str, line(max_length=20)]


class Here(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: MailAddress
    code: HallCode


class HereByLink(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: HallCode


async def show_here(request: Request) -> Response:
    event = await _event(request)
    code = request.query_params.get("code", "")
    read = CODE.fullmatch(code)
    return _hall_page(
        request, event, Form[Here].showing({"code": code if read else ""})
    )


async def come(request: Request) -> Response:
    """Note who comes; the answer says nothing about who is registered."""
    event = await _event(request)
    must_be_time_for_oneself(event, now=clock.now())
    await must_be_within(TRIES, client_network(request), str(event.id))
    form = await read_form(request, Here)
    if form.value is None:
        return _hall_page(request, event, form, status=422)
    if not await is_hall_code(event.id, form.value.code):
        return _hall_page(request, event, _wrong(form), status=422)
    await come_by_address(event, form.value.email, now=clock.now())
    back = path_to("events:here", slug=event.slug)
    return RedirectResponse(f"{back}?done=1", status_code=303)


async def show_here_by_link(request: Request) -> Response:
    registration = await _by_link(request)
    return await _personal_page(request, registration, Form[HereByLink].showing())


async def come_with_link(request: Request) -> Response:
    registration = await _by_link(request)
    event = registration.event
    must_be_time_for_oneself(event, now=clock.now())
    await must_be_within(TRIES, client_network(request), str(event.id))
    form = await read_form(request, HereByLink)
    if form.value is None:
        return await _personal_page(request, registration, form, status=422)
    if not await is_hall_code(event.id, form.value.code):
        return await _personal_page(request, registration, _wrong(form), status=422)
    await come_by_link(registration, now=clock.now())
    return see_other(request, "personal:here", token=request.path_params["token"])


async def _event(request: Request) -> Event:
    must_be_offered(request)
    event = await published_event(request.path_params["slug"])
    if not event.self_check_in:
        raise NotFound
    return event


async def _by_link(request: Request) -> Registration:
    must_be_offered(request)
    registration = await by_personal_token(request.path_params["token"])
    if not registration.event.self_check_in:
        raise NotFound
    return registration


def _wrong(form: Form[F]) -> Form[F]:
    said = gettext("This is not the code that the hall shows now.")
    return Form(form.typed, (Fault("code", "wrong_hall_code", said),))


def _hall_page(
    request: Request,
    event: Event,
    form: Form[Here],
    *,
    status: int = 200,
) -> Response:
    return page(
        request,
        "public/here.html",
        status=status,
        event=event,
        form=form,
        done="done" in request.query_params,
        open=may_check_in_oneself(event, now=clock.now()),
        organiser=footer_of(event.organiser),
    )


async def _personal_page(
    request: Request,
    registration: Registration,
    form: Form[HereByLink],
    *,
    status: int = 200,
) -> Response:
    event = registration.event
    return page(
        request,
        "personal/here.html",
        status=status,
        event=event,
        registration=registration,
        token=request.path_params["token"],
        has_seat=registration.state is State.CONFIRMED,
        done=bool((await here_of([registration.id])).get(registration.id)),
        form=form,
        open=may_check_in_oneself(event, now=clock.now()),
        organiser=footer_of(event.organiser),
    )


routes = [
    route("/{lang}/events/{slug}/here", show_here, access=PUBLIC, name="events:here"),
    route(
        "/{lang}/events/{slug}/here",
        come,
        access=PUBLIC,
        name="events:come",
        methods=["POST"],
    ),
    route(
        "/{lang}/my/{token}/here",
        show_here_by_link,
        access=PERSONAL,
        name="personal:here",
    ),
    route(
        "/{lang}/my/{token}/here",
        come_with_link,
        access=PERSONAL,
        name="personal:come",
        methods=["POST"],
    ),
]
