"""The video room of an event at the desk: when it opens, and the host's way in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Status
from werkraum_events.queries import session_of, sessions_of
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, MANAGER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.pages import page, see_other
from werkraum_rooms import hosting, queries, rooms
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.rules import Opening, phase
from werkraum_rooms.servers.providers import RoomProvider
from werkraum_rooms.servers.room_servers import server_of
from werkraum_server.desk.one_room import enter_room
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.rooms_shown import shown_rooms


class OwnRoom(BaseModel):
    model_config = ConfigDict(extra="forbid")
    session: UUID


class State(StrEnum):
    """How the room is for its hosts; only `OPEN` lets them in."""

    OPEN = "open"
    EARLY = "early"
    OVER = "over"
    NOT_ONLINE = "not_online"
    DRAFT = "draft"
    CALLED_OFF = "called_off"


@dataclass(frozen=True)
class HostsRoom:
    """An event's room at one moment, as its hosts see it."""

    event: Event
    opening: Opening
    hosts_opening: Opening
    server: RoomProvider | None
    now: datetime

    @property
    def state(self) -> State:
        return state_of(self.event, self.hosts_opening, now=self.now)

    @property
    def open_for_all(self) -> bool:
        return self.opening.opens_at <= self.now < self.opening.closes_at

    @property
    def server_name(self) -> str:
        """What the room server is called, empty without one."""
        return self.server.name if self.server else ""


def state_of(event: Event, opening: Opening, *, now: datetime) -> State:
    """Decide what the desk says about a room; `opening` is that for hosts."""
    if not event.online:
        return State.NOT_ONLINE
    if event.status is Status.DRAFT:
        return State.DRAFT
    if event.status is Status.CANCELLED:
        return State.CALLED_OFF
    return State(phase(opening, now=now).value)


async def show_room(request: Request) -> Response:
    return await _page(request, await _find(request))


async def enter_as_host(request: Request) -> Response:
    """Let a host in as moderator, earlier than everybody else."""
    room = await _find(request)
    if room.server is None or room.state is not State.OPEN:
        return await _page(
            request, room, status=410 if room.state is State.OVER else 409
        )
    return await enter_room(request, await rooms.main_room(room.event, now=room.now))


async def give_session_a_room(request: Request) -> Response:
    """Give a part of the programme a room of its own."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, OwnRoom)
    if form.value is None:
        raise InvalidInput(form.faults)
    session = await session_of(event.id, form.value.session)
    room = await hosting.give_session_a_room(
        event, session, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:one_room", id=event.id, room=room.id)


def is_main(placed: PlacedRoom) -> bool:
    """Whether it is the room in which all of an event come together."""
    return placed.session is None and placed.table is None


async def _find(request: Request) -> HostsRoom:
    event = await own_event(request)
    return HostsRoom(
        event,
        await queries.opening_for(event, Role.ATTENDEE),
        await queries.opening_for(event, Role.HOST),
        server_of(await queries.room_of(event.id)),
        clock.now(),
    )


async def _page(request: Request, room: HostsRoom, status: int = 200) -> Response:
    """Show the main room, and all others there are; ten queries, however many."""
    shown = await shown_rooms(room.event, now=room.now)
    with_rooms = {it.placed.session.id for it in shown if it.placed.session}
    sessions = await sessions_of(room.event.id)
    return page(
        request,
        "desk/room.html",
        status=status,
        room=room,
        event=room.event,
        rooms=shown,
        main=next((it for it in shown if is_main(it.placed)), None),
        sessions=[it for it in sessions if it.id not in with_rooms],
        organiser=footer_of(room.event.organiser),
    )


routes = [
    route("/desk/events/{id}/room", show_room, access=HOST, name="desk:room"),
    route(
        "/desk/events/{id}/room",
        enter_as_host,
        access=HOST,
        name="desk:enter_room",
        methods=["POST"],
    ),
    route(
        "/desk/events/{id}/rooms",
        give_session_a_room,
        access=MANAGER,
        name="desk:give_session_a_room",
        methods=["POST"],
    ),
]
