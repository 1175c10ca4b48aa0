"""Checking people in at the entrance: the list, one tap, one to undo, the figures.

Everything works as forms. A script goes on when the network is away; it sends what
it noted to `check_in_sync`.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import queries
from werkraum_events.models import Event, Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.tokens import new_token
from werkraum_registration.attendance import Coming, note, undo
from werkraum_registration.attended import Expected, Part, expected, figures_of
from werkraum_registration.check_in_rules import AT_THE_DOOR, undone_with
from werkraum_registration.models import Presence
from werkraum_registration.queries import registration_of
from werkraum_server.desk.own_events import own_event

PER_PAGE = 100
LONGEST_SEARCH = 100
SHOWN = ("missing", "here", "unclear")


# Noted at the entrance, or from the list that was signed; people's own word can only
# be taken back.
TapSource = Literal[Presence.DESK, Presence.LIST, Presence.SELF]


class Tick(BaseModel):
    """A tap on the list; the address says which part of the list it leads back to."""

    model_config = ConfigDict(extra="forbid")
    registration: UUID
    deed: Literal["came", "undo"]
    key: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{16,27}$")]
    source: TapSource = Presence.DESK


@dataclass(frozen=True)
class Wish:
    """Which part of which list is wanted; what is no wish is ignored."""

    part: Part
    session: str
    number: int
    # Whether what is tapped comes from the list that was signed.
    from_list: bool = False

    @classmethod
    def read(cls, request: Request) -> Self:
        asked = request.query_params
        show, mode = asked.get("show", ""), asked.get("mode", "")
        number = asked.get("page", "")
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return cls(
            Part(
                search=asked.get("q", "")[:LONGEST_SEARCH].strip(),
                show=show if show in SHOWN else "",
                mode=next((it for it in Mode if it.value == mode), None),
            ),
            session=asked.get("session", ""),
            number=max(1, int(number)) if is_number else 1,
            from_list=asked.get("from") == "list",
        )

    def query(self, number: int | None = None) -> str:
        asked = {
            "q": self.part.search,
            "show": self.part.show,
            "mode": self.part.mode or "",
            "session": self.session,
            "from": "list" if self.from_list else "",
            "page": str(number) if number else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})


async def show_check_in(request: Request) -> Response:
    """Show at most a hundred of the part that is wanted; four queries."""
    event, wish = await own_event(request), Wish.read(request)
    sessions = await queries.sessions_of(event.id)
    session = chosen_session(sessions, wish.session)
    people = await expected(event.id, session)
    found = [it for it in people if wish.part.holds(it)]
    skip = (wish.number - 1) * PER_PAGE
    return page(
        request,
        "desk/check_in.html",
        event=event,
        session=session,
        sessions=sessions,
        wish=wish,
        figures=figures_of(people),
        count=len(found),
        people=found[skip : skip + PER_PAGE],
        more=len(found) > skip + PER_PAGE,
        door=[source.value for source in AT_THE_DOOR],
        key=new_token()[:22],
        notice=_notice(request, people),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
    )


def chosen_session(sessions: list[Session], asked: str) -> Session | None:
    """Find the session of a list by what an address says; empty is the entrance."""
    if not asked:
        return None
    found = next((it for it in sessions if str(it.id) == asked), None)
    if found is None:
        raise NotFound
    return found


def _notice(request: Request, people: list[Expected]) -> str | None:
    """Say what the tap before has done, and to whom."""
    who, done = request.query_params.get("who"), request.query_params.get("done")
    person = next((it for it in people if str(it.id) == who), None)
    if person is None:
        return None
    if person.unclear and done == "came":
        return gettext(
            "%(name)s is noted, but has no seat. Please have a look at it.",
            name=person.name,
        )
    if person.here and done == "came":
        return gettext("%(name)s is checked in.", name=person.name)
    if done == "undo":
        return gettext("The check-in of %(name)s is taken back.", name=person.name)
    return None


async def tick(request: Request) -> Response:
    """Check somebody in, or take it back, as a form without a script."""
    event, wish, now = await own_event(request), Wish.read(request), clock.now()
    session = chosen_session(await queries.sessions_of(event.id), wish.session)
    form = await read_form(request, Tick)
    if form.value is None:
        raise InvalidInput(form.faults)
    wanted, actor = form.value, granted(request).actor
    session_id = session.id if session else None
    person = await registration_of(event.organiser_id, wanted.registration)
    if person is None:
        raise NotFound
    if wanted.deed == "came":
        # The key of the page and the person: a double click is one coming.
        key = f"{wanted.key}-{person.id}"
        coming = Coming(noted(wanted.source), key, now, session_id)
        await note(event.id, person.id, coming, actor=actor, now=now)
    else:
        await undo(
            event.id,
            person.id,
            at=now,
            sources=undone_with(wanted.source),
            session_id=session_id,
            actor=actor,
            now=now,
        )
    return _back(event, wish, f"done={wanted.deed}&who={person.id}")


def noted(source: Presence) -> Presence:
    """Tell what a tap of the desk may note: nobody speaks for others' own word."""
    return Presence.LIST if source is Presence.LIST else Presence.DESK


def _back(event: Event, wish: Wish, said: str) -> Response:
    number = wish.number if wish.number > 1 else None
    query = "&".join(filter(None, (wish.query(number), said)))
    there = path_to("desk:check_in", id=event.id)
    return RedirectResponse(f"{there}?{query}", status_code=303)


routes = [
    route(
        "/desk/events/{id}/check-in", show_check_in, access=HOST, name="desk:check_in"
    ),
    route(
        "/desk/events/{id}/check-in",
        tick,
        access=HOST,
        name="desk:tick",
        methods=["POST"],
    ),
]
