"""Our stylesheet, icons and scripts: read once, known by their content.

Only what lay in the folder at the start can be asked for, so no path leads out of
it; and a file is sent whole (RFC 9110 14.2 lets us ignore Range).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.pages import static_version
from werkraum_foundation.refusals import NotFound
from werkraum_server.public.conditional import is_known

# By name: what the machine's own tables say differs from one to the next.
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def contents() -> Mapping[str, bytes]:
    """Read the whole folder; a file of a kind we do not know stops the start."""
    folder = Path(str(files("werkraum_server"))) / "static"
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    unknown = [name for name in found if Path(name).suffix not in KINDS]
    if unknown:
        raise RuntimeError(f"static files of unknown kind: {unknown}")
    return found


async def show_static(request: Request) -> Response:
    """Answer with a file: for ever under its version, else to be asked for again."""
    name = request.path_params["name"]
    body = contents().get(name)
    if body is None:
        raise NotFound
    version = static_version(name)
    current = request.query_params.get("v") == version
    tag = f'"{version}"'
    headers = {"ETag": tag, "Cache-Control": FOR_EVER if current else "no-cache"}
    if is_known(request, tag, None):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=KINDS[Path(name).suffix], headers=headers)


routes = [route("/static/{name}", show_static, access=PUBLIC, name="static")]
