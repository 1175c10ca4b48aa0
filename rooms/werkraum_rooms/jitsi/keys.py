"""The public halves of our keys, where the room server looks for them.

One lets people in, the other does what only we may. A server that looked for either in
the place of the other would let whoever enters end every room (fact sheet, 5.2).
"""

from collections.abc import Mapping

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.servers import server_calls
from werkraum_rooms.servers.room_servers import room_servers

# No registered type fits a bare public key; this one is what servers send for it.
PEM = "application/x-pem-file"
# A key never changes under its name, which is its own hash.
KEPT = {"cache-control": "public, max-age=86400"}


async def show_key(request: Request) -> Response:
    """Answer `GET <asap_key_server>/<hash of the kid>.pem`."""
    kept = {server.key: server.public_keys for server in room_servers()}
    return _found(request, "key", kept)


async def show_system_key(request: Request) -> Response:
    """Answer `GET <prosody_password_public_key_repo_url>/<hash of the kid>.pem`."""
    ours = [it for it in room_servers() if isinstance(it, JitsiProvider)]
    kept = {server.key: server.system_keys for server in ours}
    return _found(request, "system_key", kept)


def _found(
    request: Request, kind: str, kept: Mapping[str, Mapping[str, str]]
) -> Response:
    """Answer with a file of one of the servers, and note that it was fetched."""
    name = request.path_params["name"]
    for server, files in kept.items():
        if name in files:
            return Response(
                files[name],
                media_type=PEM,
                headers=KEPT,
                background=BackgroundTask(
                    server_calls.note, server, kind, 200, {}, now=clock.now()
                ),
            )
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
