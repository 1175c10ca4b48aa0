"""What is printed for the day: name badges, and the list that people sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries
from werkraum_events.models import Mode
from werkraum_foundation.access import route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_registration.attended import Expected, expected
from werkraum_registration.models import State
from werkraum_server.desk.check_in import Wish, chosen_session
from werkraum_server.desk.own_events import own_event


@dataclass(frozen=True)
class Badge:
    """What stands on a name badge; a name that nobody told us is written by hand."""

    name: str
    organisation: str
    mode: Mode


async def show_badges(request: Request) -> Response:
    """Show a badge for each person on site, or for the part that is wanted."""
    event, wish = await own_event(request), Wish.read(request)
    people = [it for it in await expected(event.id) if wish.part.holds(it)]
    if not wish.part.mode and event.onsite:
        people = [it for it in people if it.mode is Mode.ONSITE]
    return page(
        request,
        "desk/badges.html",
        event=event,
        wish=wish,
        badges=list(_badges(people)),
        organiser=footer_of(event.organiser),
    )


def _badges(people: Sequence[Expected]) -> Iterator[Badge]:
    for person in people:
        if person.state is not State.CONFIRMED and not person.here:
            continue
        names = [person.name, *person.companions]
        names += [""] * (person.seats - len(names))
        for name in names:
            yield Badge(name, person.organisation, person.mode)


async def show_list(request: Request) -> Response:
    """Show the list to sign: who has a seat, and who came without one."""
    event, wish = await own_event(request), Wish.read(request)
    sessions = await queries.sessions_of(event.id)
    session = chosen_session(sessions, wish.session)
    people = [it for it in await expected(event.id, session) if wish.part.holds(it)]
    return page(
        request,
        "desk/attendance_list.html",
        event=event,
        session=session,
        wish=wish,
        people=[it for it in people if it.state is State.CONFIRMED or it.here],
        organiser=footer_of(event.organiser),
    )


routes = [
    route(
        "/desk/events/{id}/check-in/badges",
        show_badges,
        access=HOST,
        name="desk:badges",
    ),
    route(
        "/desk/events/{id}/check-in/list",
        show_list,
        access=HOST,
        name="desk:attendance_list",
    ),
]
