"""On which terms people register for an event: who may, who decides, who is next."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import events, rules
from werkraum_events.models import Entry, Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.links import address_of, path_to
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import ChangedMeanwhile
from werkraum_server.desk.differences import differences
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.terms_form import TermsFields, typed_terms

TermsForm = Form[TermsFields]


async def show_terms(request: Request) -> Response:
    event = await own_event(request)
    rules.must_not_be_off(event)
    return _page(request, event, TermsForm.showing(typed_terms(event)))


async def save_terms(request: Request) -> Response:
    """Set the terms, or show what somebody else saved in the meantime beside them."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, TermsFields)
    if form.value is None:
        return _page(request, event, form, status=422)
    try:
        await events.set_terms(
            grant.organiser_id,
            event.id,
            form.value.terms(),
            version=form.value.version,
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        return _page(request, event, TermsForm(form.typed, refusal.faults), status=422)
    except ChangedMeanwhile as refusal:
        return _conflict_page(request, event, form, refusal)
    saved = path_to("desk:terms", id=event.id)
    return RedirectResponse(f"{saved}?done=saved", status_code=303)


def _conflict_page(
    request: Request, event: Event, form: TermsForm, refusal: ChangedMeanwhile
) -> Response:
    there = typed_terms(event)
    typed = {**form.typed, "version": there["version"]}
    again = TermsForm(typed, (Fault("", refusal.code, refusal.message()),))
    others = differences(there, form.typed)
    return _page(request, event, again, status=409, others=others)


def _page(
    request: Request,
    event: Event,
    form: TermsForm,
    *,
    status: int = 200,
    others: dict[str, str] | None = None,
) -> Response:
    saved = request.query_params.get("done") == "saved" and status == 200
    return page(
        request,
        "desk/terms.html",
        status=status,
        event=event,
        form=form,
        others=others or {},
        link=_link_with_code(event),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        notice=gettext("Your changes are saved.") if saved else None,
    )


def _link_with_code(event: Event) -> str | None:
    """The address of the event's page that brings the code along."""
    if event.entry is not Entry.CODE:
        return None
    there = address_of("events:event", slug=event.slug)
    return f"{there}?{urlencode({'code': event.entry_code})}"


TERMS = "/desk/events/{id}/registration"
routes = [
    route(TERMS, show_terms, access=MANAGER, name="desk:terms"),
    route(TERMS, save_terms, access=MANAGER, name="desk:save_terms", methods=["POST"]),
]
