"""The page for whoever stands before a room whose server does not answer."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_rooms.provider_errors import ProviderError
from werkraum_rooms.providers import RoomProvider
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.trouble import tell_of_trouble
from werkraum_server.public.doorway import Doorway

log = logging.getLogger("werkraum.rooms")

# Seconds; what is ill is looked at again after five.
RETRY_AFTER = 10


async def trouble_page(
    request: Request,
    door: Doorway,
    placed: PlacedRoom,
    server: RoomProvider,
    trouble: ProviderError,
    *,
    typed: dict[str, str],
    my: str,
) -> Response:
    """Say what can be done now, and have the organiser told.

    `typed` is the form that was sent, to send it again: the room may be at another
    server by then, behind the same door.
    """
    # The code alone: a detail may name what is behind the door.
    log.warning("no way in", extra={"server": server.key, "code": trouble.code})
    await tell_of_trouble(placed)
    return page(
        request,
        "door/trouble.html",
        status=503,
        headers={"Retry-After": str(RETRY_AFTER)},
        door=door,
        event=door.event,
        typed=typed,
        # Where our look was wrong, or nothing is asked over there.
        may_try=typed.get("anyway") != "on",
        my=my,
        organiser=footer_of(door.event.organiser),
    )
