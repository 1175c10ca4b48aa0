"""Prosody's inner HTTP port, played: the endpoints with their quirks.

Follows the plugins of August 2026, or with `january` those of January. Knows nothing
of the code that calls it; tokens are checked as at the door.
"""

import json
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.rooms.bare_http import Asked, Said
from tests.rooms.jitsi_verifier import LoginRefused, Verifier

# What Prosody itself answers where no module has put anything.
NO_ROUTE = Said(404, b"<!DOCTYPE html><title>404 Not Found</title>")


@dataclass
class Prosody:
    """A server with `rooms`: who is in, by MUC JID.

    `system` checks Bearer tokens; `repo` says that it has keys of its own for them.
    """

    system: Verifier
    repo: bool = True
    january: bool = False
    prefix: str = "muc"
    domain: str = "meet.jitsi"
    modules: frozenset[str] = frozenset({"census", "end", "kick", "size"})
    size_verified: bool = True
    rooms: dict[str, list[str]] = field(default_factory=dict)
    calls: list[Asked] = field(default_factory=list)

    def open(self, slug: str, *nicks: str, tenant: str = "") -> None:
        node = f"[{tenant}]{slug}" if tenant else slug
        self.rooms[f"{node}@{self.prefix}.{self.domain}"] = list(nicks)

    async def __call__(self, asked: Asked) -> Said:
        self.calls.append(asked)
        match asked.method, asked.path:
            case "GET", "/room-census" if "census" in self.modules:
                return self._census()
            case "POST", "/end-meeting" if self._has_end:
                return self._end(asked)
            case "PUT", "/kick-participant" if "kick" in self.modules and self.repo:
                return self._kick(asked)
            case "GET", "/room-size" if "size" in self.modules:
                return self._size(asked)
        return NO_ROUTE

    @property
    def _has_end(self) -> bool:
        return "end" in self.modules and (self.repo or self.january)

    def _census(self) -> Said:
        rooms: list[dict[str, object]] = [
            {"room_name": jid, "participants": len(nicks), "leaked": False}
            | ({"created_time": "1795358567000"} if len(nicks) > 1 else {})
            for jid, nicks in self.rooms.items()
        ]
        empty: object = {} if self.january else []
        return Said(200, json.dumps({"room_census": rooms or empty}).encode())

    def _end(self, asked: Asked) -> Said:
        conference = asked.query.get("conference")
        if not conference:
            return Said(400)
        if not self._knows(asked):
            return Said(401)
        return Said(200 if self.rooms.pop(conference, None) else 404)

    def _kick(self, asked: Asked) -> Said:
        if asked.headers.get("content-type") != "application/json" or not asked.body:
            return Said(400)
        wanted = json.loads(asked.body)
        if ("participantId" in wanted) == ("number" in wanted):
            return Said(400)
        refused = 200 if self.january else None
        if not self._knows(asked):
            return Said(refused or 403)
        node = quote(asked.query.get("room", ""))
        inside = self.rooms.get(f"{node}@{self.prefix}.{self.domain}")
        if inside is None:
            return Said(refused or 404)
        if wanted["participantId"] not in inside:
            return Said(404)
        inside.remove(wanted["participantId"])
        return Said(200)

    def _size(self, asked: Asked) -> Said:
        if self.size_verified and not asked.query.get("token"):
            return Said(403)
        return Said(404)

    def _knows(self, asked: Asked) -> bool:
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        try:
            self.system.login(token, now=time.time())
        except LoginRefused:
            return False
        return kind == "Bearer"
