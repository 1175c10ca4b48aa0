"""A card somebody is asked about: look at it, agree or not, take it back."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.follow_up import countries, follow_up_words, practices
from werkraum_feedback.follow_up.own_page import whose
from werkraum_feedback.follow_up_models import Practice
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_registration.models import Registration


class Yes(StrEnum):
    """What somebody says about their card."""

    AGREE = "agree"
    AGREE_WITH_CONTACT = "agree_with_contact"
    REFUSE = "refuse"


class PracticeAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    answer: Yes


def consent_text(organiser: str, *, with_contact: bool) -> str:
    """Word what somebody agrees to; what was shown is noted as its hash."""
    if with_contact:
        return gettext(
            "%(name)s may publish this card on its website and in its report, with my "
            "name and e-mail address for questions.",
            name=organiser,
        )
    return gettext(
        "%(name)s may publish this card on its website and in its report, without my "
        "name.",
        name=organiser,
    )


async def show_practice(request: Request) -> Response:
    """Show the card as everybody would see it; opening the link decides nothing."""
    registration, practice = await _own(request)
    organiser = practice.organiser
    return page(
        request,
        "feedback/own_practice.html",
        event=registration.event,
        registration=registration,
        practice=practice,
        plain=consent_text(organiser.name, with_contact=False),
        named=consent_text(organiser.name, with_contact=True),
        countries=countries.names_of(practice.countries),
        words=follow_up_words,
        token=request.path_params["token"],
        organiser=footer_of(organiser),
    )


async def answer(request: Request) -> Response:
    """Note the answer, and show what it has led to."""
    registration, practice = await _own(request)
    form = await read_form(request, PracticeAnswer)
    if form.value is None:
        raise InvalidInput(form.faults)
    said = form.value.answer
    with_contact = said is Yes.AGREE_WITH_CONTACT
    await practices.answer(
        registration.id,
        practice.id,
        agrees=said is not Yes.REFUSE,
        with_contact=with_contact,
        text=consent_text(practice.organiser.name, with_contact=with_contact),
        now=clock.now(),
    )
    token = request.path_params["token"]
    return see_other(
        request, "feedback:own_practice", token=token, practice=practice.id
    )


async def _own(request: Request) -> tuple[Registration, Practice]:
    registration = await whose(request)
    practice_id = path_id(request, "practice")
    return registration, await practices.own_practice(registration.id, practice_id)


OWN = "/{lang}/my/{token}/practices/{practice}"

routes = [
    route(OWN, show_practice, access=PERSONAL, name="feedback:own_practice"),
    route(
        OWN,
        answer,
        access=PERSONAL,
        name="feedback:answer_practice",
        methods=["POST"],
    ),
]
