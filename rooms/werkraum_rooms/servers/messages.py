"""Reading what room servers tell us, in JSON of their own kinds.

Whatever cannot be read is a `BadRequest`; what can be read and is nothing to us is
answered as heard, so that nobody tells it again.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.refusals import BadRequest
from werkraum_rooms.room_news import News, NewsKind
from werkraum_rooms.servers import server_calls

Message = dict[str, Any]  # Any: JSON of another program

_OF_PEOPLE = (NewsKind.JOINED, NewsKind.LEFT)


def read_message(body: str | bytes) -> Message:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest from None
    return table(told)


def table(value: object) -> Message:
    if not isinstance(value, dict):
        raise BadRequest
    return value


def text(told: Message, name: str) -> str:
    """Read a text; whatever else stands there is none."""
    value = told.get(name)
    if not isinstance(value, str) or "\x00" in value:
        return ""
    # A lone half of a surrogate pair cannot be written down.
    return value.encode("utf-8", "replace").decode()


def moment(value: object, *, per_second: int = 1) -> datetime:
    """Read UNIX seconds, or parts of them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest
    try:
        return datetime.fromtimestamp(value / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRequest from None


def is_of_people(kind: NewsKind) -> bool:
    return kind in _OF_PEOPLE


def concerns_us(kind: NewsKind, *, inside: bool) -> bool:
    """Say whether news count that may be of a room `inside` the room.

    Its people are still with us, its opening is not ours.
    """
    return not inside or is_of_people(kind)


def made_news(
    kind: NewsKind,
    slug: str,
    at: datetime,
    key: str,
    *,
    device: str,
    inner: str,
    ref: str,
    address: str = "",
) -> News:
    """Put the news together; `inner` names the room inside the room, if it is one."""
    if not slug or not key or (is_of_people(kind) and not device):
        raise BadRequest
    return News(
        kind,
        slug.lower(),
        at,
        sha256(key.encode()).hexdigest(),
        occupant=device,
        breakout=inner,
        ref=ref,
        address=address,
    )


def heard(server: str, event: str, news: News | None) -> Response:
    """Answer a message: 202 for what is nothing to us. Noted for the self-test."""
    status = 202 if news is None else 200
    return Response(
        b"{}",
        status,
        media_type="application/json",
        background=BackgroundTask(
            server_calls.note,
            server,
            "event",
            status,
            {"event": event},
            now=clock.now(),
        ),
    )
