"""A personal invitation: its link shows the form, buttons accept or decline."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import language
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import Refused
from werkraum_registration import event_forms, forms, guests, links, rules
from werkraum_registration.forms import NewForm
from werkraum_registration.guest_rules import InvitationWithdrawn
from werkraum_registration.models import Guest, GuestState, Registration
from werkraum_registration.queries import active_registration, seats_of
from werkraum_server.public.form_piece import form_piece
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.programme import must_be_offered

Deed = Callable[..., Awaitable[Guest]]


async def show_invitation(request: Request) -> Response:
    """Show the event and the form; opening the link does nothing."""
    must_be_offered(request)
    guest = await guests.guest_by_token(request.path_params["token"])
    return unknown_link(request) if guest is None else await _page(request, guest)


async def accept(request: Request) -> Response:
    """Register under the address of the invitation, whatever else is typed."""
    must_be_offered(request)
    token, now = request.path_params["token"], clock.now()
    guest = await guests.guest_by_token(token)
    if guest is None:
        return unknown_link(request)
    event = guest.event
    await must_be_within(FORM_POSTS, client_network(request), str(event.id))
    if refusal := _why_not(guest, now=now):
        raise refusal
    asked = await event_forms.form_of(event)
    filled = await forms.read_new_registration(
        request, event, asked, now=now, address=guest.email
    )
    value, wish = filled.form.value, filled.application
    if value is None or wish is None:
        status = forms.status_of(filled.form)
        return await _page(request, guest, filled.form, status=status)
    made = await guests.accept(
        token,
        value.name,
        language(),
        wish,
        organisation=filled.organisation,
        now=now,
    )
    return see_other(request, "personal:page", token=made.personal_token)


async def decline(request: Request) -> Response:
    return await _answered(request, guests.decline)


async def reconsider(request: Request) -> Response:
    return await _answered(request, guests.think_again)


async def _answered(request: Request, deed: Deed) -> Response:
    must_be_offered(request)
    token = request.path_params["token"]
    await deed(token, now=clock.now())
    return see_other(request, "registration:invited", token=token)


def _why_not(guest: Guest, *, now: datetime) -> Refused | None:
    """Tell why this invitation cannot be accepted, if it cannot."""
    if guest.state is GuestState.WITHDRAWN:
        return InvitationWithdrawn()
    return rules.why_closed(guest.event, now=now)


async def _page(
    request: Request, guest: Guest, form: NewForm | None = None, status: int = 200
) -> Response:
    event, registration = guest.event, await _registration_of(guest)
    refusal = None if registration else _why_not(guest, now=clock.now())
    piece = await form_piece(event, form or await _empty(guest))
    return page(
        request,
        "registration/invited.html",
        status=refusal.status if refusal else status,
        guest=guest,
        event=event,
        refusal=refusal,
        personal=_page_of(registration) if registration else None,
        token=request.path_params["token"],
        organiser=footer_of(event.organiser),
        # Closed to those who were not invited does not count here.
        **(piece | {"closed": None}),
    )


async def _empty(guest: Guest) -> NewForm:
    """Start the form with the name the organiser wrote, to be put right."""
    form = forms.empty_form(guest.event, await seats_of(guest.event_id))
    return NewForm.showing({**form.typed, "name": guest.name})


async def _registration_of(guest: Guest) -> Registration | None:
    """Find how the owner of the address takes part already, by whatever way."""
    if guest.state is GuestState.WITHDRAWN:
        return None
    found = await active_registration(guest.event_id, guest.email_key)
    return found if found and found.vouched_at else None


def _page_of(registration: Registration) -> str:
    return path_to("personal:page", token=links.personal_token(registration))


INVITED = "/{lang}/invited/{token}"
routes = [
    route(INVITED, show_invitation, access=PERSONAL, name="registration:invited"),
    route(
        INVITED,
        accept,
        access=PERSONAL,
        name="registration:accept",
        methods=["POST"],
    ),
    route(
        INVITED + "/decline",
        decline,
        access=PERSONAL,
        name="registration:decline",
        methods=["POST"],
    ),
    route(
        INVITED + "/reconsider",
        reconsider,
        access=PERSONAL,
        name="registration:reconsider",
        methods=["POST"],
    ),
]
