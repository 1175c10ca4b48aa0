"""How often somebody may do something. The letters are limited, not the people."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from starlette.requests import Request

from werkraum_foundation.refusals import TooMany
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash

log = logging.getLogger("werkraum.limits")

Asking = Callable[[FixedWindowRateLimiter, RateLimitItemPerSecond, str], Awaitable[int]]

PREFIX = "werkraum:limits"
# Seconds: for an answer of Redis, and until one that failed is asked again.
ANSWER, REST = 1.0, 5.0


@dataclass(frozen=True)
class Limit:
    """So many within so many seconds, counted from the first one on."""

    name: str
    per: int
    seconds: int


MINUTE, HOUR, DAY = 60, 3600, 86_400

# Per client network and event. Generous, since an authority sits behind one
# address; the thirtieth within a minute is refused.
FORM_POSTS = Limit("form-posts", 29, MINUTE)
# Per calendar of somebody's own: programs that ask more often have gone mad.
FEED_FETCHES = Limit("feed-fetches", 60, HOUR)
# Per event and address, known or not: a form must not be a cannon.
FIRST_LETTERS = Limit("first-letters", 3, DAY)
# Sign-in links: per client network, and per address.
SIGN_IN_CLIENT = Limit("sign-in-client", 5, 10 * MINUTE)
SIGN_IN_ADDRESS = Limit("sign-in-address", 5, HOUR)


async def must_be_within(limit: Limit, *keys: str) -> None:
    """Count this one; raises TooMany, with the seconds to wait, beyond the limit.

    The keys say whom it is counted for: a `client_network`, a `normalised` address,
    an id. Only their keyed hash is stored. With Redis all processes count together;
    while it is away each counts on its own, from nothing. Costs a round trip to Redis.
    """
    if not settings().limits:
        return
    key = keyed_hash("limits", json.dumps([limit.name, *keys]))
    wait = await _counters().take(limit, key)
    if wait:
        raise TooMany(wait)


async def must_not_be_spent(limit: Limit, *keys: str) -> None:
    """Raise TooMany where a limit is used up, and count nothing.

    For what only failures count against: `must_be_within` counts each of them.
    """
    if not settings().limits:
        return
    key = keyed_hash("limits", json.dumps([limit.name, *keys]))
    wait = await _counters().left(limit, key)
    if wait:
        raise TooMany(wait)


def client_network(request: Request) -> str:
    """Name the network a request comes from: an IPv4 address or an IPv6 /64.

    A household or an office has a /64 of its own. Taken from the connection:
    X-Forwarded-For is whatever the sender says, unless the server in front of the
    application has already put the word of a trusted proxy in its place.
    """
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), 64), strict=False))
    return str(address)


class Counters:
    """Counts of one event loop: in Redis where there is one, else here."""

    def __init__(self, redis_url: str | None) -> None:
        self.loop = asyncio.get_running_loop()
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = _in_redis(redis_url) if redis_url else None
        self._ask_again = 0.0

    async def take(self, limit: Limit, key: str) -> int:
        """Count one; 0 within the limit, else the seconds until it starts anew."""
        return await self._ask(_take, limit, key)

    async def left(self, limit: Limit, key: str) -> int:
        """Say what `take` would, and count nothing."""
        return await self._ask(_look, limit, key)

    async def _ask(self, what: Asking, limit: Limit, key: str) -> int:
        item = RateLimitItemPerSecond(limit.per, limit.seconds, limit.name)
        if self._shared and time.monotonic() >= self._ask_again:
            try:
                return await what(self._shared, item, key)
            except (StorageError, OSError) as trouble:
                self._ask_again = time.monotonic() + REST
                log.warning("limits without redis: %s", type(trouble).__name__)
        return await what(self._here, item, key)


def _in_redis(url: str) -> FixedWindowRateLimiter:
    storage = RedisStorage(
        f"async+{url}",
        implementation="redispy",
        # One kind of error to know, without importing Redis where there is none.
        wrap_exceptions=True,
        key_prefix=PREFIX,
        socket_timeout=ANSWER,
        socket_connect_timeout=ANSWER,
    )
    return FixedWindowRateLimiter(storage)


async def _take(
    counter: FixedWindowRateLimiter, item: RateLimitItemPerSecond, key: str
) -> int:
    return 0 if await counter.hit(item, key) else await _wait(counter, item, key)


async def _look(
    counter: FixedWindowRateLimiter, item: RateLimitItemPerSecond, key: str
) -> int:
    return 0 if await counter.test(item, key) else await _wait(counter, item, key)


async def _wait(
    counter: FixedWindowRateLimiter, item: RateLimitItemPerSecond, key: str
) -> int:
    ends = (await counter.get_window_stats(item, key)).reset_time
    return max(1, ceil(ends - time.time()))


_current: Counters | None = None


def _counters() -> Counters:
    global _current
    if _current is None or _current.loop is not asyncio.get_running_loop():
        _current = Counters(settings().redis_url)
    return _current
