"""What the room server calls before a room opens and after it has emptied.

Exactly as its reservation plugin does (fact sheet of the rooms, 4.2); it waits for
the answer, so there is one within two seconds or none of ours: 503, and it asks again.
"""

from collections.abc import Coroutine
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import route
from werkraum_foundation.refusals import BadRequest, Busy
from werkraum_foundation.request_bodies import read_body
from werkraum_rooms.jitsi import reservations
from werkraum_rooms.jitsi.reservation_answers import Granted, Refusal
from werkraum_rooms.jitsi.room_server_access import ABOUT_ROOMS, calling_server
from werkraum_rooms.servers import server_calls
from werkraum_rooms.servers.in_time import in_time

T = TypeVar("T")

LIMIT = 4 * 1024  # bytes
PATIENCE = 2.0  # seconds
FORM = ("application/x-www-form-urlencoded",)


async def reserve(request: Request) -> Response:
    """Answer `POST /jitsi/conference`: may this room open?"""
    body = await read_body(request, FORM, limit=LIMIT)
    asked = _fields(body.text)
    return await _answer(
        request,
        reservations.reserve(
            calling_server(request),
            asked.get("name", ""),
            asked.get("mail_owner", ""),
            now=clock.now(),
        ),
    )


async def show_reserved(request: Request) -> Response:
    """Answer `GET /jitsi/conference/{id}`: a meeting that is open, as before."""
    return await _answer(
        request,
        reservations.reserved(
            calling_server(request), request.path_params["id"], now=clock.now()
        ),
    )


async def release(request: Request) -> Response:
    """Answer `DELETE /jitsi/conference/{id}`: fine, whatever it was."""
    await _soon(
        reservations.release(
            calling_server(request), request.path_params["id"], now=clock.now()
        )
    )
    return _json(200, b"{}")


async def _answer(
    request: Request, decision: Coroutine[object, object, Granted | Refusal]
) -> Response:
    answer = await _soon(decision)
    response = _json(answer.status, answer.body())
    response.background = BackgroundTask(
        server_calls.note,
        calling_server(request),
        "reservation",
        answer.status,
        {"agent": request.headers.get("user-agent", "")[:100]},
        now=clock.now(),
    )
    return response


async def _soon(decision: Coroutine[object, object, T]) -> T:
    """Wait for the database as long as the room server can wait for us."""
    return await in_time(decision, patience=PATIENCE, late=Busy())


def _fields(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, errors="strict", max_num_fields=20))
    except ValueError:
        raise BadRequest from None


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")


routes = [
    route(
        "/jitsi/conference",
        reserve,
        access=ABOUT_ROOMS,
        name="jitsi:reserve",
        methods=["POST"],
    ),
    route(
        "/jitsi/conference/{id}",
        show_reserved,
        access=ABOUT_ROOMS,
        name="jitsi:reserved",
    ),
    route(
        "/jitsi/conference/{id}",
        release,
        access=ABOUT_ROOMS,
        name="jitsi:release",
        methods=["DELETE"],
    ),
]
