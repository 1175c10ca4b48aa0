"""Joining in, on the personal page: offered, changed, taken back with one click."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up import follow_up_words, pledges
from werkraum_feedback.follow_up.own_page import back_home, takes_part, whose
from werkraum_feedback.follow_up.pledges import LONGEST_WORDS, PledgeWish
from werkraum_feedback.follow_up_models import Pledge, PledgeForm, PledgeState
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import paragraphs
from werkraum_foundation.refusals import NotFound
from werkraum_registration import links
from werkraum_registration.models import Registration


class PledgeFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    form: PledgeForm
    theme: UUID | None = None
    hours: Annotated[int, whole_number(1, 80)] | None = None
    words: Annotated[str, paragraphs(max_length=LONGEST_WORDS)] = ""

    def wish(self) -> PledgeWish:
        return PledgeWish(self.form, self.theme, self.hours, self.words)


PledgeSheet = Form[PledgeFields]


async def show_join_in(request: Request) -> Response:
    """Show the form; `?theme=` chooses one, as the report leads here."""
    registration = await whose(request)
    if not takes_part(registration):
        raise NotFound
    typed = {"theme": request.query_params.get("theme", "")[:36]}
    return await _form_page(request, registration, PledgeSheet.showing(typed))


async def join_in(request: Request) -> Response:
    registration = await _pressed(request)
    form = await read_form(request, PledgeFields)
    if form.value is None:
        return await _form_page(request, registration, form, status=422)
    await pledges.make(registration.id, form.value.wish(), now=clock.now())
    return back_home(request, registration)


async def show_pledge(request: Request) -> Response:
    registration, pledge = await _own(request)
    form = PledgeSheet.showing(_typed(pledge))
    return await _form_page(request, registration, form, pledge)


async def change_pledge(request: Request) -> Response:
    registration, pledge = await _own(request)
    form = await read_form(request, PledgeFields)
    if form.value is None:
        return await _form_page(request, registration, form, pledge, status=422)
    wish = form.value.wish()
    await pledges.change(registration.id, pledge.id, wish, now=clock.now())
    return back_home(request, registration)


async def withdraw_pledge(request: Request) -> Response:
    registration, pledge = await _own(request)
    await pledges.withdraw(registration.id, pledge.id, now=clock.now())
    return back_home(request, registration)


async def _pressed(request: Request) -> Registration:
    registration = await whose(request)
    event = str(registration.event_id)
    await must_be_within(FORM_POSTS, client_network(request), event)
    return registration


async def _own(request: Request) -> tuple[Registration, Pledge]:
    registration = await whose(request)
    found = await pledges.own_pledge(registration.id, path_id(request, "pledge"))
    return registration, found


def _typed(pledge: Pledge) -> Typed:
    return {
        "form": pledge.form.value,
        "theme": str(pledge.theme_id or ""),
        "hours": str(pledge.hours or ""),
        "words": pledge.words,
    }


async def _form_page(
    request: Request,
    registration: Registration,
    form: PledgeSheet,
    pledge: Pledge | None = None,
    status: int = 200,
) -> Response:
    event = registration.event
    return page(
        request,
        "feedback/join_in.html",
        status=status,
        form=form,
        event=event,
        pledge=pledge,
        again=pledge is not None and pledge.state is PledgeState.WITHDRAWN,
        themes=await codebook.themes_of(event.organiser_id),
        forms=[(it.value, follow_up_words.pledge_form(it)) for it in PledgeForm],
        token=links.personal_token(registration),
        organiser=footer_of(event.organiser),
    )


JOIN_IN = "/{lang}/my/{token}/join-in"
ONE = JOIN_IN + "/{pledge}"

routes = [
    route(JOIN_IN, show_join_in, access=PERSONAL, name="feedback:join_in"),
    route(
        JOIN_IN, join_in, access=PERSONAL, name="feedback:pledge_make", methods=["POST"]
    ),
    route(ONE, show_pledge, access=PERSONAL, name="feedback:pledge"),
    route(
        ONE,
        change_pledge,
        access=PERSONAL,
        name="feedback:pledge_change",
        methods=["POST"],
    ),
    route(
        ONE + "/withdraw",
        withdraw_pledge,
        access=PERSONAL,
        name="feedback:pledge_withdraw",
        methods=["POST"],
    ),
]
