"""What 8x8's JaaS tells us: a room opens or empties, somebody comes or leaves.

Its webhooks (fact sheet of the rooms, 9): at least once, in any order, signed, again
until we answer 2xx. Names and addresses of people in them are not read.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import Access, route
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.request_bodies import read_bytes
from werkraum_foundation.setting_rooms import RoomServer, RoomServerKind
from werkraum_foundation.settings import settings
from werkraum_rooms.jaas.signature import Signature, read_signature
from werkraum_rooms.jitsi.room_server_access import NotARoomServer
from werkraum_rooms.room_names import is_slug
from werkraum_rooms.room_news import News, NewsKind, take
from werkraum_rooms.servers import server_calls

# One event of one person: a kilobyte or two.
LIMIT = 64 * 1024

TOLD = {
    "ROOM_CREATED": NewsKind.OPENED,
    "ROOM_DESTROYED": NewsKind.CLOSED,
    "PARTICIPANT_JOINED": NewsKind.JOINED,
    "PARTICIPANT_LEFT": NewsKind.LEFT,
}
OF_PEOPLE = (NewsKind.JOINED, NewsKind.LEFT)

Message = dict[str, Any]  # Any: JSON of another program


class NotSigned(NotARoomServer):
    """No signature, or none that a secret of ours has made."""

    code = "not_signed"

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "X-Jaas-Signature"}


class SignedLongAgo(NotSigned):
    """Told long ago and sent again by somebody, or a clock is wrong."""

    code = "signed_long_ago"


@dataclass(frozen=True)
class SignedCall:
    """What was sent, and by which of our servers."""

    server: RoomServer
    body: bytes


class JaasCall(Access):
    """8x8 itself: it signs the body, which is therefore read before it is let in."""

    for_programs = True

    async def admit(self, request: Request) -> None:
        signature = read_signature(request.headers.get("x-jaas-signature", ""))
        if signature is None:
            raise NotSigned
        body = await read_bytes(request, "application/json", limit=LIMIT)
        server = _server_of(signature, body)
        if server is None:
            raise NotSigned
        if signature.is_old(clock.now()):
            raise SignedLongAgo
        request.state.signed_call = SignedCall(server, body)


async def hear(request: Request) -> Response:
    """Take in what happened; 202 for what is nothing to us, so it is not repeated."""
    call: SignedCall = request.state.signed_call
    told = _parsed(call.body)
    news = _news(told, call.server)
    if news is not None:
        await take(call.server.key, news, now=clock.now())
    return _heard(call.server.key, told, status=202 if news is None else 200)


def _heard(server: str, told: Message, *, status: int) -> Response:
    event = told.get("eventType")
    response = Response(b"{}", status, media_type="application/json")
    response.background = BackgroundTask(
        server_calls.note,
        server,
        "event",
        status,
        {"event": event if event in TOLD else "other"},
        now=clock.now(),
    )
    return response


def _news(told: Message, server: RoomServer) -> News | None:
    """Read a message; None for what we do not follow. Raises `BadRequest`."""
    kind = TOLD.get(_text(told, "eventType"))
    tenant, _, slug = _text(told, "fqn").partition("/")
    if kind is None or tenant != server.app_id or not is_slug(slug.lower()):
        return None
    data = told.get("data")
    if not isinstance(data, dict):
        raise BadRequest
    inner = _text(data, "breakoutRoomId") if data.get("isBreakout") is True else ""
    # A room inside the room: its people are still with us, its opening is not ours.
    if inner and kind not in OF_PEOPLE:
        return None
    device = _text(data, "participantId") or _text(data, "participantJid")
    key = _text(told, "idempotencyKey")
    if not key or (kind in OF_PEOPLE and not device):
        raise BadRequest
    return News(
        kind,
        slug.lower(),
        _moment(told.get("timestamp")),
        sha256(key.encode()).hexdigest(),
        occupant=device,
        breakout=inner,
        ref=_text(data, "id"),
    )


def _server_of(signature: Signature, body: bytes) -> RoomServer | None:
    found = None
    for server in settings().room_servers:
        if server.kind is not RoomServerKind.JAAS:
            continue
        if signature.is_of(body, server.api_tokens):
            found = server
    return found


def _parsed(body: bytes) -> Message:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(told, dict):
        raise BadRequest
    return told


def _text(told: Message, name: str) -> str:
    """Read a text; whatever else stands there is none."""
    value = told.get(name)
    if not isinstance(value, str) or "\x00" in value:
        return ""
    # A lone half of a surrogate pair cannot be written down.
    return value.encode("utf-8", "replace").decode()


def _moment(value: object) -> datetime:
    """Read UNIX milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequest
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRequest from None


JAAS = JaasCall()
routes = [route("/jaas/events", hear, access=JAAS, name="jaas:event", methods=["POST"])]
