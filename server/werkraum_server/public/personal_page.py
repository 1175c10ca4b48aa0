"""The personal page: how a registration stands, and what its owner may change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.materials import materials_of
from werkraum_events.models import Event, Material, Status
from werkraum_feedback.answering.ballots import Survey, surveys_for
from werkraum_feedback.follow_up import follow_up_words, pledges, practices
from werkraum_feedback.follow_up.own_page import takes_part
from werkraum_feedback.live_rounds.live_view import Invited, pulses_for
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import pick
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page
from werkraum_registration import answers, consents, links, needs, rules
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import (
    Seats,
    Waiting,
    find_by_personal_token,
    seats_of,
    wishes_of,
)
from werkraum_server.own_data import organisation_of
from werkraum_server.public.calendar_pages import links_to_add
from werkraum_server.public.doorway import doorway_of
from werkraum_server.public.event_page import has_report
from werkraum_server.public.links_page import unknown_link
from werkraum_server.public.programme import must_be_offered
from werkraum_server.public.subscriptions import ways_to_subscribe
from werkraum_server.public.tables import own_tables

# Any: what the templates name.
Context = dict[str, Any]


class Standing(StrEnum):
    """What the banner on top says: what holds for all comes first."""

    CALLED_OFF = "called_off"
    OVER = "over"
    CONFIRMED = "confirmed"
    PENDING_APPROVAL = "pending_approval"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    UNCONFIRMED = "unconfirmed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


# Who may still change something.
ACTIVE = (
    Standing.CONFIRMED,
    Standing.PENDING_APPROVAL,
    Standing.WAITLISTED,
    Standing.OFFERED,
)


async def show_personal(request: Request) -> Response:
    must_be_offered(request)
    registration = await find_by_personal_token(request.path_params["token"])
    if registration is None or registration.event.status is Status.DRAFT:
        return unknown_link(request)
    return await _personal_page(request, registration)


async def _personal_page(request: Request, registration: Registration) -> Response:
    """Show the page; a dozen of queries, however much there is."""
    event, now = registration.event, clock.now()
    standing = standing_of(registration, now=now)
    token = links.personal_token(registration)
    return page(
        request,
        "personal/page.html",
        registration=registration,
        event=event,
        standing=standing.value,
        active=standing in ACTIVE,
        undo_until=undo_until(registration, now=now),
        **await _seats(registration),
        organisation=await organisation_of(registration),
        answered=await answers.answers_by(registration.id),
        needs=await needs.needs_by(registration.id),
        consents=await consents.shown_to(registration, now=now),
        door=await doorway_of(registration, now=now),
        tables=await own_tables(registration, now=now),
        surveys=await _surveys_of(registration, now=now),
        pulses=await pulses_of(registration, now=now),
        materials=await _materials_of(registration),
        with_report=await has_report(event, now=now),
        pledges=await pledges.pledges_by(registration.id),
        practices=await practices.asked_of(registration.id),
        may_pledge=takes_part(registration),
        may_seek=takes_part(registration) and event.starts_at <= now,
        follow_up_words=follow_up_words,
        token=token,
        confirm_token=links.confirm_token(registration),
        calendar_links=links_to_add(event),
        ways=ways_to_subscribe(
            address_of("calendar:personal", token=token), pick(event.title)[0]
        ),
        organiser=footer_of(event.organiser),
    )


async def _seats(registration: Registration) -> Context:
    """Gather what is offered, waited for and chosen, and the other way to take part."""
    waiting = await wishes_of(registration.id)
    for_event = [it for it in waiting if it.mode]
    return {
        "offers": [it for it in for_event if it.offered_until],
        "waiting": [it for it in for_event if not it.offered_until],
        "sessions": await chosen_by(registration.id, waiting),
        "other": await _other_seats(registration, for_event),
    }


async def _other_seats(
    registration: Registration, waiting: Sequence[Waiting]
) -> Seats | None:
    """Tell how the other mode stands, unless it is waited for already."""
    event, mode = registration.event, registration.mode
    other = rules.other_mode(event, mode)
    if other is None or any(it.mode is other for it in waiting):
        return None
    there = next((it for it in await seats_of(event.id) if it.mode is other), None)
    # Who moves takes no more seats of the event as a whole.
    return there and replace(there, left_in_all=None)


async def _surveys_of(registration: Registration, *, now: datetime) -> list[Survey]:
    """List the open rounds of whoever took part or will."""
    if registration.state is not State.CONFIRMED:
        return []
    return await surveys_for(registration.event_id, registration.id, now=now)


async def pulses_of(registration: Registration, *, now: datetime) -> list[Invited]:
    """List the live rounds that whoever has a seat can join now."""
    if registration.state is not State.CONFIRMED:
        return []
    return await pulses_for(registration.event_id, registration.id, now=now)


async def _materials_of(registration: Registration) -> list[Material]:
    """List what everybody sees, and the rest for whoever has a seat."""
    seated = registration.state is State.CONFIRMED
    return await materials_of(registration.event_id, public_only=not seated)


def standing_of(registration: Registration, *, now: datetime) -> Standing:
    event = registration.event
    if registration.state in ENDED:
        return Standing(registration.state.value)
    if event.status is Status.CANCELLED:
        return Standing.CALLED_OFF
    if event.is_past(now):
        return Standing.OVER
    return Standing(registration.state.value)


def undo_until(registration: Registration, *, now: datetime) -> datetime | None:
    """Tell until when a cancellation can be taken back, while it can."""
    event, ended_at = registration.event, registration.ended_at
    theirs = registration.state is State.CANCELLED
    theirs = theirs and registration.ended_by == ATTENDEE
    if ended_at is None or not theirs or not _is_running(event, now):
        return None
    until = min(ended_at + rules.UNDO, event.ends_at)
    return until if now < until else None


def _is_running(event: Event, now: datetime) -> bool:
    return event.status is Status.PUBLISHED and not event.is_past(now)


routes = [
    route("/{lang}/my/{token}", show_personal, access=PERSONAL, name="personal:page"),
]
