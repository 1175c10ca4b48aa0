"""The room servers of this installation, in the order in which they stand in."""

from functools import cache

from werkraum_foundation.setting_rooms import RoomServer, RoomServerKind
from werkraum_foundation.settings import settings
from werkraum_rooms.bigbluebutton_provider import BigBlueButtonProvider
from werkraum_rooms.jaas_provider import JaasProvider
from werkraum_rooms.jitsi_provider import JitsiProvider
from werkraum_rooms.models import Room
from werkraum_rooms.providers import RoomProvider


@cache
def room_servers() -> tuple[RoomProvider, ...]:
    """Read them from the settings, once; none where events bring their own link."""
    return tuple(map(_provider, settings().room_servers))


def server_of(room: Room | None) -> RoomProvider | None:
    """Say where a room is; the first server where nobody chose, or it is gone.

    None where the installation has no server: then the event's own link leads in.
    """
    servers = room_servers()
    for server in servers:
        if room is not None and server.key == room.server:
            return server
    return servers[0] if servers else None


def server_called(key: str) -> RoomProvider | None:
    """Find a server by its key."""
    return next((it for it in room_servers() if it.key == key), None)


async def let_go() -> None:
    """Close all connections; the next call opens new ones."""
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
