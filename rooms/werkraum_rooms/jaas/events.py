"""What 8x8's JaaS tells us: a room opens or empties, somebody comes or leaves.

Its webhooks (fact sheet of the rooms, 9): at least once, in any order, signed, again
until we answer 2xx. Names and addresses of people in them are not read.
"""

from dataclasses import dataclass

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
from werkraum_rooms.servers.messages import (
    Message,
    concerns_us,
    heard,
    made_news,
    moment,
    read_message,
    table,
    text,
)

# One event of one person: a kilobyte or two.
LIMIT = 64 * 1024

TOLD = {
    "ROOM_CREATED": NewsKind.OPENED,
    "ROOM_DESTROYED": NewsKind.CLOSED,
    "PARTICIPANT_JOINED": NewsKind.JOINED,
    "PARTICIPANT_LEFT": NewsKind.LEFT,
}


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
    """Take in what happened."""
    call: SignedCall = request.state.signed_call
    told = read_message(call.body)
    news, kind = _news(told, call.server), text(told, "eventType")
    if news is not None:
        await take(call.server.key, news, now=clock.now())
    return heard(call.server.key, kind if kind in TOLD else "other", news)


def _news(told: Message, server: RoomServer) -> News | None:
    """Read a message; None for what we do not follow. Raises `BadRequest`."""
    kind = TOLD.get(text(told, "eventType"))
    tenant, _, slug = text(told, "fqn").partition("/")
    if kind is None or tenant != server.app_id or not is_slug(slug.lower()):
        return None
    data = table(told.get("data"))
    inner = text(data, "breakoutRoomId") if data.get("isBreakout") is True else ""
    if not concerns_us(kind, inside=bool(inner)):
        return None
    at = told.get("timestamp")
    if not isinstance(at, int):
        raise BadRequest
    return made_news(
        kind,
        slug,
        moment(at, per_second=1000),
        text(told, "idempotencyKey"),
        device=text(data, "participantId") or text(data, "participantJid"),
        inner=inner,
        ref=text(data, "id"),
    )


def _server_of(signature: Signature, body: bytes) -> RoomServer | None:
    found = None
    for server in settings().room_servers:
        if server.kind is not RoomServerKind.JAAS:
            continue
        if signature.is_of(body, server.api_tokens):
            found = server
    return found


JAAS = JaasCall()
routes = [route("/jaas/events", hear, access=JAAS, name="jaas:event", methods=["POST"])]
