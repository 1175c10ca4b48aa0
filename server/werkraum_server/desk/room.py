"""The video room of an event at the desk: when it opens, and the host's way in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.footers import footer_of
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_rooms import queries, rooms
from werkraum_rooms.participants import Role
from werkraum_rooms.providers import RoomProvider
from werkraum_rooms.room_servers import server_of
from werkraum_rooms.rooms import Visitor
from werkraum_rooms.rules import Opening, phase
from werkraum_server.desk.own_events import own_event
from werkraum_server.room_page import room_page


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
    return _page(request, await _find(request))


async def enter_as_host(request: Request) -> Response:
    """Let a host in as moderator, earlier than everybody else."""
    room = await _find(request)
    if room.server is None or room.state is not State.OPEN:
        return _page(request, room, status=410 if room.state is State.OVER else 409)
    person = granted(request).person
    assert person is not None, "a sign-in at the desk is always a person's"
    visitor = Visitor(person.id, person.name, Role.HOST)
    placed = await rooms.main_room(room.event, now=room.now)
    way = await rooms.enter(room.server, placed, visitor, now=room.now)
    back = path_to("desk:room", id=room.event.id)
    return room_page(request, way, event=room.event, name=person.name, back=back)


async def _find(request: Request) -> HostsRoom:
    event = await own_event(request)
    return HostsRoom(
        event,
        await queries.opening_for(event, Role.ATTENDEE),
        await queries.opening_for(event, Role.HOST),
        server_of(await queries.room_of(event.id)),
        clock.now(),
    )


def _page(request: Request, room: HostsRoom, status: int = 200) -> Response:
    return page(
        request,
        "desk/room.html",
        status=status,
        room=room,
        event=room.event,
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
]
