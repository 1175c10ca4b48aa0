"""Whose page it is: the registration behind a personal link, on pages of this part."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Status
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.pages import see_other
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration import links
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import by_personal_token


async def whose(request: Request) -> Registration:
    """Find whose page it is, event and organiser with it; raises `UnknownLink`."""
    if request.path_params["lang"] not in settings().languages:
        raise NotFound
    registration = await by_personal_token(request.path_params["token"])
    if registration.event.status is Status.DRAFT:
        raise NotFound
    return registration


def takes_part(registration: Registration) -> bool:
    """Whether somebody has confirmed the address, has not left, and it is not off."""
    gone = registration.state in (*ENDED, State.UNCONFIRMED)
    return not gone and registration.event.status is Status.PUBLISHED


async def enter_own(registration_id: object) -> Registration:
    """Have two clicks of one person take turns, then read who they are."""
    if not is_sqlite():
        # SQLite has one writer at a time, and this one is it.
        await rows(
            "SELECT id FROM registration WHERE id = :id FOR UPDATE", id=registration_id
        )
    found = Registration.filter(id=registration_id, email__not="")
    registration = await found.select_related("event").first()
    if registration is None:
        raise NotFound
    return registration


def back_home(request: Request, registration: Registration) -> Response:
    """Lead back to the personal page."""
    token = links.personal_token(registration)
    return see_other(request, "personal:page", token=token)
