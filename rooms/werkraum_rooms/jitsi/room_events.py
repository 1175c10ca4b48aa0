"""What a Jitsi server calls when a room opens or empties, and somebody comes or leaves.

The event_sync plugin posts it (fact sheet of the rooms, 6): no id, no signature, no
order; again after a failure. Names and addresses in it are not read.
"""

import json

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import route
from werkraum_foundation.request_bodies import read_body
from werkraum_rooms.jitsi.room_server_access import ABOUT_PEOPLE, calling_server
from werkraum_rooms.room_news import News, NewsKind, take
from werkraum_rooms.servers.messages import (
    Message,
    concerns_us,
    heard,
    is_of_people,
    made_news,
    moment,
    read_message,
    table,
    text,
)

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


async def hear(request: Request) -> Response:
    """Take in what happened."""
    body = await read_body(request, JSON, limit=LIMIT)
    path = "{what}/{happened}".format(**request.path_params)
    news, server = _news(path, read_message(body.text)), calling_server(request)
    if news is not None:
        await take(server, news, now=clock.now())
    return heard(server, path if path in TOLD else "other", news)


def _news(path: str, told: Message) -> News | None:
    """Read a message; None for what we do not follow. Raises `BadRequest`."""
    if path not in TOLD:
        return None
    kind, happened = TOLD[path]
    inside = told.get("is_breakout") is True
    if not concerns_us(kind, inside=inside):
        return None
    of_people = is_of_people(kind)
    occupant = table(told.get("occupant")) if of_people else {}
    at = moment((occupant if of_people else told).get(happened))
    device = text(occupant, "occupant_jid")
    inner = text(told, "breakout_room_id") if inside else ""
    made_of = [kind, text(told, "room_jid"), inner, int(at.timestamp()), device]
    return made_news(
        kind,
        text(told, "room_name"),
        at,
        json.dumps(made_of),
        device=device,
        inner=inner,
        ref=text(occupant, "id"),
        address=device,
    )


routes = [
    route(
        "/jitsi/events/{what}/{happened}",
        hear,
        access=ABOUT_PEOPLE,
        name="jitsi:event",
        methods=["POST"],
    )
]
