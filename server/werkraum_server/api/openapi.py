"""The description of the API at /api/openapi.json."""

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.settings import settings
from werkraum_server.api import endpoints
from werkraum_server.api.descriptions import document_of


@cache
def document() -> dict[str, Any]:  # Any: an OpenAPI document is a tree of dicts
    """Build the document of this installation, once."""
    return document_of(endpoints.routes, settings().base_url)


async def show_document(request: Request) -> Response:
    return JSONResponse(document(), headers={"Cache-Control": "public, max-age=300"})


routes = [
    route("/api/openapi.json", show_document, access=PUBLIC, name="api:openapi"),
]
