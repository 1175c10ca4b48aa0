"""Registering: the form is sent, a page says what comes next."""

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Confirmation, Event
from werkraum_events.queries import current_event
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import language
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration import forms, submissions
from werkraum_registration.entry import must_have_form
from werkraum_registration.event_forms import form_of
from werkraum_registration.forms import Address, NewForm
from werkraum_registration.letter_limits import must_be_allowed_letter
from werkraum_registration.models import Submission
from werkraum_registration.newcomers import Newcomer
from werkraum_registration.queries import submission_by
from werkraum_registration.registrations import Applicant
from werkraum_registration.turnstile import pass_through
from werkraum_server.public.form_piece import form_piece
from werkraum_server.public.programme import must_be_offered


async def create_registration(request: Request) -> Response:
    must_be_offered(request)
    event = await current_event(request.path_params["slug"])
    await must_be_within(FORM_POSTS, client_network(request), str(event.id))
    now, asked = clock.now(), await form_of(event)
    must_have_form(event, now=now)
    filled = await forms.read_new_registration(request, event, asked, now=now)
    typed, application = filled.form.value, filled.application
    if forms.is_robot(filled.form):
        return see_other(request, "registration:next", key=new_token())
    if typed is None or application is None:
        return await _form_again(request, event, filled.form)
    await must_be_allowed_letter(event.id, normalised(typed.email))
    applicant = Applicant(typed.name, typed.email, language())
    key = submissions.key_of(typed.form_token, applicant, application)
    newcomer = Newcomer(applicant, application, key, filled.organisation, now)
    await pass_through(event, newcomer)
    return see_other(request, "registration:next", key=key)


async def _form_again(request: Request, event: Event, form: NewForm) -> Response:
    return page(
        request,
        "registration/form.html",
        status=forms.status_of(form),
        event=event,
        organiser=footer_of(event.organiser),
        **await form_piece(event, form),
    )


async def show_next(request: Request) -> Response:
    """Say what comes next; a form that is forgotten already gets the same advice."""
    must_be_offered(request)
    submission = await submission_by(hashed(request.path_params["key"]))
    return _next_page(request, submission, Form[Address].showing())


def _next_page(
    request: Request,
    submission: Submission | None,
    form: Form[Address],
    status: int = 200,
) -> Response:
    event = submission.event if submission else None
    return page(
        request,
        "registration/next.html",
        status=status,
        submission=submission,
        key=request.path_params["key"],
        sent="sent" in request.query_params,
        at_once=bool(event and event.confirmation is Confirmation.IMMEDIATE),
        form=form,
        organiser=footer_of(event.organiser) if event else None,
    )


async def send_again(request: Request) -> Response:
    submission = await _submission(request)
    await must_be_allowed_letter(submission.event_id, normalised(submission.email))
    await submissions.send_again(submission)
    return _sent(request)


async def correct_address(request: Request) -> Response:
    submission = await _submission(request)
    form = await read_form(request, Address)
    if form.value is None:
        return _next_page(request, submission, form, status=422)
    await must_be_allowed_letter(submission.event_id, normalised(form.value.email))
    await submissions.correct(
        request.path_params["key"],
        form.value.email,
        language=language(),
        now=clock.now(),
    )
    return _sent(request)


async def _submission(request: Request) -> Submission:
    must_be_offered(request)
    submission = await submission_by(hashed(request.path_params["key"]))
    if submission is None:
        raise NotFound
    event_id = str(submission.event_id)
    await must_be_within(FORM_POSTS, client_network(request), event_id)
    return submission


def _sent(request: Request) -> Response:
    path = path_to("registration:next", key=request.path_params["key"])
    return RedirectResponse(str(URL(path).include_query_params(sent=1)), 303)


routes = [
    route(
        "/{lang}/events/{slug}/registrations",
        create_registration,
        access=PUBLIC,
        name="registration:create",
        methods=["POST"],
    ),
    route(
        "/{lang}/registered/{key}",
        show_next,
        access=PERSONAL,
        name="registration:next",
    ),
    route(
        "/{lang}/registered/{key}/again",
        send_again,
        access=PERSONAL,
        name="registration:again",
        methods=["POST"],
    ),
    route(
        "/{lang}/registered/{key}/address",
        correct_address,
        access=PERSONAL,
        name="registration:correct",
        methods=["POST"],
    ),
]
