"""The outermost layer: which requests, which headers, one log line."""

import re
import secrets
import time
from collections.abc import Mapping
from itertools import count
from json.encoder import encode_basestring_ascii as quoted

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from werkraum_foundation import clock
from werkraum_foundation.language import best_language, speak
from werkraum_foundation.refusals import Refused
from werkraum_foundation.settings import settings
from werkraum_server.figures import begin_request, count_request, count_stream
from werkraum_server.logs import current_request, requests
from werkraum_server.refusal_pages import answer_refusal
from werkraum_server.request_heads import (
    Head,
    must_be_readable,
    own_hosts,
    read_head,
)

# Behind these a secret stands in the path; behind the others a secret comes along.
SECRET = frozenset(
    (
        *("my", "dates", "address", "confirm", "feedback", "live", "invited"),
        *("sign-in", "registered"),
    )
)
PRIVATE = SECRET | {"desk", "api", "jitsi", "jaas", "calendar"}

# As long as our tokens, less what a mail program may have cut off.
LONG = re.compile(r"[\w-]{40,}")

# After these nobody reads the rest of a body that may be endless.
CLOSING = frozenset({400, 413, 414, 415, 431})

# What goes on for as long as somebody listens.
STREAM = b"text/event-stream; charset=utf-8"

# In the log: the client left before it had an answer.
GONE = 499

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'{frame}; require-trusted-types-for 'script'"
)

Fields = list[tuple[bytes, bytes]]


def content_policy(frame: str | None = None) -> str:
    """Say what a page may load: ours alone, and one room server's frame at the door."""
    return POLICY.format(frame=f"; frame-src {frame}" if frame else "")


def _always() -> dict[str, str]:
    headers = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }
    if settings().secure:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return headers


def _public() -> dict[str, str]:
    # Kept, but asked for again: a page shows how many seats are left.
    return _always() | {
        "referrer-policy": "strict-origin-when-cross-origin",
        "cache-control": "no-cache",
    }


def _private() -> dict[str, str]:
    return _always() | {
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
    }


class Edge:
    """Refuses what no page should see, adds the headers, says what was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.hosts = own_hosts(settings().base_url)
        # Room servers may call us by a name of the inner network, and only they.
        self.hosts_of_calls = self.hosts | own_hosts(settings().calls_url)
        self.languages = frozenset(settings().languages)
        self.scheme = settings().base_url.partition(":")[0]
        self.public = _encoded(_public())
        self.private = _encoded(_private())
        # A request's id: of which process, and which of its requests.
        self.process, self.numbers = secrets.token_hex(4), count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        begin_request()
        # Not what the client sends: it would be written into our log.
        request_id = f"{self.process}{next(self.numbers):08x}"
        scope.setdefault("state", {})["request_id"] = request_id
        current_request.set(request_id)
        # What the browser used, whatever the proxy in front uses towards us.
        scope["scheme"] = self.scheme
        answer = Answer(send, self._added(scope, request_id))
        try:
            await self._pass_on(scope, receive, answer)
        except ClientDisconnect:
            answer.status = GONE
        except Exception:
            # With the page about our fault sent, the log has its reason already.
            if not (answer.complete and answer.status == 500):
                raise
        finally:
            seconds = time.perf_counter() - started
            if not answer.is_stream:
                count_request(scope["method"], answer.status, seconds)
            requests.add(_line(scope, answer.status, seconds, request_id))

    async def _pass_on(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        head = read_head(scope["headers"])
        self._speak(scope, head, answer)
        try:
            called = scope["path"].startswith("/jitsi/")
            hosts = self.hosts_of_calls if called else self.hosts
            must_be_readable(scope, head, hosts)
        except Refused as refusal:
            response = await answer_refusal(Request(scope), refusal)
            await response(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _speak(self, scope: Scope, head: Head, answer: "Answer") -> None:
        first = scope["path"][1:].partition("/")[0]
        if first in self.languages:
            speak(first)
            return
        accepted = head.languages.decode("latin-1")
        speak(best_language(accepted, settings().languages))
        if first != "static":
            answer.added.append((b"vary", b"Accept-Language"))

    def _added(self, scope: Scope, request_id: str) -> Fields:
        private = first_step(scope["path"]) in PRIVATE
        fixed = self.private if private else self.public
        return [*fixed, (b"x-request-id", request_id.encode())]


class Answer:
    """Sends on what the program answers, with the fields it has not set itself."""

    def __init__(self, send: Send, added: Fields) -> None:
        self.send = send
        self.added = added
        self.status = 500
        self.complete = False
        self.is_stream = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            there = {name for name, _ in message["headers"]}
            if (b"content-type", STREAM) in message["headers"]:
                # Open for hours, and nobody waits for its end.
                self.is_stream = True
                count_stream()
            added = [pair for pair in self.added if pair[0] not in there]
            if self.status in CLOSING:
                added.append((b"connection", b"close"))
            # A new list: a kept page hands out its own again and again.
            message["headers"] = [*message["headers"], *added]
        elif message["type"] == "http.response.body":
            self.complete = not message.get("more_body", False)
        await self.send(message)


def first_step(path: str) -> str:
    """Name the first step of a path behind its language: "my" of `/de/my/…`."""
    first, _, rest = path[1:].partition("/")
    if len(first) <= 3 and first not in PRIVATE:
        return rest.partition("/")[0]
    return first


def without_secrets(path: str) -> str:
    """Cut out the tokens that stand in a path; a log must not keep them."""
    if (step := first_step(path)) in SECRET:
        before, word, rest = path.partition(f"/{step}/")
        _, slash, behind = rest.partition("/")
        path = f"{before}{word}…{slash}{behind}" if word else path
    return LONG.sub("…", path) if len(path) >= 40 else path


def _line(scope: Scope, status: int, seconds: float, request_id: str) -> str:
    """Write the line as JSON; without the query, where people search by name."""
    at = clock.now().isoformat(timespec="milliseconds")
    return (
        f'{{"at": "{at}", "level": "info", "event": "request", "id": "{request_id}",'
        f' "method": {quoted(scope["method"])},'
        f' "path": {quoted(without_secrets(scope["path"])[:200])},'
        f' "status": {status}, "ms": {seconds * 1000:.1f}}}'
    )


def _encoded(headers: Mapping[str, str]) -> Fields:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
