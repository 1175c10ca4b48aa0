"""The reservation plugin of the room server, played (mod_reservations.lua).

Sends the bytes of the plugin over a real socket, believes answers by its rules, and
says out loud where the real one would fall silent for ever. Follows the fact sheet
of the rooms, 4; knows nothing of the code that answers.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

SUMMER_2026, NEWER = "Prosody (0.12.3; posix)", "Prosody (13.0.1; posix)"


class Wedged(Exception):
    """Prosody raises in its callback: the room hangs for all until it is restarted."""


@dataclass(frozen=True)
class Started:
    """The room opens; it is destroyed at `expires_at`."""

    id: str
    expires_at: datetime
    max_occupants: float | None = None
    lobby: bool = False
    password: str | None = None


@dataclass(frozen=True)
class NotStarted:
    """What the browser is shown: a code and a text."""

    code: int
    text: str


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


async def nap(seconds: float) -> None:
    """Let no time pass: what matters is how often it asks."""


@dataclass
class Plugin:
    """One Prosody with the reservation plugin; its memory is per room."""

    host: str
    port: int
    token: str
    prefix: str = "/jitsi"
    agent: str = SUMMER_2026
    retry_count: int = 3
    retry_delay: float = 1.0
    timeout: float = 5.0
    sleep: Callable[[float], Awaitable[None]] = nap
    asked: list[bytes] = field(default_factory=list)
    live: dict[str, Started] = field(default_factory=dict)
    refused: dict[str, NotStarted] = field(default_factory=dict)

    async def open(self, name: str) -> Started | NotStarted:
        """Ask for a room as the first person comes; `name` is the node of its JID.

        Who is in is not asked about again, and a refusal holds until `sweep`.
        """
        if name in self.live or name in self.refused:
            return self.live.get(name) or self.refused[name]
        at = datetime.now(UTC)
        owner = f"{uuid4()}@meet.local"
        # Keys in the order of a Lua table, which varies; hex digits are small.
        body = (
            f"name={_escaped(name)}&start_time={_escaped(_stamp(at))}"
            f"&mail_owner={_escaped(owner)}"
        )
        reply = await self._with_retries("POST", "/conference", body)
        answer = await self._believe_or_resolve(reply, name, at)
        if isinstance(answer, Started):
            self.live[name] = answer
        else:
            self.refused[name] = answer
        return answer

    def sweep(self) -> None:
        """Forget refusals, as it does after thirty to ninety seconds."""
        self.refused.clear()

    def restart(self) -> None:
        """Lose all memory: nobody is told."""
        self.live.clear()
        self.refused.clear()

    async def destroy(self, name: str) -> int:
        """Tell that the room is gone; the status that came back."""
        reply = await self._with_retries(
            "DELETE", f"/conference/{self.live.pop(name).id}"
        )
        return reply.status if reply else 0

    async def get(self, identifier: str, name: str) -> Started | NotStarted:
        """Ask for a conference by its id, as after a conflict."""
        reply = await self._with_retries("GET", f"/conference/{identifier}")
        return self._believe(reply, name, datetime.now(UTC))

    async def _believe_or_resolve(
        self, reply: Reply | None, name: str, asked_at: datetime
    ) -> Started | NotStarted:
        """After a conflict ask for the conference that is in the way."""
        if reply is None or reply.status != 409:
            return self._believe(reply, name, asked_at)
        told = _parsed(reply.body)
        if not isinstance(told, dict) or told.get("conflict_id") is None:
            return NotStarted(500, "Invalid response from reservation server")
        identifier = told["conflict_id"]
        if not isinstance(identifier, str):
            identifier = str(float(identifier))
        found = await self._with_retries("GET", f"/conference/{identifier}")
        return self._believe(found, name, asked_at)

    async def _with_retries(
        self, method: str, path: str, body: str | None = None
    ) -> Reply | None:
        """Ask again after 5xx, never after silence."""
        for attempt in range(1 + self.retry_count):
            reply = await self._send(method, path, body)
            if reply is None or reply.status < 500 or attempt == self.retry_count:
                return reply
            await self.sleep(self.retry_delay)
        raise AssertionError

    async def _send(self, method: str, path: str, body: str | None) -> Reply | None:
        raw = self.bytes_of(method, path, body)
        self.asked.append(raw)
        try:
            async with asyncio.timeout(self.timeout):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(raw)
                try:
                    return await _read(reader)
                finally:
                    writer.close()
                    with suppress(ConnectionError):
                        await writer.wait_closed()
        except TimeoutError:
            return None

    def bytes_of(self, method: str, path: str, body: str | None = None) -> bytes:
        """Write a request as Prosody's HTTP client does."""
        lines = [f"{method} {self.prefix}{path} HTTP/1.1", f"User-Agent: {self.agent}"]
        lines += [f"Authorization: Bearer {self.token}"]
        if body is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded"]
        lines += [f"Host: {self.host}"]
        if self.agent == NEWER:
            lines += ["Connection: close"]
        if body is not None:
            lines += [f"Content-Length: {len(body)}"]
        return ("\r\n".join([*lines, "", ""]) + (body or "")).encode("latin-1")

    def _believe(
        self, reply: Reply | None, name: str, asked_at: datetime
    ) -> Started | NotStarted:
        if reply is None:
            return NotStarted(500, "Reservation lookup timed out")
        if reply.status not in (200, 201):
            return NotStarted(reply.status, _message(reply.body))
        told = _parsed(reply.body)
        if told is None:
            raise Wedged("the body is null")
        if told is _UNREADABLE or not isinstance(told, dict):
            return NotStarted(500, "Invalid response from reservation server")
        return _reservation(told, name, asked_at)


