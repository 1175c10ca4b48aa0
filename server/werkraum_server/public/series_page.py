"""A series: its coming events, and one form to register for several of them."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import queries
from werkraum_events.models import Event, Series
from werkraum_events.series import coming_events, public_series
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import language
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.links import address_of, path_to
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import Refused
from werkraum_foundation.settings import settings
from werkraum_registration import links, series_registrations
from werkraum_registration.event_forms import forms_of
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_registration.models import Registration, State
from werkraum_registration.organisation_queries import suggested
from werkraum_registration.registrations import Applicant
from werkraum_registration.rules import why_closed, why_not_confirmable
from werkraum_registration.series_form import (
    MOST_EVENTS,
    SeriesForm,
    chosen_of,
    is_hybrid,
    open_events,
    read_series_form,
    token_for,
)
from werkraum_registration.series_questions import SeriesQuestions
from werkraum_server.public.cards import cards_of
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.programme import must_be_offered


async def show_series(request: Request) -> Response:
    must_be_offered(request)
    series = await public_series(request.path_params["slug"])
    events = await coming_events(series.id, now=clock.now())
    return await _page(request, series, events, SeriesForm.showing())


async def register_for_series(request: Request) -> Response:
    """Register for the ticked events; the answer is the same for every address."""
    must_be_offered(request)
    series = await public_series(request.path_params["slug"])
    await must_be_within(FORM_POSTS, client_network(request), str(series.id))
    now = clock.now()
    events = await coming_events(series.id, now=now)
    open_now = open_events(events, now=now)
    asks = SeriesQuestions.of(events, open_now, await forms_of(events))
    sent = await read_series_form(request, series.id, open_now, asks, now=now)
    form, wish = sent.form, sent.form.value
    if form.text("website"):
        return _next(series, [], [])
    if wish is None:
        return await _page(request, series, events, form, status=422)
    await must_be_allowed_letter(series.id, normalised(wish.email))
    applicant = Applicant(wish.name, wish.email, language())
    chosen = chosen_of(wish, open_now, sent.answers)
    refused = await series_registrations.register_for(
        chosen,
        applicant,
        batch_id=series_registrations.batch_of(wish.form_token, applicant, chosen),
        now=now,
    )
    asked = [it.event for it in chosen]
    return _next(
        series,
        [event.slug for event in asked if event.id not in refused],
        [event.slug for event in asked if event.id in refused],
    )


def _next(series: Series, asked: list[str], refused: list[str]) -> Response:
    query = urlencode({"event": asked, "refused": refused}, doseq=True)
    there = path_to("series:next", slug=series.slug)
    return RedirectResponse(f"{there}?{query}", status_code=303)


async def show_next(request: Request) -> Response:
    """Say what comes next for each event; nothing here is about a person."""
    must_be_offered(request)
    series = await public_series(request.path_params["slug"])
    events = await coming_events(series.id, now=clock.now())
    asked = set(request.query_params.getlist("event")[:MOST_EVENTS])
    refused = set(request.query_params.getlist("refused")[:MOST_EVENTS])
    return page(
        request,
        "registration/series_next.html",
        series=series,
        asked=[event for event in events if event.slug in asked],
        refused=[(it, _why(it)) for it in events if it.slug in refused],
        organiser=footer_of(series.organiser),
    )


def _why(event: Event) -> str | None:
    """Tell why an event says no as far as it can be seen now: closed, or only full."""
    refusal = why_closed(event, now=clock.now())
    return refusal.message() if refusal else None


async def _page(
    request: Request,
    series: Series,
    events: list[Event],
    form: SeriesForm,
    status: int = 200,
) -> Response:
    now = clock.now()
    open_now = open_events(events, now=now)
    topics = await queries.topics_of_all([event.id for event in events])
    asks = SeriesQuestions.of(events, open_now, await forms_of(events))
    suggests = any(it.organisation_question for it in asks.forms.values())
    return page(
        request,
        "public/series.html",
        status=status,
        series=series,
        cards=cards_of(events, topics),
        open_now=open_now,
        asks=asks,
        suggested=await suggested(series.organiser_id) if suggests else (),
        hybrid=any(is_hybrid(event) for event in open_now),
        form=form,
        form_token=token_for(series.id, form, now=now),
        organiser=footer_of(series.organiser),
        address=address_of("series:page", slug=series.slug),
        alternates={
            code: address_of("series:page", lang=code, slug=series.slug)
            for code in settings().languages
        },
    )


async def show_confirm(request: Request) -> Response:
    """Show the one button for all, or how each event stands once it was pressed."""
    must_be_offered(request)
    token = request.path_params["token"]
    batch = await series_registrations.batch_by_token(token)
    if not batch:
        return unknown_link(request)
    waiting = [it for it in batch if it.state is State.UNCONFIRMED]
    organiser = footer_of(batch[0].event.organiser)
    if waiting and "done" not in request.query_params:
        return page(
            request,
            "registration/confirm_series.html",
            batch=waiting,
            token=token,
            organiser=organiser,
        )
    return page(
        request,
        "registration/series_confirmed.html",
        batch=[_standing(it) for it in batch],
        organiser=organiser,
    )


async def confirm(request: Request) -> Response:
    must_be_offered(request)
    token = request.path_params["token"]
    await series_registrations.confirm_batch(token, now=clock.now())
    return RedirectResponse(f"{path_to('series:confirm', token=token)}?done=1", 303)


def _standing(it: Registration) -> tuple[Registration, str | None, Refused | None]:
    """A registration of the batch, its own page once confirmed, or why it is not."""
    if it.state is not State.UNCONFIRMED:
        return it, path_to("personal:page", token=links.personal_token(it)), None
    refusal = why_not_confirmable(it.state, it.event, now=clock.now())
    return it, None, refusal


SERIES = "/{lang}/series/{slug}"
CONFIRM = "/{lang}/confirm/{token}/all"
routes = [
    route(SERIES, show_series, access=PUBLIC, name="series:page"),
    route(
        SERIES + "/registrations",
        register_for_series,
        access=PUBLIC,
        name="series:register",
        methods=["POST"],
    ),
    route(SERIES + "/registered", show_next, access=PUBLIC, name="series:next"),
    route(CONFIRM, show_confirm, access=PERSONAL, name="series:confirm"),
    route(CONFIRM, confirm, access=PERSONAL, name="series:press", methods=["POST"]),
]
