"""Which room server is calling: it shows the token it shares with us."""

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from werkraum_foundation import clock
from werkraum_foundation.access import Access
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_foundation.setting_rooms import RoomServerKind
from werkraum_foundation.settings import settings
from werkraum_rooms.servers import server_calls
from werkraum_rooms.servers.server_calls import NOBODY


class NotARoomServer(Refused):
    """No token, or none of ours."""

    status = 401
    code = "not_a_room_server"

    def message(self) -> str:
        return gettext("This address is for the room server alone.")

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class JitsiServerCall(Access):
    """A Jitsi server of the settings; which one, stands in the request's state.

    `about` is what it calls for (`ServerCall.kind`). Most often a server is set up
    with another token than ours, so that somebody came with one is noted.
    """

    about: str
    for_programs = True

    async def admit(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        shown = token.strip() if kind.lower() == "bearer" else ""
        key = _server_with(shown)
        if key is None:
            if shown:
                await server_calls.note(NOBODY, self.about, 401, {}, now=clock.now())
            raise NotARoomServer
        request.state.room_server = key


def calling_server(request: Request) -> str:
    """The key of the server that calls."""
    key = request.state.room_server
    assert isinstance(key, str), "the route does not ask for a room server"
    return key


def _server_with(shown: str) -> str | None:
    """Find the server by its token; every token is compared, in constant time."""
    found = None
    for server in settings().room_servers:
        if server.kind is not RoomServerKind.JITSI:
            continue
        for token in server.api_tokens:
            if hmac.compare_digest(shown.encode(), token.encode()):
                found = server.key
    return found


ABOUT_ROOMS = JitsiServerCall("reservation")
ABOUT_PEOPLE = JitsiServerCall("event")
