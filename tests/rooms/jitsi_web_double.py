"""What browsers reach of a Jitsi server, played: page, WebSocket, BOSH, side doors.

Behind the login stands the verifier. Follows XEP-0124 as Prosody does: a stream, SASL
ANONYMOUS, the reason of a refusal in words.
"""

import base64
import hashlib
import re
import time
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.rooms.bare_http import Asked, Said
from tests.rooms.jitsi_verifier import LoginRefused, Verifier

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
ROOM_PAGE = Said(
    200, b"<!DOCTYPE html><title>Jitsi</title>", {"Content-Type": "text/html"}
)


@dataclass
class JitsiWeb:
    """A server whose parts can be taken away one by one."""

    verifier: Verifier
    page: bytes = b"var JitsiMeetExternalAPI = 1;"
    websocket: bool = True
    bosh: bool = True
    # The XMPP server behind nginx is gone: it says so itself.
    prosody_away: bool = False
    # Features come first, the verdict with the next request.
    hesitates: bool = False
    # What comes where the verdict should: the connection "drops", Prosody "breaks",
    # the stream "ends", or there is "nothing".
    instead: str = ""
    guests: bool = False
    # jicofo's own HTTP endpoint is handed to everybody.
    side_door: bool = False
    # Seconds by which its clock is ahead of ours.
    ahead: float = 0.0
    tokens: dict[str, str | None] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    logins: int = 0

    async def __call__(self, asked: Asked) -> Said:
        match asked.path:
            case "/external_api.js":
                return Said(200, self.page, {"Content-Type": "text/javascript"})
            case "/xmpp-websocket" if self.websocket:
                return Said(502) if self.prosody_away else _switched(asked)
            case "/http-bind" if self.bosh and asked.method == "POST":
                return Said(502) if self.prosody_away else self._bosh(asked)
            case "/conference-request/v1" if self.side_door:
                return Said(400, b"{}", {"Content-Type": "application/json"})
        return Said(405) if asked.method == "POST" else ROOM_PAGE

    def _bosh(self, asked: Asked) -> Said:
        body = asked.body.decode()
        if found := re.search(r"sid='(\w+)'", body):
            return self._goes_on(found[1], body)
        if f"to='{self.verifier.domain}'" not in body:
            return _body("type='terminate' condition='host-unknown'")
        sid = f"s{len(self.tokens)}"
        self.tokens[sid] = asked.query.get("token")
        return _body(f"sid='{sid}' wait='2'", "<features/>")

    def _goes_on(self, sid: str, body: str) -> Said:
        if "type='terminate'" in body:
            self.tokens.pop(sid, None)
            return _body("type='terminate'")
        if self.instead:
            return _no_verdict(self.instead)
        if "<auth " in body and self.hesitates:
            self.waiting[sid] = self._verdict(sid)
            return _body("")
        return _body("", self.waiting.pop(sid, "") or self._verdict(sid))

    def _verdict(self, sid: str) -> str:
        token = self.tokens[sid]
        if token is None and self.guests:
            return f"<success xmlns='{SASL}'/>"
        try:
            self.verifier.login(token, now=time.time() + self.ahead)
        except LoginRefused as refusal:
            text = escape(str(refusal))
            return (
                f"<failure xmlns='{SASL}'><not-allowed/><text>{text}</text></failure>"
            )
        self.logins += 1
        return f"<success xmlns='{SASL}'/>"


def _no_verdict(instead: str) -> Said:
    match instead:
        case "drops":
            raise ConnectionResetError
        case "breaks":
            return Said(502)
        case "ends":
            return _body("type='terminate' condition='internal-server-error'")
    return _body("")


def _body(attributes: str, inside: str = "") -> Said:
    head = f"<body xmlns='http://jabber.org/protocol/httpbind' {attributes}>"
    body = f"{head}{inside}</body>"
    return Said(200, body.encode(), {"Content-Type": "text/xml; charset=utf-8"})


def _switched(asked: Asked) -> Said:
    if asked.headers.get("sec-websocket-protocol") != "xmpp":
        return Said(501)
    key = asked.headers["sec-websocket-key"].encode()
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
    return Said(
        101,
        headers={
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": accept,
        },
    )
