"""The public half of our signing key, where the room server looks for it."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.refusals import NotFound
from werkraum_rooms.jitsi import public_key_file
from werkraum_rooms.room_server import room_server

# No registered type fits a bare public key; this one is what servers send for it.
PEM = "application/x-pem-file"
# A key never changes under its name, which is its own hash.
KEPT = {"cache-control": "public, max-age=86400"}


async def show_key(request: Request) -> Response:
    """Answer `GET <asap_key_server>/<hash of the kid>.pem`."""
    server = room_server()
    file = public_key_file(server) if server else None
    if file is None or file[0] != request.path_params["name"]:
        raise NotFound
    return Response(file[1], media_type=PEM, headers=KEPT)


routes = [route("/jitsi/keys/{name}", show_key, access=PUBLIC, name="jitsi:key")]
