"""Contacts at the desk: how many pairs came of it, and never who said what."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_feedback.follow_up import contact_list, talks
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id


async def show_counts(request: Request) -> Response:
    event, now = await _own_event(request), clock.now()
    off = request.query_params.get("done") == "called_off"
    return page(
        request,
        "feedback/contact_counts.html",
        event=event,
        past=event.is_past(now),
        counts=await contact_list.counts(event.id),
        talks=await talks.talks_to_come(event.id, now=now),
        notice=gettext("The talk is called off; both are told.") if off else None,
        organiser=footer_of(event.organiser),
    )


async def ask_call_off(request: Request) -> Response:
    """Say what follows, and ask once more."""
    event = await _own_event(request)
    return page(
        request,
        "feedback/talk_call_off.html",
        event=event,
        talk=await talks.talk_to_come(
            event.id, path_id(request, "contact"), now=clock.now()
        ),
        organiser=footer_of(event.organiser),
    )


async def call_off(request: Request) -> Response:
    event, grant = await _own_event(request), granted(request)
    await talks.call_off_at_desk(
        event.id, path_id(request, "contact"), actor=grant.actor, now=clock.now()
    )
    back = see_other(request, "desk:contacts", id=event.id)
    back.headers["location"] += "?done=called_off"
    return back


async def _own_event(request: Request) -> Event:
    return await event_of(granted(request).organiser_id, path_id(request))


CONTACTS = "/desk/events/{id}/feedback/contacts"
TALK = CONTACTS + "/{contact}/call-off"

routes = [
    route(CONTACTS, show_counts, access=READER, name="desk:contacts"),
    route(TALK, ask_call_off, access=MANAGER, name="desk:ask_call_off_talk"),
    route(TALK, call_off, access=MANAGER, name="desk:call_off_talk", methods=["POST"]),
]
