"""Calls to a room server: bounded in time, size and number, errors of our own.

Fact sheet of the rooms, 13.1. One client for each server; nothing of httpx leaks.
"""

import asyncio
import random
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

import httpx

from werkraum_rooms.servers.breaker import Breaker
from werkraum_rooms.servers.provider_errors import (
    ProviderAuthError,
    ProviderError,
    ProviderProtocolError,
    ProviderRejected,
    ProviderUnavailable,
    RoomNotFound,
)

MOST_BYTES = 1024 * 1024
TIMEOUTS = httpx.Timeout(connect=2.0, read=5.0, write=5.0, pool=2.0)
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=5)

TRIES = 3
WAITS = (0.2, 2.0)  # seconds; full jitter between
ALTOGETHER = 8.0  # seconds
LONGEST_RETRY_AFTER = 5.0  # seconds
# What another try may cure.
_PASSING = frozenset({429, 502, 503, 504})
# What h11 says when a server stops on the way; the kind of error is that of nonsense.
_BROKEN_OFF = re.compile("server disconnected|peer closed connection", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back; never more than `MOST_BYTES`."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")


class ProviderCalls:
    """The one way to talk to a server at `base_url`.

    Redirects are not followed and the proxies of the environment not used: a room
    server is where the settings say. `verify` is for certificates of an own authority.
    """

    def __init__(self, base_url: str, *, verify: ssl.SSLContext | bool = True) -> None:
        self.base_url = base_url.rstrip("/")
        self.breaker = Breaker()
        self._verify = verify
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def get(
        self,
        path: str,
        *,
        patience: float = ALTOGETHER,
        tries: int = TRIES,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read something; tried again where that may help.

        `path` goes out byte for byte, with its query. `patience` bounds all tries
        together, in seconds. Raises `ProviderError`.
        """
        return await self.call(
            "GET", path, patience=patience, tries=tries, headers=headers
        )

    async def call(
        self,
        method: str,
        path: str,
        *,
        patience: float = ALTOGETHER,
        tries: int = 1,
        headers: Mapping[str, str] | None = None,
        json: object | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Call once, or `tries` times where the call may be repeated harmlessly."""
        until = monotonic() + patience
        if not self.breaker.lets_through():
            raise ProviderUnavailable("not asked: it was down", code="resting")
        for left in reversed(range(tries)):
            try:
                answer = await self._once(method, path, until, headers, json, content)
            except ProviderUnavailable as trouble:
                self.breaker.failed()
                wait = _wait_after(None)
                if not (left and self._may_wait(wait, until)):
                    raise trouble from None
            except ProviderError:
                # It answers, be it nonsense; but nobody gets in that way either.
                self.breaker.failed()
                raise
            else:
                if answer.status < 500:
                    self.breaker.succeeded()
                else:
                    self.breaker.failed()
                wait = _wait_after(answer)
                passing = answer.status in _PASSING
                if not (left and passing and self._may_wait(wait, until)):
                    return answer
            await asyncio.sleep(wait)
        raise AssertionError("a call is tried at least once")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _may_wait(self, wait: float, until: float) -> bool:
        """Say whether another try is due: in time, and the breaker still shut."""
        if wait > LONGEST_RETRY_AFTER or monotonic() + wait >= until:
            return False
        return not self.breaker.is_open

    async def _once(
        self,
        method: str,
        path: str,
        until: float,
        headers: Mapping[str, str] | None,
        json: object | None,
        content: bytes | None,
    ) -> Answer:
        """Call once; connection, answer and reading it all within what is left."""
        try:
            async with asyncio.timeout(max(0.05, until - monotonic())):
                async with self._open().stream(
                    method,
                    self.base_url + path,
                    headers=headers,
                    json=json,
                    content=content,
                ) as response:
                    return Answer(
                        response.status_code,
                        {
                            name.lower(): value
                            for name, value in response.headers.items()
                        },
                        await _read(response),
                    )
        except TimeoutError:
            raise ProviderUnavailable("no answer in time", code="slow") from None
        except httpx.TimeoutException:
            raise ProviderUnavailable("no answer in time", code="slow") from None
        except httpx.ConnectError as trouble:
            raise ProviderUnavailable(
                _why(trouble), code=_connect_code(trouble)
            ) from None
        except (httpx.DecodingError, httpx.RemoteProtocolError) as trouble:
            if _BROKEN_OFF.search(str(trouble)):
                raise ProviderUnavailable("it broke off") from None
            raise ProviderProtocolError(type(trouble).__name__) from None
        except httpx.HTTPError as trouble:
            raise ProviderUnavailable(type(trouble).__name__) from None
        except httpx.InvalidURL:
            raise ProviderProtocolError("an address that cannot be") from None

    def _open(self) -> httpx.AsyncClient:
        """Open the client in the loop that asks: a process has one, tests have many."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._loop = loop
            self._client = httpx.AsyncClient(
                timeout=TIMEOUTS,
                limits=LIMITS,
                verify=self._verify,
                trust_env=False,
                follow_redirects=False,
                headers={"user-agent": "Werkraum", "accept-encoding": "identity"},
            )
        return self._client


def must_be_fine(answer: Answer) -> Answer:
    """Hand the answer on, or raise what its status means."""
    status = answer.status
    if 200 <= status < 300:
        return answer
    if status in (401, 403):
        raise ProviderAuthError(f"it answers {status}")
    if status == 404:
        raise RoomNotFound("it answers 404")
    if status >= 500 or status == 429:
        raise ProviderUnavailable(f"it answers {status}", code="broken")
    if 300 <= status < 400:
        raise ProviderProtocolError(f"it leads elsewhere ({status})", code="elsewhere")
    raise ProviderRejected(f"it answers {status}")


async def _read(response: httpx.Response) -> bytes:
    """Read no more than `MOST_BYTES`: a page of 10 MB is no answer of a room server."""
    read = bytearray()
    async for piece in response.aiter_bytes():
        read += piece
        if len(read) > MOST_BYTES:
            raise ProviderProtocolError("more than 1 MiB", code="too_long")
    return bytes(read)


def _wait_after(answer: Answer | None) -> float:
    """Wait as long as the server asks for, or for a moment that varies."""
    asked = answer.headers.get("retry-after", "") if answer else ""
    if asked.isascii() and asked.isdigit():
        return float(asked)
    return random.uniform(*WAITS)


def _connect_code(trouble: httpx.ConnectError) -> str:
    for cause in _causes(trouble):
        if isinstance(cause, ssl.SSLError):
            return "certificate"
        if isinstance(cause, socket.gaierror):
            return "no_such_name"
    return "refused"


def _causes(trouble: BaseException | None) -> Iterator[BaseException]:
    """Go down to what the system said, whatever language it says it in."""
    while trouble is not None:
        yield trouble
        trouble = trouble.__cause__ or trouble.__context__


def _why(trouble: httpx.ConnectError) -> str:
    """Say in one line what the system says; it names no token and no person."""
    return str(trouble).splitlines()[0][:200] if str(trouble) else "no connection"
