"""The one way to write: a deed in one transaction, its caller may get lost."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

import asyncpg
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from werkraum_foundation.refusals import Busy

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 5

# What is to be called once the transaction is committed; None outside of one.
_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "afterwards", default=None
)
_running: set[asyncio.Task[object]] = set()
_commits = 0


def unit_of_work(
    deed: Callable[P, Coroutine[object, object, T]],
) -> Callable[P, Coroutine[object, object, T]]:
    """Run the deed in one transaction that a lost caller cannot interrupt.

    It may run again after a deadlock or a serialisation failure, so it touches
    nothing but the database. A deed called by another one joins its transaction.
    Raises `Busy` when the database does not answer in time.
    """

    @wraps(deed)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if inside():
            return await deed(*args, **kwargs)

        async def work() -> T:
            for attempt in range(TRIES):
                afterwards: list[Callable[[], None]] = []
                _afterwards.set(afterwards)
                try:
                    async with in_transaction():
                        result = await deed(*args, **kwargs)
                except asyncpg.exceptions.TransactionRollbackError:
                    # Deadlock or serialisation failure: the others are through soon.
                    await asyncio.sleep(0.01 * 2**attempt)
                    continue
                _afterwards.set(None)
                note_change()
                for call in afterwards:
                    call()
                return result
            raise Busy

        task: asyncio.Task[T] = asyncio.create_task(work())
        _running.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(_forget)
        try:
            return await asyncio.shield(task)
        except Exception as error:
            if is_overload(error):
                raise Busy from error
            raise

    return run


def _forget(task: asyncio.Task[T]) -> None:
    _running.discard(task)
    if not task.cancelled():
        # Whoever waited may be gone; then nobody else asks for the exception.
        task.exception()


def note_change() -> None:
    """Say that rows may have changed: by a commit, or in a way nobody counted."""
    global _commits
    _commits += 1


def commits() -> int:
    """Count the changes of this process: as long as it stays, it changed nothing."""
    return _commits


def inside() -> bool:
    """Whether a unit of work is open around the caller."""
    return _afterwards.get() is not None


def after_commit(call: Callable[[], None]) -> None:
    """Have this called once the unit of work is committed, and not if it fails.

    It must not raise and not touch the database: the tasks it starts begin
    outside of the transaction.
    """
    afterwards = _afterwards.get()
    if afterwards is None:
        raise RuntimeError("after_commit outside of a unit of work")
    afterwards.append(call)


def is_overload(error: BaseException) -> bool:
    """Whether the database was only too busy or away, and nothing was changed."""
    if isinstance(error, OperationalError):
        cause = error.__cause__ or (error.args[0] if error.args else None)
        return isinstance(cause, sqlite3.OperationalError) and (
            "locked" in str(cause) or "full" in str(cause)
        )
    return isinstance(
        error,
        asyncpg.exceptions.LockNotAvailableError
        | asyncpg.exceptions.QueryCanceledError
        | asyncpg.exceptions.PostgresConnectionError
        | asyncpg.exceptions.TooManyConnectionsError
        | asyncpg.exceptions.CannotConnectNowError
        | asyncpg.exceptions.AdminShutdownError
        | asyncpg.exceptions.CrashShutdownError
        | asyncpg.exceptions.InterfaceError
        | ConnectionError,
    )


async def finish_running() -> None:
    """Wait for the units of work that run now, lost callers or not (a graceful stop).

    Not for those begun meanwhile: a worker with much to do begins more and more.
    """
    if _running:
        await asyncio.wait(set(_running))
