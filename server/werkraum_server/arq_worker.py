"""Several machines: workers drain the table, and Redis only wakes them.

Redis may be flushed or away at any moment. Each worker looks at the table by
itself every few seconds and finds what no bell told, so arq has no cron here.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import uvloop
from arq import Worker, func
from redis.exceptions import RedisError

from werkraum_foundation.database import finish_running
from werkraum_foundation.letters.mail_server import hang_up
from werkraum_foundation.outbox import install_doorbell
from werkraum_foundation.outbox.worker import AT_ONCE, claim, hand_back, run
from werkraum_foundation.settings import settings
from werkraum_rooms.servers.room_servers import let_go
from werkraum_server.app import create_app
from werkraum_server.arq_doorbell import ArqDoorbell, decode, encode, redis_settings
from werkraum_server.cannot import Cannot
from werkraum_server.self_check import ready_database
from werkraum_server.settled import settle
from werkraum_server.sweeps import Sweeper

log = logging.getLogger("werkraum.worker")

LOOK_EVERY = 5.0  # seconds
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
JOB_TIMEOUT = 120  # seconds


def work() -> None:
    """Do jobs until SIGTERM or SIGINT; raises `Cannot` where nobody needs a worker."""
    if settings().sqlite:
        raise Cannot(
            "SQLite serves one process, and `werkraum serve` does the jobs there."
            " Workers need PostgreSQL: see WERKRAUM_DATABASE_URL."
        )
    if not settings().redis_url:
        raise Cannot(
            "WERKRAUM_REDIS_URL is missing. Without Redis `werkraum serve` does the"
            " jobs itself, and a worker beside it would be one too many."
        )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings().redis_url or ""))


async def _work(url: str) -> None:
    # The reactions, and the routes for the links in letters.
    create_app()
    async with ready_database():
        bell, sweeper = ArqDoorbell(url), Sweeper()
        install_doorbell(bell)
        sweeper.start()
        settle()
        log.info("working")
        try:
            await _until_signal(keep_looking, lambda: keep_listening(url))
        finally:
            await sweeper.stop()
            await bell.close()
            await finish_running()
            await hand_back()
            await hang_up()
            await let_go()
    log.info("stopped; what was not done is handed back")


async def _until_signal(*endless: Callable[[], Awaitable[None]]) -> None:
    """Run these until somebody asks us to stop, then cancel them."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    tasks = [asyncio.ensure_future(each()) for each in endless]
    await asked.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def keep_looking() -> None:
    """Do what is due and was not told: after a flush, a restart, at its time."""
    while True:
        try:
            while jobs := await claim(AT_ONCE):
                await asyncio.gather(*(run(job) for job in jobs))
        except Exception:
            # The database is away: note it, wait, go on.
            log.exception("outbox could not be read")
        await asyncio.sleep(LOOK_EVERY)


async def keep_listening(url: str) -> None:
    """Do what Redis tells at once; arq ends when Redis goes, so begin again."""
    pause = SHORTEST_PAUSE
    while True:
        worker = Worker(**worker_settings(url))
        started = asyncio.get_running_loop().time()
        try:
            await worker.async_run()
        except (RedisError, OSError) as error:
            log.warning("Redis is away", extra={"error": type(error).__name__})
        except Exception:
            log.exception("arq has ended")
        finally:
            await _hand_back(worker)
        lasted = asyncio.get_running_loop().time() - started
        pause = (
            SHORTEST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        )
        await asyncio.sleep(pause)


async def _hand_back(worker: Worker) -> None:
    """Stop what runs: each job goes back to the table, for whoever comes next."""
    tasks = list(worker.tasks.values())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if worker._pool:
        with suppress(RedisError, OSError):
            await worker._pool.aclose()


# Any: arq hands its handlers a dict of its own.
async def run_job(context: dict[str, Any], identifier: str) -> None:
    """Do the job of this id, unless somebody has it already."""
    try:
        for job in await claim(1, only=UUID(identifier)):
            await run(job)
    except Exception:
        # arq would log the words of the exception, which may name somebody.
        log.exception("job could not be claimed or ended", extra={"job": identifier})


def worker_settings(url: str) -> dict[str, Any]:
    """Describe the worker for arq; its signals are ours."""
    return {
        # arq types its coroutines with a dict of no types.
        "functions": [func(run_job, name="run_job", max_tries=1)],  # type: ignore[arg-type]
        "redis_settings": redis_settings(url),
        "job_serializer": encode,
        "job_deserializer": decode,
        "handle_signals": False,
        "poll_delay": 0.05,
        "max_jobs": AT_ONCE,
        "job_timeout": JOB_TIMEOUT,
        # A sign of life in Redis, for supervisors; it lives a second longer.
        "health_check_interval": 15,
        # A result would keep the same id from being told again.
        "keep_result": 0,
    }
