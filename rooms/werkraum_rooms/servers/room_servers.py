"""The room servers of this installation, in the order in which they stand in."""

from functools import cache

from werkraum_foundation.setting_rooms import RoomServer, RoomServerKind
from werkraum_foundation.settings import settings
from werkraum_rooms.bigbluebutton.provider import BigBlueButtonProvider
from werkraum_rooms.jaas.provider import JaasProvider
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.models import Room
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.servers.plain_link import LINK
from werkraum_rooms.servers.providers import RoomProvider


@cache
def room_servers() -> tuple[RoomProvider, ...]:
    """Read them from the settings, once; none where events bring their own link."""
    return tuple(map(_provider, settings().room_servers))


def server_of(room: Room | None) -> RoomProvider | None:
    """Say where a room is; the first server where nobody chose, or it is gone.

    The event's own link where that was chosen. None where the installation has no
    server and nobody chose: then the link leads in, too, if there is one.
    """
    if room is not None and room.server == LINK.key:
        return LINK
    servers = room_servers()
    for server in servers:
        if room is not None and server.key == room.server:
            return server
    return servers[0] if servers else None


def server_called(key: str) -> RoomProvider | None:
    """Find a server by its key; the event's own link has one, too."""
    if key == LINK.key:
        return LINK
    return next((it for it in room_servers() if it.key == key), None)


def choices_for(placed: PlacedRoom) -> tuple[RoomProvider, ...]:
    """List where a room can be: each server, and the link of the event if it has one.

    The link is one meeting, so it stands in for the main room alone.
    """
    main = placed.room.session_id is None and placed.room.table_id is None
    if main and placed.event.online_link:
        return (*room_servers(), LINK)
    return room_servers()


async def let_go() -> None:
    """Close all connections, at the end of a process; the next call opens new ones."""
    for server in room_servers():
        await server.close()


def _provider(given: RoomServer) -> RoomProvider:
    match given.kind:
        case RoomServerKind.JITSI:
            return JitsiProvider(given)
        case RoomServerKind.BBB:
            return BigBlueButtonProvider(given)
        case RoomServerKind.JAAS:
            return JaasProvider(given)
