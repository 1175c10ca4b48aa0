"""Personal invitations at the desk: who was invited, who answered what."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, language, ngettext
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import paragraphs
from werkraum_foundation.refusals import Refused
from werkraum_foundation.settings import settings
from werkraum_registration import guests
from werkraum_registration.guest_lines import Invitee, read_lines
from werkraum_registration.guest_lists import (
    LARGEST_PAGE,
    guests_counted,
    guests_listed,
)
from werkraum_registration.models import GuestState
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.returned import returned_of

# Five hundred lines with long names.
LARGEST = 512 * 1024
People = Annotated[str, paragraphs(max_length=100_000)]


class Invitations(BaseModel):
    """One person a line; `lang` is the language of the letter."""

    model_config = ConfigDict(extra="forbid")
    people: People
    lang: str


InvitationForm = Form[Invitations]


async def show_guests(request: Request) -> Response:
    event = await own_event(request)
    form = InvitationForm.showing({"lang": language()})
    return await _page(request, event, form)


async def invite(request: Request) -> Response:
    """Invite all of the list, or nobody while a line of it cannot be read."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Invitations, limit=LARGEST)
    people, faults = _checked(form)
    if form.value is None or faults:
        again = InvitationForm(form.typed, (*form.faults, *faults))
        return await _page(request, event, again, status=422)
    made = await guests.invite(
        event, people, language=form.value.lang, actor=grant.actor, now=clock.now()
    )
    return _done(event, sent=made.sent, known=made.known)


def _checked(form: InvitationForm) -> tuple[list[Invitee], list[Fault]]:
    if form.value is None:
        return [], []
    if form.value.lang not in settings().languages:
        return [], [fault("lang", "enum")]
    people, faults = read_lines(form.value.people)
    if not people and not faults:
        faults = [fault("people", "missing")]
    return people, faults


async def remind(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    count = await guests.remind(event, actor=grant.actor, now=clock.now())
    return _done(event, reminded=count)


async def withdraw(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    guest_id = path_id(request, "guest")
    await guests.withdraw(event, guest_id, actor=grant.actor, now=clock.now())
    return _done(event, withdrawn=1)


def _done(event: Event, **counts: int) -> Response:
    query = "&".join(f"{name}={count}" for name, count in counts.items())
    back = path_to("desk:guests", id=event.id)
    return RedirectResponse(f"{back}?{query}", status_code=303)


async def _page(
    request: Request, event: Event, form: InvitationForm, status: int = 200
) -> Response:
    """Show at most a hundred; four queries, however many there are."""
    state, number = _asked(request)
    counts = await guests_counted(event.id)
    count = counts[state] if state else sum(counts.values())
    skip = (number - 1) * LARGEST_PAGE
    listed = await guests_listed(event.id, state, skip=skip)
    sent = {guest.id: guest.sent_at for guest in listed}
    return page(
        request,
        "desk/guests.html",
        status=status,
        event=event,
        form=form,
        guests=listed,
        returned=await returned_of(event.organiser_id, sent),
        counts=counts,
        state=state,
        number=number,
        more=count > skip + LARGEST_PAGE,
        closed=_why_not(event),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        notice=_said(request) if status == 200 else None,
    )


def _asked(request: Request) -> tuple[GuestState | None, int]:
    """Read which part of the list is wanted; what is no wish is ignored."""
    typed, number = (request.query_params.get(it, "") for it in ("state", "page"))
    state = next((it for it in GuestState if it.value == typed), None)
    sound = number.isascii() and number.isdigit() and len(number) <= 4
    return state, max(1, int(number)) if sound else 1


def _why_not(event: Event) -> Refused | None:
    """Tell why nobody can be invited at the moment."""
    try:
        guests.must_be_invitable(event, now=clock.now())
    except Refused as refusal:
        return refusal
    return None


def _said(request: Request) -> str | None:
    """Say what has just been done, with its numbers."""
    counts = {
        name: int(typed)
        for name, typed in request.query_params.items()
        if typed.isascii() and typed.isdigit() and len(typed) <= 4
    }
    if "sent" in counts:
        return " ".join([_sent(counts["sent"]), *_known(counts.get("known", 0))])
    if "reminded" in counts:
        return ngettext(
            "One person is reminded by letter.",
            "%(number)s people are reminded by letter.",
            counts["reminded"],
        )
    if "withdrawn" in counts:
        return gettext("The invitation is withdrawn.")
    return None


def _sent(count: int) -> str:
    return ngettext(
        "One invitation is on its way.",
        "%(number)s invitations are on their way.",
        count,
    )


def _known(count: int) -> list[str]:
    if not count:
        return []
    said = ngettext(
        "One person had been invited already and gets no second letter.",
        "%(number)s people had been invited already and get no second letter.",
        count,
    )
    return [said]


GUESTS = "/desk/events/{id}/guests"
routes = [
    route(GUESTS, show_guests, access=READER, name="desk:guests"),
    route(GUESTS, invite, access=MANAGER, name="desk:invite", methods=["POST"]),
    route(
        GUESTS + "/remind",
        remind,
        access=MANAGER,
        name="desk:remind_guests",
        methods=["POST"],
    ),
    route(
        GUESTS + "/{guest}/withdraw",
        withdraw,
        access=MANAGER,
        name="desk:withdraw_guest",
        methods=["POST"],
    ),
]
