"""The first page of the desk: what is coming, what is unfinished, what needs a look."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries
from werkraum_events.models import Event, Status
from werkraum_feedback.follow_up import pledges
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.local_times import local
from werkraum_foundation.models import Job, JobState
from werkraum_foundation.pages import page
from werkraum_registration import bounces
from werkraum_server.desk.event_figures import EventFigures, figures_of
from werkraum_server.desk.own_events import own_footer


@dataclass(frozen=True)
class Shelves:
    """An organiser's events, sorted by what is to be done with them."""

    today: list[Event]
    coming: list[Event]
    drafts: list[Event]
    past: list[Event]


async def show_home(request: Request) -> Response:
    grant, now = granted(request), clock.now()
    events = await queries.events_of(grant.organiser_id)
    shelves = shelved(events, now=now)
    return page(
        request,
        "desk/home.html",
        organiser=await own_footer(request),
        shelves=shelves,
        returned=await _returned([*shelves.today, *shelves.coming]),
        figures=await _figures(events),
        failed=await _failed(grant.organiser_id),
        due=await pledges.count_due(grant.organiser_id, now.date()),
    )


def shelved(events: list[Event], *, now: datetime) -> Shelves:
    """Sort events, the next first; what is past or called off, the latest first."""
    drafts = [it for it in events if it.status is Status.DRAFT]
    public = [it for it in events if it.status is not Status.DRAFT]
    past = [it for it in public if it.is_past(now)]
    to_come = [it for it in reversed(public) if not it.is_past(now)]
    soon = [it for it in to_come if _is_today(it, now)]
    later = [it for it in to_come if not _is_today(it, now)]
    return Shelves(soon, later, drafts[::-1], past)


def _is_today(event: Event, now: datetime) -> bool:
    """Today on the clock of the place, or running since earlier."""
    start, today = local(event.starts_at, event.timezone), local(now, event.timezone)
    return start.date() <= today.date()


async def _returned(events: list[Event]) -> list[tuple[Event, int]]:
    """Count the addresses that letters come back from, of each event to come."""
    found = await bounces.bounces_at([event.id for event in events])
    counts = Counter(it.registration.event_id for it in found)
    return [(event, counts[event.id]) for event in events if counts[event.id]]


async def _figures(events: list[Event]) -> dict[UUID, EventFigures]:
    return await figures_of([event.id for event in events])


async def _failed(organiser_id: UUID) -> int:
    return await Job.filter(organiser_id=organiser_id, state=JobState.DEAD).count()


routes = [route("/desk/", show_home, access=READER, name="desk:home")]
