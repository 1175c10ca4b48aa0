"""The page on which somebody changes what they told us."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Session
from werkraum_events.queries import sessions_of
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.limits import FORM_POSTS, client_network, must_be_within
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import Refused
from werkraum_registration import (
    answers,
    changes,
    chosen_sessions,
    links,
    organisations,
    registrations,
    rules,
)
from werkraum_registration.answer_reading import Answers
from werkraum_registration.changes import Details
from werkraum_registration.models import FormQuestion, FormQuestionKind, Registration
from werkraum_registration.questions import questions_of
from werkraum_server.public.change_form import (
    ChangeForm,
    names_in,
    read_change,
    showing,
)
from werkraum_server.public.personal_deeds import back, found


@dataclass(frozen=True)
class Changing:
    """Whose details are changed, and what there is to choose and to answer."""

    registration: Registration
    sessions: Sequence[Session]
    questions: Sequence[FormQuestion]


async def show_change(request: Request) -> Response:
    it = await _changing(request)
    chosen = await chosen_sessions.chosen_by(it.registration.id, ())
    values = answers.values_of(await answers.answers_by(it.registration.id))
    return _page(request, it, showing(it.registration, chosen, it.questions, values))


async def change(request: Request) -> Response:
    it = await _changing(request)
    event_id = str(it.registration.event_id)
    await must_be_within(FORM_POSTS, client_network(request), event_id)
    # A party the organiser has entered may be larger than one may ask for.
    largest = max(it.registration.event.largest_party, it.registration.seats)
    form, given = await read_change(request, it.questions, largest_party=largest)
    if form.value is None:
        return _page(request, it, form, status=422)
    details = Details(
        name=form.value.name,
        seats=form.value.seats,
        companions=tuple(names_in(form.value.companions)),
        sessions=frozenset(form.value.sessions),
        answers=given.values,
        organisation_id=await _organisation(it, given),
    )
    now = clock.now()
    try:
        await changes.change(it.registration.id, details, actor=ATTENDEE, now=now)
    except (rules.NoFreeSeat, rules.PartyTooLarge) as refusal:
        refused = ChangeForm(form.typed, (_at_seats(refusal),))
        return _page(request, it, refused, status=422)
    await registrations.vouch(it.registration.id, now=now)
    return back(request, it.registration)


def _at_seats(refusal: Refused) -> Fault:
    said = refusal.message()
    if isinstance(refusal, rules.NoFreeSeat):
        said = gettext("There are not that many free seats. Yours stay as they are.")
    return Fault("seats", refusal.code, said)


async def _changing(request: Request) -> Changing:
    """Find what may be changed; raises as `changes.change` does where nothing may."""
    registration = await found(request)
    changes.must_be_changeable(registration, now=clock.now())
    event_id = registration.event_id
    bookable = [it for it in await sessions_of(event_id) if it.bookable]
    return Changing(registration, bookable, await questions_of(event_id))


async def _organisation(it: Changing, given: Answers) -> UUID | None:
    """Find the organisation that was named in answer to a question about it."""
    kind = FormQuestionKind.ORGANISATION
    if not any(each.kind is kind and not each.retired_at for each in it.questions):
        return it.registration.organisation_id
    office = it.registration.event.organiser_id
    return await organisations.named(office, given.organisation, now=clock.now())


def _page(
    request: Request, it: Changing, form: ChangeForm, status: int = 200
) -> Response:
    event = it.registration.event
    return page(
        request,
        "personal/change.html",
        status=status,
        registration=it.registration,
        event=event,
        sessions=it.sessions,
        questions=[each for each in it.questions if not each.retired_at],
        form=form,
        token=links.personal_token(it.registration),
        organiser=footer_of(event.organiser),
    )


routes = [
    route(
        "/{lang}/my/{token}/change",
        show_change,
        access=PERSONAL,
        name="personal:change",
    ),
    route(
        "/{lang}/my/{token}/change",
        change,
        access=PERSONAL,
        name="personal:save_change",
        methods=["POST"],
    ),
]
