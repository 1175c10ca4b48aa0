"""How often is too often, with Redis, without it, and when it goes away."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
import redis.asyncio
from redis.exceptions import RedisError
from starlette.requests import Request
from tests.ports import free_port

from werkraum_foundation.limits import (
    FIRST_LETTERS,
    FORM_POSTS,
    PREFIX,
    SIGN_IN_ADDRESS,
    SIGN_IN_CLIENT,
    Counters,
    Limit,
    client_network,
    must_be_within,
    must_not_be_spent,
)
from werkraum_foundation.refusals import TooMany
from werkraum_foundation.settings import settings

REDIS = os.environ.get("WERKRAUM_TEST_REDIS", "redis://127.0.0.1:6379/15")


@pytest.fixture
def limits_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_LIMITS", "on")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def stored(unique: str) -> AsyncIterator[redis.asyncio.Redis]:
    """Redis; what the limit called `unique` wrote there is gone after the test."""
    client = redis.asyncio.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        await client.ping()
    except (RedisError, OSError):
        missing = os.environ.get("WERKRAUM_TEST_REQUIRE") == "1"
        (pytest.fail if missing else pytest.skip)("Redis is not available")
    yield client
    if keys := await client.keys(f"{PREFIX}*{unique}*"):
        await client.delete(*keys)
    await client.aclose()


@pytest.mark.parametrize(
    ("limit", "allowed"),
    [
        (FORM_POSTS, 29),
        (FIRST_LETTERS, 3),
        (SIGN_IN_CLIENT, 5),
        (SIGN_IN_ADDRESS, 5),
    ],
    ids=lambda value: value.name if isinstance(value, Limit) else str(value),
)
async def test_one_more_than_allowed_is_told_when_to_come_back(
    limits_on: None, limit: Limit, allowed: int
) -> None:
    for _ in range(allowed):
        await must_be_within(limit, "anna@attendees.example")

    with pytest.raises(TooMany) as refused:
        await must_be_within(limit, "anna@attendees.example")

    assert limit.seconds - 2 <= refused.value.retry_after <= limit.seconds


async def test_a_look_at_a_limit_counts_nothing(limits_on: None) -> None:
    limit = Limit("looked-at", 1, 60)
    for _ in range(3):
        await must_not_be_spent(limit, "here")

    await must_be_within(limit, "here")

    with pytest.raises(TooMany):
        await must_not_be_spent(limit, "here")


async def test_each_key_and_each_limit_counts_for_itself(limits_on: None) -> None:
    one, other = Limit("one", 1, 60), Limit("other", 1, 60)

    await must_be_within(one, "192.0.2.1", "forum")
    await must_be_within(one, "192.0.2.1", "talk")
    await must_be_within(one, "192.0.2.1forum")
    await must_be_within(other, "192.0.2.1", "forum")

    with pytest.raises(TooMany):
        await must_be_within(one, "192.0.2.1", "forum")


async def test_the_count_starts_anew_when_its_time_is_over(limits_on: None) -> None:
    limit = Limit("short", 1, 1)
    await must_be_within(limit, "anna")
    with pytest.raises(TooMany) as refused:
        await must_be_within(limit, "anna")

    await asyncio.sleep(refused.value.retry_after)

    await must_be_within(limit, "anna")


async def test_of_many_at_once_only_the_allowed_pass(limits_on: None) -> None:
    limit = Limit("herd", 3, 60)

    ended = await asyncio.gather(
        *(must_be_within(limit, "anna") for _ in range(20)), return_exceptions=True
    )

    assert [type(one) for one in ended].count(TooMany) == 17


async def test_limits_can_be_switched_off() -> None:
    assert not settings().limits
    for _ in range(5):
        await must_be_within(Limit("off", 1, 60), "anna")


async def test_processes_with_redis_count_together(
    stored: redis.asyncio.Redis, unique: str
) -> None:
    limit = Limit(unique, 2, 60)
    here, there = Counters(REDIS), Counters(REDIS)

    assert await here.take(limit, "key") == await there.take(limit, "key") == 0
    assert 58 <= await here.take(limit, "key") <= 60
    assert 58 <= await there.take(limit, "key") <= 60


async def test_nobody_is_named_in_redis(
    stored: redis.asyncio.Redis,
    unique: str,
    limits_on: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WERKRAUM_REDIS_URL", REDIS)
    settings.cache_clear()

    await must_be_within(Limit(unique, 2, 60), "anna@attendees.example", "192.0.2.1")

    [key] = await stored.keys(f"*{unique}*")
    assert b"anna" not in key and b"192" not in key
    assert 0 < await stored.ttl(key) <= 60


async def test_a_flushed_redis_starts_from_nothing_and_nothing_breaks(
    stored: redis.asyncio.Redis, unique: str
) -> None:
    limit, counters = Limit(unique, 1, 60), Counters(REDIS)
    await counters.take(limit, "key")
    await stored.delete(*await stored.keys(f"*{unique}*"))

    assert await counters.take(limit, "key") == 0
    assert await counters.take(limit, "key") > 0


async def test_without_its_redis_a_process_counts_on_its_own() -> None:
    counters = Counters(f"redis://127.0.0.1:{free_port()}/0")
    limit = Limit("away", 2, 60)

    waits = [await counters.take(limit, "key") for _ in range(3)]

    assert waits[:2] == [0, 0] and waits[2] > 0


async def test_a_redis_that_never_answers_costs_one_second_once() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    counters = Counters(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")

    async with asyncio.timeout(5):
        waits = [await counters.take(Limit("mute", 9, 60), "key") for _ in range(10)]
    server.close()

    assert waits[:9] == [0] * 9 and waits[9] > 0


def asked_by(host: str | None, **headers: str) -> Request:
    return Request(
        {
            "type": "http",
            "client": (host, 50_000) if host is not None else None,
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        }
    )


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_client_is_its_network(host: str | None, network: str) -> None:
    assert client_network(asked_by(host)) == network


def test_what_a_client_says_of_itself_is_not_believed() -> None:
    request = asked_by("192.0.2.7", **{"x-forwarded-for": "198.51.100.1"})
    assert client_network(request) == "192.0.2.7"
