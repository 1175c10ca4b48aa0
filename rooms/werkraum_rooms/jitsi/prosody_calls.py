"""Prosody's own HTTP port: who is in, end a room, ask somebody to leave.

Fact sheet of the rooms, 5. The port answers on the inner network only, mostly without
a Content-Type; what it says is read as JSON all the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlencode, urlsplit

from werkraum_foundation import clock
from werkraum_rooms.jitsi.signing_keys import SigningKey, signed
from werkraum_rooms.jitsi.tokens import AUDIENCE, JitsiServer
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.servers.provider_calls import (
    TRIES,
    Answer,
    ProviderCalls,
    must_be_fine,
)
from werkraum_rooms.servers.provider_errors import (
    CapabilityUnsupported,
    ProviderAuthError,
    ProviderProtocolError,
)

# Seconds for which a census serves all who ask: one call for all rooms.
KEPT = 10.0
# Seconds: a person at the desk waits for it.
PATIENCE = 6.0
TOKEN_LIFE = timedelta(minutes=1)


@dataclass(frozen=True)
class Census:
    """How many are in which room (by its node), and at which MUC domain they are."""

    present: Mapping[str, int]
    muc_domain: str = ""


class ProsodyCalls:
    """The inner side of one Jitsi server.

    `system_key` signs (RS256) what nobody but us may do. Without it a shared secret
    signs; plugins since August 2026 then have no such endpoint.
    """

    def __init__(
        self, server: JitsiServer, url: str, system_key: SigningKey | None = None
    ) -> None:
        self.calls = ProviderCalls(url)
        self._server = server
        self._key = system_key or server.signing_key
        self._kept: tuple[float, Census] | None = None
        self._known = False

    async def census(self, *, fresh: bool = False) -> Census:
        """Ask for all rooms at once; kept for ten seconds unless it must be fresh."""
        if self._kept and not fresh and monotonic() < self._kept[0]:
            return self._kept[1]
        answer = await self.calls.get("/room-census", patience=PATIENCE)
        if answer.status == 404:
            raise CapabilityUnsupported("muc_census is not loaded", code="no_census")
        found = read_census(must_be_fine(answer))
        self._kept = monotonic() + KEPT, found
        return found

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        present = (await self.census()).present
        return {slug: present.get(slug, 0) for slug in slugs}

    async def end(self, slug: str) -> bool:
        """Close a room for all in it; False where it was not there."""
        answer = await self._end(slug)
        self._kept = None
        return _was_there(answer)

    async def remove(self, slug: str, address: str) -> bool:
        """Ask one device to leave; False if it has left, or the room is gone.

        Plugins before August 2026 answer 200 as well when they refuse our token or do
        not know the room. So both are made sure of beforehand.
        """
        await self.must_be_known()
        if slug not in (await self.census(fresh=True)).present:
            return False
        query = {"room": slug, "prefix": ""}
        answer = await self.calls.call(
            "PUT",
            f"/kick-participant?{urlencode(query)}",
            # The endpoint wants exactly application/json, which this sends.
            json={"participantId": nick_of(address)},
            headers=self._authorised(),
            patience=PATIENCE,
            tries=TRIES,
        )
        return _was_there(answer)

    async def must_be_known(self) -> None:
        """Make sure that our signature counts: end a room that nobody can have."""
        if not self._known:
            _was_there(await self._end(new_slug()))
            self._known = True

    async def size_is_verified(self) -> bool | None:
        """Look whether /room-size asks for a token; None where there is no such."""
        host = urlsplit(self._server.url).hostname or ""
        query = {"room": new_slug(), "domain": self._server.domain or host}
        answer = await self.calls.get(f"/room-size?{urlencode(query)}", tries=1)
        if answer.status == 404 and answer.body.strip():
            return None
        return answer.status in (401, 403)

    async def close(self) -> None:
        await self.calls.close()

    async def _end(self, slug: str) -> Answer:
        room = f"{slug}@{await self._muc_domain()}"
        query = urlencode({"conference": room}, safe="@")
        return await self.calls.call(
            "POST",
            f"/end-meeting?{query}",
            headers=self._authorised(),
            patience=PATIENCE,
            # Ending twice is harmless.
            tries=TRIES,
        )

    async def _muc_domain(self) -> str:
        """Take it from the census; else as the containers or Debian call it."""
        seen = self._kept[1].muc_domain if self._kept else ""
        if not seen:
            try:
                seen = (await self.census(fresh=True)).muc_domain
            except CapabilityUnsupported:
                seen = ""
        domain = self._server.domain
        host = urlsplit(self._server.url).hostname
        return seen or (f"muc.{domain}" if domain else f"conference.{host}")

    def _authorised(self) -> Mapping[str, str]:
        token = system_token(self._server.app_id, self._key, now=clock.now())
        return {"authorization": f"Bearer {token}"}


def system_token(app_id: str, key: SigningKey, *, now: datetime) -> str:
    """Sign the right to do something with any room, for a minute.

    It would let nobody into one: the wildcard is refused at the room's door.
    """
    claims = {
        "iss": app_id,
        "aud": AUDIENCE,
        "sub": "*",
        "room": "*",
        "exp": int((now + TOKEN_LIFE).timestamp()),
    }
    return signed(claims, key)


def read_census(answer: Answer) -> Census:
    """Read who is in where; an empty list was `{}` in plugins before August 2026."""
    try:
        said = json.loads(answer.body)["room_census"]
        rooms = [_read_room(it) for it in said]
    except (ValueError, TypeError, KeyError):
        raise ProviderProtocolError("no census that can be read") from None
    domains = {domain for _, domain, _ in rooms}
    return Census(
        {node: count for node, _, count in rooms},
        min(domains) if len(domains) == 1 else "",
    )


def nick_of(address: str) -> str:
    """Tell what a room calls a device of this address.

    Jitsi's client takes the first eight letters of the node it got at its login.
    """
    node, at, _ = address.partition("@")
    return node[:8].lower() if at else address


def _read_room(said: Mapping[str, object]) -> tuple[str, str, int]:
    node, _, domain = str(said["room_name"]).partition("@")
    count = said["participants"]
    if isinstance(count, bool) or not isinstance(count, int | float):
        raise TypeError
    # Jicofo is taken off, also where it is not there yet.
    return node, domain, max(0, int(count))


def _was_there(answer: Answer) -> bool:
    """Read what became of a wish; raises what keeps it from being done."""
    if answer.status == 401:
        raise ProviderAuthError("it does not accept our signature")
    if answer.status != 404:
        must_be_fine(answer)
        return True
    # The module answers 404 with nothing in it, Prosody itself with a page.
    if answer.body.strip():
        raise CapabilityUnsupported("the module is not loaded", code="no_module")
    return False
