"""Running one deed of a command on the database, with the database to itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from werkraum_foundation.database import finish_running
from werkraum_server.one_process import STOP_IT_FIRST, only_process
from werkraum_server.self_check import ready_database

T = TypeVar("T")


def on_database(
    deed: Callable[[], Awaitable[T]], *, command: str, way: str = STOP_IT_FIRST
) -> T:
    """Run the deed on the open, current database; raises `Cannot`.

    `way` is what works instead while another process has the SQLite file.
    """

    async def run() -> T:
        with only_process(command, way):
            async with ready_database():
                done = await deed()
                await finish_running()
                return done

    return asyncio.run(run())
