"""Agreeing, taking it back with one click, and who else takes part."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.language import language
from werkraum_foundation.pages import page
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound
from werkraum_registration import consent_lists, consents, links, registrations
from werkraum_server.public.personal_deeds import back, found


class Box(BaseModel):
    """What a box stands for (`consent_wishes.Asked.entry`): a purpose and its text."""

    model_config = ConfigDict(extra="forbid")
    entry: Annotated[str, line(max_length=80)]


async def give(request: Request) -> Response:
    """Agree to the very text that stood on the page; who is out changes nothing."""
    registration, now = await found(request), clock.now()
    form = await read_form(request, Box)
    if form.value is None:
        raise InvalidInput(form.faults)
    entry = form.value.entry
    if entry.partition(":")[0] != request.path_params["purpose"]:
        raise NotFound
    if consents.may_give(registration, now=now):
        await consents.give(
            registration.id,
            registration.event_id,
            [entry],
            language=language(),
            channel=consents.PERSONAL_PAGE,
            now=now,
        )
        await registrations.vouch(registration.id, now=now)
    return back(request, registration)


async def withdraw(request: Request) -> Response:
    """Take a consent back; what nobody gave is taken back already."""
    registration = await found(request)
    purpose = request.path_params["purpose"]
    await consents.withdraw(registration.id, purpose, clock.now())
    return back(request, registration)


async def show_people(request: Request) -> Response:
    """List who agreed to be seen, for those who take part; a handful of queries."""
    registration = await found(request)
    if not await consents.shows_people(registration, now=clock.now()):
        raise NotFound
    event = registration.event
    people = await consent_lists.people_of(event.id)
    return page(
        request,
        "registration/people.html",
        event=event,
        people=people,
        token=links.personal_token(registration),
        gone_at=event.ends_at + consents.LIST_LIFE,
        organiser=footer_of(event.organiser),
    )


MY = "/{lang}/my/{token}"

routes = [
    route(MY + "/people", show_people, access=PERSONAL, name="personal:people"),
    *(
        route(
            f"{MY}/consents/{{purpose}}/{name}",
            deed,
            access=PERSONAL,
            name=f"personal:{name}_consent",
            methods=["POST"],
        )
        for name, deed in (("give", give), ("withdraw", withdraw))
    ),
]
