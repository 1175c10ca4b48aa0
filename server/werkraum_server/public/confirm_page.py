"""Confirming: the link of the first letter shows a button, the button confirms."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page, see_other
from werkraum_registration import confirmations, links, rules
from werkraum_registration.queries import find_by_confirm_token
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.programme import must_be_offered


async def show_confirm(request: Request) -> Response:
    """Show the button; opening the link does nothing (mail gateways open links)."""
    must_be_offered(request)
    token = request.path_params["token"]
    registration = await find_by_confirm_token(token)
    if registration is None:
        return unknown_link(request)
    event = registration.event
    refusal = rules.why_not_confirmable(registration.state, event, now=clock.now())
    return page(
        request,
        "registration/confirm.html",
        status=refusal.status if refusal else 200,
        registration=registration,
        event=event,
        token=token,
        personal=path_to("personal:page", token=links.personal_token(registration)),
        refusal=refusal,
        organiser=footer_of(event.organiser),
    )


async def confirm(request: Request) -> Response:
    must_be_offered(request)
    token = request.path_params["token"]
    confirmed = await confirmations.confirm(token, now=clock.now())
    return see_other(request, "personal:page", token=confirmed.personal_token)


routes = [
    route(
        "/{lang}/confirm/{token}",
        show_confirm,
        access=PERSONAL,
        name="registration:confirm",
    ),
    route(
        "/{lang}/confirm/{token}",
        confirm,
        access=PERSONAL,
        name="registration:press",
        methods=["POST"],
    ),
]
