"""The public half of our signing key, where the room server looks for it."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.room_servers import room_servers

# No registered type fits a bare public key; this one is what servers send for it.
PEM = "application/x-pem-file"
# A key never changes under its name, which is its own hash.
KEPT = {"cache-control": "public, max-age=86400"}


async def show_key(request: Request) -> Response:
    """Answer `GET <asap_key_server>/<hash of the kid>.pem`."""
    for server in room_servers():
        pem = server.public_keys.get(request.path_params["name"])
        if pem is not None:
            return Response(pem, media_type=PEM, headers=KEPT)
    raise NotFound


routes = [route("/jitsi/keys/{name}", show_key, access=PUBLIC, name="jitsi:key")]
