"""The doorbell of several machines: Redis wakes a worker after the commit."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

log = logging.getLogger("werkraum.redis")

# Seconds: a ring that takes longer is not worth it, and after one that failed
# none is tried for a while. The workers look at the table anyway.
LONGEST_RING = 2.0
REST = 5.0


def encode(value: dict[str, Any]) -> bytes:  # Any: arq's job record
    """JSON, not arq's default pickle: whoever writes to Redis must not run code."""
    return json.dumps(value, default=str).encode()


def decode(value: bytes) -> dict[str, Any]:  # Any: as above
    read: dict[str, Any] = json.loads(value)
    return read


def redis_settings(url: str) -> RedisSettings:
    """Describe the server for arq, which tries once: whoever calls tries again."""
    found = RedisSettings.from_dsn(url)
    found.conn_retries = 0
    # arq takes both as they stand in the address, %40 and all.
    found.username = unquote(found.username) if found.username else None
    found.password = unquote(found.password) if found.password else None
    return found


class ArqDoorbell:
    """Tells the workers of new jobs; a lost ring costs at most one look."""

    def __init__(self, url: str) -> None:
        self._settings = redis_settings(url)
        self._pool: ArqRedis | None = None
        self._opening = asyncio.Lock()
        self._ringing: set[asyncio.Task[None]] = set()
        self._rest_until = 0.0

    def ring(self, jobs: Sequence[UUID]) -> None:
        if time.monotonic() < self._rest_until:
            return
        task = asyncio.create_task(self._ring(jobs))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _ring(self, jobs: Sequence[UUID]) -> None:
        try:
            async with asyncio.timeout(LONGEST_RING):
                pool = await self._opened()
                for job in jobs:
                    await pool.enqueue_job("run_job", str(job), _job_id=f"job:{job}")
        except (RedisError, OSError) as error:
            if time.monotonic() >= self._rest_until:
                log.warning("no bell", extra={"error": type(error).__name__})
            self._rest_until = time.monotonic() + REST

    async def _opened(self) -> ArqRedis:
        async with self._opening:
            if self._pool is None:
                self._pool = await create_pool(
                    self._settings, job_serializer=encode, job_deserializer=decode
                )
            return self._pool

    async def close(self) -> None:
        if self._ringing:
            await asyncio.wait(self._ringing, timeout=LONGEST_RING)
        if self._pool:
            await self._pool.aclose()
