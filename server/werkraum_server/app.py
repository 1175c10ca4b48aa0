"""The web application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp
from tortoise.exceptions import OperationalError

from werkraum_feedback.area import install_area
from werkraum_foundation.access import must_all_be_declared
from werkraum_foundation.database import finish_running
from werkraum_foundation.letters.mail_server import hang_up
from werkraum_foundation.links import install_router
from werkraum_foundation.outbox import install_doorbell
from werkraum_foundation.outbox.worker import EmbeddedWorker
from werkraum_foundation.refusals import Refused
from werkraum_foundation.settings import settings
from werkraum_rooms.servers.room_servers import let_go
from werkraum_server import reactions
from werkraum_server.database import opened
from werkraum_server.edge import Edge
from werkraum_server.figures import people_wait
from werkraum_server.refusal_pages import (
    answer_error,
    answer_http,
    answer_refusal,
)
from werkraum_server.routes import all_routes
from werkraum_server.sweeps import Sweeper

TROUBLE = (OperationalError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Hold open what the process needs: the database and whoever drains the outbox."""
    async with opened(settings().database_url):
        async with draining():
            yield
            await finish_running()
        # What draining was just writing when it was stopped.
        await finish_running()
        await hang_up()
        await let_go()


@asynccontextmanager
async def draining() -> AsyncIterator[None]:
    """Drain the outbox here, or ring the workers where Redis joins several machines.

    SQLite serves one process, so there it is always this one.
    """
    url = settings().redis_url
    if url and not settings().sqlite:
        # Imported where it is used: one process needs neither arq nor Redis.
        from werkraum_server.arq_doorbell import ArqDoorbell

        bell = ArqDoorbell(url)
        install_doorbell(bell)
        try:
            yield
        finally:
            await bell.close()
        return
    worker, sweeper = EmbeddedWorker(people_wait), Sweeper()
    install_doorbell(worker)
    await worker.start()
    sweeper.start()
    try:
        yield
    finally:
        await sweeper.stop()
        await worker.stop()


def create_app() -> ASGIApp:
    """Put the program together; raises where a route declares no access."""
    reactions.registered()
    app = Starlette(
        routes=all_routes(),
        lifespan=lifespan,
        exception_handlers={
            Refused: answer_refusal,
            HTTPException: answer_http,
            **dict.fromkeys(TROUBLE, answer_error),
            Exception: answer_error,
        },
    )
    must_all_be_declared(app.router)
    install_router(app.router)
    install_area()
    return Edge(app)


def __getattr__(name: str) -> ASGIApp:
    """`werkraum_server.app:app` for any ASGI server; made when asked for."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
