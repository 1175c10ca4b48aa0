"""Seeking and offering, on the personal page: say it, see suggestions, yes or no."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.follow_up import contact_list, contacts, countries, talks
from werkraum_feedback.follow_up.contacts import Sought
from werkraum_feedback.follow_up.country_field import Countries, codes_in
from werkraum_feedback.follow_up.own_page import takes_part, whose
from werkraum_feedback.follow_up_models import ContactWish
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.faults import Fault, InvalidInput, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import paragraphs
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import Registration

TEXT = Annotated[str, paragraphs(max_length=500)]


class SoughtFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seeks: TEXT = ""
    offers: TEXT = ""
    themes: tuple[str, ...] = ()
    countries: Countries = ""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


class AnswerFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    answer: Answer


SoughtForm = Form[SoughtFields]


async def show_contacts(request: Request) -> Response:
    registration = await _own(request)
    wish = await contact_list.wish_by(registration.id)
    form = SoughtForm.showing(_typed(wish) if wish else None)
    return await _page(request, registration, form)


async def seek(request: Request) -> Response:
    registration = await _own(request)
    event = registration.event
    await must_be_within(FORM_POSTS, client_network(request), str(event.id))
    form = await read_form(request, SoughtFields)
    if faults := await _lacks(registration, form):
        form = Form(form.typed, (*form.faults, *faults))
    if form.value is None:
        return await _page(request, registration, form, status=422)
    said = form.value
    sought = Sought(said.seeks, said.offers, said.themes, codes_in(said.countries))
    await contacts.seek(registration.id, sought, now=clock.now())
    return _back(request)


async def stop(request: Request) -> Response:
    registration = await whose(request)
    await contacts.stop_seeking(registration.id, now=clock.now())
    return _back(request)


async def answer(request: Request) -> Response:
    registration = await whose(request)
    form = await read_form(request, AnswerFields)
    if form.value is None:
        raise InvalidInput(form.faults)
    await contacts.answer(
        registration.id,
        path_id(request, "contact"),
        yes=form.value.answer is Answer.YES,
        now=clock.now(),
    )
    return _back(request)


async def _own(request: Request) -> Registration:
    """Find whose page it is; before the event begins there is none."""
    registration = await whose(request)
    if not takes_part(registration) or clock.now() < registration.event.starts_at:
        raise NotFound
    return registration


async def _lacks(registration: Registration, form: SoughtForm) -> list[Fault]:
    """Name what is missing for a suggestion that could be explained."""
    if form.value is None:
        return []
    said, faults = form.value, []
    if not said.seeks and not said.offers:
        words = gettext("Please say what you seek, or what you offer.")
        faults.append(Fault("seeks", "missing", words))
    known = {code for code, _ in await contact_list.themes_for(registration.event)}
    if not set(said.themes) <= known:
        faults.append(fault("themes", "enum"))
    if not said.themes and not said.countries:
        words = gettext("Please choose a theme or name a country.")
        faults.append(Fault("themes" if known else "countries", "missing", words))
    return faults


def _typed(wish: ContactWish) -> Typed:
    return {
        "seeks": wish.seeks,
        "offers": wish.offers,
        "themes": tuple(wish.themes),
        "countries": ", ".join(countries.names_of(wish.countries)),
    }


def _back(request: Request) -> Response:
    token = request.path_params["token"]
    return see_other(request, "feedback:contacts", token=token)


async def _page(
    request: Request, registration: Registration, form: SoughtForm, status: int = 200
) -> Response:
    event, now = registration.event, clock.now()
    return page(
        request,
        "feedback/contacts.html",
        status=status,
        form=form,
        event=event,
        over=event.is_past(now),
        seeking=await contact_list.wish_by(registration.id) is not None,
        suggested=await contact_list.suggested_to(registration, now=now),
        themes=await contact_list.themes_for(event),
        talk_ends_at=talks.talk_ends_at,
        now=now,
        token=request.path_params["token"],
        organiser=footer_of(event.organiser),
    )


MINE = "/{lang}/my/{token}/contacts"

routes = [
    route(MINE, show_contacts, access=PERSONAL, name="feedback:contacts"),
    route(MINE, seek, access=PERSONAL, name="feedback:seek", methods=["POST"]),
    route(
        MINE + "/stop",
        stop,
        access=PERSONAL,
        name="feedback:stop_seeking",
        methods=["POST"],
    ),
    route(
        MINE + "/{contact}",
        answer,
        access=PERSONAL,
        name="feedback:answer_contact",
        methods=["POST"],
    ),
]
