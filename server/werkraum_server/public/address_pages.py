"""Another e-mail address: entered on one page, confirmed by its owner on another."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.pages import page, see_other
from werkraum_registration import addresses, changes, links
from werkraum_registration.forms import Address
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_registration.models import Registration
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.personal_deeds import back, found
from werkraum_server.public.programme import must_be_offered


async def show_address(request: Request) -> Response:
    registration = await _changeable(request)
    return await _page(request, registration, Form[Address].showing())


async def ask(request: Request) -> Response:
    """Have the owner of the new address asked; the same answer for every address."""
    registration = await _changeable(request)
    event_id = registration.event_id
    await must_be_within(FORM_POSTS, client_network(request), str(event_id))
    form = await read_form(request, Address)
    if form.value is None:
        return await _page(request, registration, form, status=422)
    await must_be_allowed_letter(event_id, normalised(form.value.email))
    await addresses.ask(registration.id, form.value.email, now=clock.now())
    token = links.personal_token(registration)
    return see_other(request, "personal:address", token=token)


async def _changeable(request: Request) -> Registration:
    registration = await found(request)
    changes.must_be_changeable(registration, now=clock.now())
    return registration


async def _page(
    request: Request, registration: Registration, form: Form[Address], status: int = 200
) -> Response:
    return page(
        request,
        "personal/address.html",
        status=status,
        registration=registration,
        event=registration.event,
        pending=await addresses.pending(registration.id, now=clock.now()),
        form=form,
        token=links.personal_token(registration),
        organiser=footer_of(registration.event.organiser),
    )


async def show_confirm(request: Request) -> Response:
    """Show the button; opening the link does nothing (mail gateways open links)."""
    must_be_offered(request)
    token = request.path_params["token"]
    change = await addresses.asked_by(token)
    if change is None:
        return unknown_link(request)
    event = change.registration.event
    return page(
        request,
        "personal/new_address.html",
        change=change,
        event=event,
        token=token,
        organiser=footer_of(event.organiser),
    )


async def confirm(request: Request) -> Response:
    must_be_offered(request)
    moved = await addresses.confirm(request.path_params["token"], now=clock.now())
    return back(request, moved)


routes = [
    route(
        "/{lang}/my/{token}/address",
        show_address,
        access=PERSONAL,
        name="personal:address",
    ),
    route(
        "/{lang}/my/{token}/address",
        ask,
        access=PERSONAL,
        name="personal:ask_address",
        methods=["POST"],
    ),
    route(
        "/{lang}/address/{token}", show_confirm, access=PERSONAL, name="address:show"
    ),
    route(
        "/{lang}/address/{token}",
        confirm,
        access=PERSONAL,
        name="address:confirm",
        methods=["POST"],
    ),
]