_UNREADABLE = object()
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?"
)


def _reservation(
    told: dict[str, object], name: str, asked_at: datetime
) -> Started | NotStarted:
    invalid = NotStarted(500, "Invalid response from reservation server")
    said = told.get("name")
    if "name" in told and not isinstance(said, str):
        raise Wedged("name is no string")
    if "start_time" in told and not isinstance(told["start_time"], str):
        raise Wedged("start_time is no string")
    for key in ("id", "name", "mail_owner", "start_time", "duration"):
        if told.get(key) is None:
            return invalid
    if not isinstance(told["id"], str):
        raise Wedged("id is no string: it would come back as 123.0")
    if str(said).lower() != name:
        return invalid
    start, duration = _moment(str(told["start_time"])), _number(told["duration"])
    if start is None or duration is None:
        return invalid
    expires = start + timedelta(seconds=duration)
    if expires < asked_at:
        return NotStarted(419, "Reservation expired")
    most, password = told.get("max_occupants"), told.get("password")
    if "max_occupants" in told:
        limit = _number(most)
        if limit is None or limit < 1:
            return invalid
    if "password" in told and not isinstance(password, str):
        return invalid
    return Started(
        str(told["id"]),
        expires,
        _number(most) if "max_occupants" in told else None,
        told.get("lobby") in (True, "true"),
        password if isinstance(password, str) else None,
    )


def _message(body: bytes) -> str:
    told = _parsed(body)
    if isinstance(told, dict) and "message" in told:
        if not isinstance(told["message"], str):
            raise Wedged("message is no string")
        return told["message"]
    if told is None:
        raise Wedged("the body is null")
    return "Rejected by reservation server"


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return _UNREADABLE


def _moment(text: str) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(it) for it in found.groups()[:6])
    at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    zone = found[7]
    if zone and zone != "Z":
        shift = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        at -= shift if zone[0] == "+" else -shift
    return at


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _escaped(text: str) -> str:
    """Percent-encode as Prosody does: lower-case hex."""
    return re.sub(
        "%[0-9A-F]{2}", lambda m: m[0].lower(), quote(text.encode(), safe="-._~")
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


async def _read(reader: asyncio.StreamReader) -> Reply:
    """Read one answer by its length; Prosody follows no redirect and no hint."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {
        name.lower(): value for name, _, value in (it.partition(": ") for it in rest)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Reply(int(first.split(" ")[1]), headers, body)
