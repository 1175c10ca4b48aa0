"""What a Jitsi server calls when a room opens or empties, and somebody comes or leaves.

The event_sync plugin posts it (fact sheet of the rooms, 6): no id, no signature, no
order; again after a failure. Names and addresses in it are not read.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import route
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.request_bodies import read_body
from werkraum_rooms.jitsi.room_server_access import ABOUT_PEOPLE, calling_server
from werkraum_rooms.room_news import News, NewsKind, take
from werkraum_rooms.servers import server_calls

# A room that emptied lists everybody who was in it.
LIMIT = 1024 * 1024
JSON = ("application/json",)

# What is told, by the path it comes to: the kind and the field with its moment.
TOLD = {
    "room/created": (NewsKind.OPENED, "created_at"),
    "room/destroyed": (NewsKind.CLOSED, "destroyed_at"),
    "occupant/joined": (NewsKind.JOINED, "joined_at"),
    "occupant/left": (NewsKind.LEFT, "left_at"),
}

Message = dict[str, Any]  # Any: JSON of another program


async def hear(request: Request) -> Response:
    """Take in what happened; 202 for what is nothing to us, so it is not repeated."""
    body = await read_body(request, JSON, limit=LIMIT)
    path = "{what}/{happened}".format(**request.path_params)
    news = _news(path, _parsed(body.text))
    if news is not None:
        await take(calling_server(request), news, now=clock.now())
    response = Response(
        b"{}", 200 if news is not None else 202, media_type="application/json"
    )
    response.background = BackgroundTask(
        server_calls.note,
        calling_server(request),
        "event",
        response.status_code,
        {"event": path if path in TOLD else "other"},
        now=clock.now(),
    )
    return response


def _news(path: str, told: Message) -> News | None:
    """Read a message; None for what we do not follow. Raises `BadRequest`."""
    if path not in TOLD:
        return None
    kind, moment = TOLD[path]
    breakout = told.get("is_breakout") is True
    about_people = kind in (NewsKind.JOINED, NewsKind.LEFT)
    # A room inside the room: its people are still with us, its opening is not ours.
    if breakout and not about_people:
        return None
    occupant = _table(told.get("occupant")) if about_people else {}
    at = _moment((occupant if about_people else told).get(moment))
    room, jid = _text(told.get("room_name")).lower(), _text(told.get("room_jid"))
    device = _text(occupant.get("occupant_jid"))
    inner = _text(told.get("breakout_room_id")) if breakout else ""
    if not room or (about_people and not device):
        raise BadRequest
    made_of = json.dumps([kind, jid, inner, int(at.timestamp()), device])
    return News(
        kind,
        room,
        at,
        sha256(made_of.encode()).hexdigest(),
        occupant=device,
        breakout=inner,
        ref=_text(occupant.get("id")),
        address=device,
    )


def _parsed(text: str) -> Message:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(told, dict):
        raise BadRequest
    return told


def _table(value: object) -> Message:
    if not isinstance(value, dict):
        raise BadRequest
    return value


def _text(value: object) -> str:
    """Read a text; whatever else stands there is none."""
    return value if isinstance(value, str) and "\x00" not in value else ""


def _moment(value: object) -> datetime:
    """Read UNIX seconds, as event_sync writes them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRequest from None


routes = [
    route(
        "/jitsi/events/{what}/{happened}",
        hear,
        access=ABOUT_PEOPLE,
        name="jitsi:event",
        methods=["POST"],
    )
]
