"""The running order as a clock, large enough for whoever keeps the time."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_events import queries as events
from werkraum_events.models import Event, Session
from werkraum_feedback.capture.agenda import standing
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import pick
from werkraum_foundation.pages import page, time
from werkraum_foundation.path_ids import path_id

# Seconds between two looks of a page that follows without a script.
EVERY = 30


async def show_clock(request: Request) -> Response:
    """Show what is on, or how the chosen item stands; it follows whoever wants it."""
    event, now = await _own_event(request), clock.now()
    sessions = await events.sessions_of(event.id)
    item = _chosen(sessions, request.query_params.get("item", ""))
    follows = "follow" in request.query_params
    wanted = f"&item={item}" if item else ""
    again = {"Refresh": f"{EVERY}; url={request.scope['path']}?follow=1{wanted}"}
    return page(
        request,
        "feedback/clock.html",
        headers=again if follows else None,
        event=event,
        sessions=sessions,
        item=item,
        clock=standing(sessions, now, item),
        now=now,
        follows=follows,
        organiser=footer_of(event.organiser),
    )


async def show_agenda(request: Request) -> Response:
    """Tell the running order and the server's time to a page that stays open."""
    event = await _own_event(request)
    sessions = await events.sessions_of(event.id)
    return JSONResponse(
        {
            "now": clock.now().isoformat(),
            "sessions": [session_as_json(it, event.timezone) for it in sessions],
        }
    )


def session_as_json(session: Session, timezone: str) -> dict[str, str]:
    return {
        "id": str(session.id),
        "title": pick(session.title)[0],
        "time": time(session.starts_at, timezone),
        "starts": session.starts_at.isoformat(),
        "ends": session.ends_at.isoformat(),
    }


def _chosen(sessions: list[Session], asked: str) -> UUID | None:
    return next((it.id for it in sessions if str(it.id) == asked), None)


async def _own_event(request: Request) -> Event:
    return await events.event_of(granted(request).organiser_id, path_id(request))


CLOCK = "/desk/events/{id}/feedback/clock"

routes = [
    route(CLOCK, show_clock, access=READER, name="desk:clock"),
    route(f"{CLOCK}/agenda.json", show_agenda, access=READER, name="desk:agenda"),
]
