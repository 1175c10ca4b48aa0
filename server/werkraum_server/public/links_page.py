"""The personal link once more: for whoever lost it, or has one that opens nothing."""

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.pages import page
from werkraum_registration import submissions
from werkraum_registration.forms import LinkWish
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_server.public.programme import must_be_offered


async def show_links(request: Request) -> Response:
    must_be_offered(request)
    event = await _event(request.query_params.get("event", ""))
    return _links_page(request, event, Form[LinkWish].showing())


async def send_links(request: Request) -> Response:
    """Send the links if the address has any; the answer is the same for all."""
    must_be_offered(request)
    await must_be_within(FORM_POSTS, client_network(request), "links")
    form = await read_form(request, LinkWish)
    event = await _event(form.text("event"))
    if form.value is None:
        return _links_page(request, event, form, status=422)
    event_id = event.id if event else None
    key = normalised(form.value.email)
    await must_be_allowed_letter(event_id, key)
    await submissions.send_links(key, event_id=event_id, now=clock.now())
    query = {"sent": "1"} | ({"event": event.slug} if event else {})
    back = URL(path_to("registration:links")).include_query_params(**query)
    return RedirectResponse(str(back), status_code=303)


def unknown_link(request: Request) -> Response:
    """Answer a personal link that opens nothing, and offer the right one."""
    form = Form[LinkWish].showing()
    return page(request, "registration/unknown.html", status=404, form=form)


async def _event(slug: str) -> Event | None:
    """Find the event somebody comes from; one that is not there means all events."""
    if not slug or "\0" in slug:
        return None
    found = Event.filter(slug=slug[:80]).exclude(status=Status.DRAFT)
    return await found.select_related("organiser").first()


def _links_page(
    request: Request, event: Event | None, form: Form[LinkWish], status: int = 200
) -> Response:
    return page(
        request,
        "registration/links.html",
        status=status,
        event=event,
        form=form,
        sent="sent" in request.query_params,
        organiser=footer_of(event.organiser) if event else None,
    )


routes = [
    route("/{lang}/my", show_links, access=PUBLIC, name="registration:links"),
    route(
        "/{lang}/my",
        send_links,
        access=PUBLIC,
        name="registration:send_links",
        methods=["POST"],
    ),
]
