"""Looking at a Jitsi server from outside, the way a browser comes."""

import asyncio
import base64
import hashlib
import secrets
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from werkraum_rooms.jitsi.bosh import Login, log_in
from werkraum_rooms.jitsi.tokens import JitsiServer, frame_origin, mint
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import Opening
from werkraum_rooms.servers.certificates import way_there
from werkraum_rooms.servers.provider_calls import ProviderCalls, must_be_fine
from werkraum_rooms.servers.provider_errors import ProviderError
from werkraum_rooms.servers.providers import Finding, Health

PATIENCE = 4.0  # seconds
_MINUTE = timedelta(minutes=1)
# RFC 6455 1.3.
_WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

# What a server says of a token it refuses (fact sheet of the rooms, 2.4), in the
# order in which its sentences are told apart.
_REASONS = (
    ("token required", "lost"),
    ("invalid signature", "signature"),
    ("could not obtain public key", "key"),
    ("'kid'", "kind_of_key"),
    ("alg", "kind_of_key"),
    ("by exp", "clock"),
    ("by nbf", "clock"),
    ("iss", "issuer"),
    ("aud", "audience"),
)


class JitsiLook:
    """One look at a server: its own connections, so that no breaker answers for it."""

    def __init__(
        self, server: JitsiServer, *, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._server, self._trusted = server, trusted
        self._origin = frame_origin(server)

    async def all(self, *, now: datetime) -> Sequence[Finding]:
        """Look at everything; where one thing keeps all others from working, stop."""
        there, goes_on = await way_there(self._origin, now=now, trusted=self._trusted)
        if not goes_on:
            return there
        calls = self.calls()
        try:
            # At once: somebody may sit and wait for it.
            page, (way, token) = await asyncio.gather(
                look_at_page(calls, patience=PATIENCE), self._ways_in(calls, now=now)
            )
        finally:
            await calls.close()
        return [
            *there,
            Finding("page", page.well, page.code, {"said": page.detail}),
            way,
            token,
        ]

    def calls(self) -> ProviderCalls:
        return ProviderCalls(self._origin, verify=self._trusted or True)

    def token(self, *, now: datetime) -> tuple[str, str]:
        """Sign a token as people get it, for a room that is none; slug and token.

        No door is opened by it: nobody but Jitsi's own focus makes rooms, and our
        answer for this name is that there is no such room. So it has an opening of
        its own, of a minute, as no real room need be open for a look.
        """
        slug = new_slug()
        who = Participant("probe", "Werkraum", Role.ATTENDEE)
        opening = Opening(now - _MINUTE, now + _MINUTE)
        return slug, mint(
            self._server, room=slug, participant=who, opening=opening, now=now
        )

    async def log_in(self, calls: ProviderCalls, slug: str, token: str | None) -> Login:
        host = urlsplit(self._server.url).hostname or ""
        return await log_in(
            calls,
            domain=self._server.domain or host,
            room=slug,
            token=token,
        )

    async def _ways_in(
        self, calls: ProviderCalls, *, now: datetime
    ) -> tuple[Finding, Finding]:
        slug, token = self.token(now=now)
        websocket, login = await asyncio.gather(
            self._websocket_opens(calls, slug), self.log_in(calls, slug, token)
        )
        ways = ["WebSocket"] * websocket + ["BOSH"] * login.stream
        values = {"ways": ", ".join(ways)}
        if not ways:
            nothing = Finding("token", None, "no_way")
            return Finding("way", False, login.reason, values), nothing
        if not login.stream:
            return Finding("way", True, values=values), Finding(
                "token", None, "no_bosh"
            )
        return Finding("way", True, values=values), token_finding(login)

    async def _websocket_opens(self, calls: ProviderCalls, slug: str) -> bool:
        """Ask for a WebSocket (RFC 6455 4.1), and let go of it once it is there."""
        key = base64.b64encode(secrets.token_bytes(16))
        try:
            answer = await calls.get(
                f"/xmpp-websocket?{urlencode({'room': slug})}",
                patience=PATIENCE,
                tries=1,
                headers={
                    "connection": "Upgrade",
                    "upgrade": "websocket",
                    "sec-websocket-version": "13",
                    "sec-websocket-protocol": "xmpp",
                    "sec-websocket-key": key.decode(),
                    "origin": self._origin,
                },
            )
        except ProviderError:
            return False
        proof = hashlib.sha1(key + _WEBSOCKET, usedforsecurity=False).digest()
        expected = base64.b64encode(proof).decode()
        return (
            answer.status == 101
            and answer.headers.get("sec-websocket-accept") == expected
        )


async def look_at_page(
    calls: ProviderCalls, *, patience: float, path: str = ""
) -> Health:
    """Fetch what every browser fetches first; `path` stands before it."""
    script = f"{path}/external_api.js"
    try:
        answer = must_be_fine(await calls.get(script, patience=patience, tries=1))
    except ProviderError as trouble:
        return Health(False, trouble.code, trouble.detail)
    # A login page or a parked domain answers 200, too.
    if b"JitsiMeetExternalAPI" not in answer.body:
        return Health(False, "unreadable", urlsplit(calls.base_url).netloc)
    return Health(True)


def token_finding(login: Login) -> Finding:
    """Say whether people with a token of ours are let in, and else why not."""
    if login.accepted:
        return Finding("token", True)
    if login.accepted is None:
        return Finding("token", False, "silent", {"said": login.reason})
    said = login.reason.lower()
    why = next((why for part, why in _REASONS if part in said), "refused")
    return Finding("token", False, why, {"said": login.reason})
