"""The room servers of the installation, and whether they are set up as they must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import read_form
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_rooms.jitsi.self_test import from_calls, points
from werkraum_rooms.probing.probe_words import Words, words_of
from werkraum_rooms.servers.providers import Finding, RoomProvider
from werkraum_rooms.servers.room_servers import room_servers, server_called
from werkraum_server.desk.own_events import own_footer


class Wish(BaseModel):
    """Look at this server, by its key."""

    model_config = ConfigDict(extra="forbid")
    server: Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,40}$")]


@dataclass(frozen=True)
class Shown:
    """A server as the page shows it; `seen_at` is when somebody looked, if they did."""

    server: RoomProvider
    points: Sequence[Words]
    seen_at: datetime | None = None

    @property
    def troubles(self) -> int:
        return sum(it.well is False for it in self.points)


async def show_servers(request: Request) -> Response:
    """Show what is known without asking anybody: what the servers called here last."""
    shown = [
        Shown(server, _worded(await from_calls(server))) for server in room_servers()
    ]
    return await _page(request, shown)


async def look_at_server(request: Request) -> Response:
    """Look at one server, and show all that was seen."""
    form = await read_form(request, Wish)
    if form.value is None:
        raise InvalidInput(form.faults)
    server, now = server_called(form.value.server), clock.now()
    if server is None:
        raise NotFound
    found = _worded(await points(server, now=now))
    return await _page(request, [Shown(server, found, now)])


def _worded(found: Sequence[Finding]) -> list[Words]:
    return [words_of(it, settings().timezone.key) for it in found]


async def _page(request: Request, shown: Sequence[Shown]) -> Response:
    return page(
        request,
        "desk/room_servers.html",
        shown=shown,
        organiser=await own_footer(request),
        timezone=settings().timezone.key,
    )


routes = [
    route(
        "/desk/room-servers",
        show_servers,
        access=READER,
        name="desk:room_servers",
    ),
    route(
        "/desk/room-servers",
        look_at_server,
        access=MANAGER,
        name="desk:look_at_room_server",
        methods=["POST"],
    ),
]
