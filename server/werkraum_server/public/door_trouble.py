"""The page for whoever stands before a room whose server does not answer."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.servers.providers import RoomProvider, WayIn
from werkraum_rooms.trouble import tell_of_trouble
from werkraum_server.public.doorway import Doorway
from werkraum_server.room_page import ALLOW, let_in

log = logging.getLogger("werkraum.rooms")

# Seconds; what is ill is looked at again after five.
RETRY_AFTER = 10


async def trouble_page(
    request: Request,
    door: Doorway,
    placed: PlacedRoom,
    server: RoomProvider,
    code: str,
    way: WayIn | None,
    *,
    typed: dict[str, str],
    my: str,
) -> Response:
    """Say what can be done now, and have the organiser told.

    `typed` is the form that was sent, to send it again: the room may be at another
    server by then, behind the same door. With a `way` only our look has failed, and
    the person's browser may get in: it is there, one step further.
    """
    # The code alone: a detail may name what is behind the door.
    log.warning("no way in", extra={"server": server.key, "code": code})
    await tell_of_trouble(placed)
    frame = way.frame if way and not typed.get("tab") else None
    return page(
        request,
        "door/trouble.html",
        status=200 if way else 503,
        headers=let_in(frame) if frame else {"Retry-After": str(RETRY_AFTER)},
        link=way.url if way else "",
        framed=frame is not None,
        allow=ALLOW,
        door=door,
        event=door.event,
        called=placed.title,
        typed=typed,
        my=my,
        organiser=footer_of(door.event.organiser),
    )
