"""The public halves of our keys, where the room server looks for them.

One lets people in, the other does what only we may. A server that looked for either in
the place of the other would let whoever enters end every room (fact sheet, 5.2).
"""

from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.jitsi_provider import JitsiProvider
from werkraum_rooms.room_servers import room_servers

# No registered type fits a bare public key; this one is what servers send for it.
PEM = "application/x-pem-file"
# A key never changes under its name, which is its own hash.
KEPT = {"cache-control": "public, max-age=86400"}


async def show_key(request: Request) -> Response:
    """Answer `GET <asap_key_server>/<hash of the kid>.pem`."""
    return _found(request, (server.public_keys for server in room_servers()))


async def show_system_key(request: Request) -> Response:
    """Answer `GET <prosody_password_public_key_repo_url>/<hash of the kid>.pem`."""
    ours = (it for it in room_servers() if isinstance(it, JitsiProvider))
    return _found(request, (server.system_keys for server in ours))


def _found(request: Request, files: Iterable[Mapping[str, str]]) -> Response:
    name = request.path_params["name"]
    for kept in files:
        if name in kept:
            return Response(kept[name], media_type=PEM, headers=KEPT)
    raise NotFound


routes = [
    route("/jitsi/keys/{name}", show_key, access=PUBLIC, name="jitsi:key"),
    route(
        "/jitsi/system-keys/{name}",
        show_system_key,
        access=PUBLIC,
        name="jitsi:system_key",
    ),
]
