"""For those who run it: alive, able to work, figures."""

import asyncio

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tortoise.exceptions import BaseORMException

from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.database import rows
from werkraum_foundation.settings import settings
from werkraum_server import schema_version
from werkraum_server.figures import request_lines

# A job this long overdue, and nobody at work on any: the outbox stands still.
LAG = 60_000  # milliseconds
DATABASE_WITHIN, REDIS_WITHIN = 3.0, 1.0  # seconds

AWAY = (OSError, BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError)


async def show_alive(request: Request) -> Response:
    """The process answers; says nothing of what it needs."""
    return JSONResponse({"status": "alive"})


async def show_ready(request: Request) -> Response:
    """Able to work: the database is there and current, the outbox is drained.

    Redis away is a warning: it only wakes workers that look at the table anyway.
    """
    try:
        # A database that hangs is no better than one that is away.
        async with asyncio.timeout(DATABASE_WITHIN):
            missing, lag = await schema_version.missing(), await _outbox_lag()
    except AWAY:
        return _not_ready("database")
    if missing:
        return _not_ready("migrations")
    if lag > LAG:
        return _not_ready("outbox")
    url = settings().redis_url
    away = url is not None and not await redis_answers(url)
    return JSONResponse({"status": "ready", "warnings": ["redis"] if away else []})


def _not_ready(what: str) -> Response:
    return JSONResponse(
        {"type": "about:blank", "title": "Not ready", "status": 503, "code": what},
        status_code=503,
        media_type="application/problem+json",
        headers={"Retry-After": "5"},
    )


async def _outbox_lag() -> int:
    """Milliseconds by which the oldest job is overdue while nobody does any.

    A long queue that somebody works through is no fault: taking the process away
    from its readers would not make it shorter.
    """
    now = clock.milliseconds(clock.now())
    [found] = await rows(
        "SELECT min(due) AS due,"
        " (SELECT count(*) FROM job WHERE leased_until >= :now) AS begun"
        " FROM job WHERE state = 'ready' AND due <= :now",
        now=now,
    )
    return now - int(found["due"]) if found["due"] and not found["begun"] else 0


async def redis_answers(url: str) -> bool:
    """Ask Redis for a sign of life, for a second at most."""
    # Imported where there is one: 15 MB that a single process does not need.
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    redis = Redis.from_url(url)
    try:
        async with asyncio.timeout(REDIS_WITHIN):
            return bool(await redis.ping())
    except (RedisError, OSError):
        return False
    finally:
        await redis.aclose()


async def show_figures(request: Request) -> Response:
    """Figures without personal labels; for a scraper inside the network."""
    jobs = await rows("SELECT state, count(*) AS n FROM job GROUP BY state")
    states = await rows("SELECT state, count(*) AS n FROM registration GROUP BY state")
    database = "sqlite" if settings().sqlite else "postgres"
    lines = [
        *request_lines(),
        "# TYPE werkraum_jobs gauge",
        *(f'werkraum_jobs{{state="{it["state"]}"}} {it["n"]}' for it in jobs),
        "# TYPE werkraum_outbox_lag_seconds gauge",
        f"werkraum_outbox_lag_seconds {await _outbox_lag() / 1000}",
        "# TYPE werkraum_registrations gauge",
        *(
            f'werkraum_registrations{{state="{it["state"]}"}} {it["n"]}'
            for it in states
        ),
        f'werkraum_info{{database="{database}"}} 1',
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


routes = [
    route("/healthz", show_alive, access=PUBLIC, name="health:alive"),
    route("/readyz", show_ready, access=PUBLIC, name="health:ready"),
    route("/metrics", show_figures, access=PUBLIC, name="health:figures"),
]
