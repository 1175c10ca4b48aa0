"""What the owner of a registration does with one button of the personal page."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Mode
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import read_form
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.pages import see_other
from werkraum_registration import (
    link_letters,
    links,
    offers,
    registrations,
    rules,
    wishes,
)
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import by_personal_token, wishes_of
from werkraum_server.letters import first_letters
from werkraum_server.public.programme import must_be_offered


class Answer(StrEnum):
    """What somebody says to a seat that is offered."""

    ACCEPT = "accept"
    DECLINE = "decline"


class ModeWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mode: Mode


class OfferAnswer(ModeWish):
    answer: Answer


async def cancel(request: Request) -> Response:
    registration = await _pressed(request)
    await registrations.cancel(registration.id, actor=ATTENDEE, now=clock.now())
    return back(request, registration)


async def restore(request: Request) -> Response:
    """Take the cancellation back."""
    registration = await found(request)
    await registrations.restore(registration.id, actor=ATTENDEE, now=clock.now())
    return back(request, registration)


async def switch_mode(request: Request) -> Response:
    registration, mode = await _with_mode(request)
    await wishes.switch_mode(registration.id, mode, actor=ATTENDEE, now=clock.now())
    return await _vouched(request, registration)


async def wait(request: Request) -> Response:
    registration, mode = await _with_mode(request)
    await wishes.wait_for(registration.id, mode, actor=ATTENDEE, now=clock.now())
    return await _vouched(request, registration)


async def stop_waiting(request: Request) -> Response:
    registration, mode = await _with_mode(request)
    await wishes.stop_waiting(registration.id, mode, actor=ATTENDEE, now=clock.now())
    return await _vouched(request, registration)


async def answer_offer(request: Request) -> Response:
    """Take or decline the seat that is offered; the same button twice is fine."""
    registration = await found(request)
    form = await read_form(request, OfferAnswer)
    if form.value is None:
        raise InvalidInput(form.faults)
    mode, now = form.value.mode, clock.now()
    if form.value.answer is Answer.ACCEPT:
        if registration.state in ENDED:
            raise rules.NoOffer
        await offers.accept(registration.id, mode, actor=ATTENDEE, now=now)
    elif await _is_offered(registration, mode):
        await offers.decline(registration.id, mode, actor=ATTENDEE, now=now)
    return await _vouched(request, registration)


async def _is_offered(registration: Registration, mode: Mode) -> bool:
    waiting = await wishes_of(registration.id)
    return any(it.mode is mode and it.offered_until for it in waiting)


async def send_again(request: Request) -> Response:
    """Send the letter with the links once more."""
    registration = await found(request)
    await must_be_within(
        FORM_POSTS, client_network(request), str(registration.event_id)
    )
    await must_be_allowed_letter(registration.event_id, registration.email_key)
    await link_letters.send_link(registration)
    return back(request, registration)


async def vouch(request: Request) -> Response:
    """Say that the name is right: from now on letters may use it."""
    registration = await _pressed(request)
    await first_letters.release(registration.id)
    return back(request, registration)


async def found(request: Request) -> Registration:
    """Find whose page it is, event and organiser with it; raises `UnknownLink`."""
    must_be_offered(request)
    return await by_personal_token(request.path_params["token"])


async def _with_mode(request: Request) -> tuple[Registration, Mode]:
    registration = await found(request)
    form = await read_form(request, ModeWish)
    if form.value is None:
        raise InvalidInput(form.faults)
    return registration, form.value.mode


async def _pressed(request: Request) -> Registration:
    registration = await found(request)
    if registration.state is not State.UNCONFIRMED:
        await registrations.vouch(registration.id, now=clock.now())
    return registration


async def _vouched(request: Request, registration: Registration) -> Response:
    await registrations.vouch(registration.id, now=clock.now())
    return back(request, registration)


def back(request: Request, registration: Registration) -> Response:
    token = links.personal_token(registration)
    return see_other(request, "personal:page", token=token)


BUTTONS = {
    "cancel": cancel,
    "restore": restore,
    "mode": switch_mode,
    "wait": wait,
    "stop-waiting": stop_waiting,
    "offer": answer_offer,
    "resend": send_again,
    "vouch": vouch,
}

routes = [
    route(
        f"/{{lang}}/my/{{token}}/{name}",
        deed,
        access=PERSONAL,
        name=f"personal:{name.replace('-', '_')}",
        methods=["POST"],
    )
    for name, deed in BUTTONS.items()
]
