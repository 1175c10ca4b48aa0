"""What must be right before the program works, each fault in words."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import asyncpg
from tortoise.exceptions import BaseORMException

from werkraum_foundation import clock
from werkraum_foundation.database import is_sqlite, moment, rows
from werkraum_foundation.settings import Environment, settings
from werkraum_server import schema_version
from werkraum_server.cannot import Cannot
from werkraum_server.database import migrate, opened

log = logging.getLogger("werkraum.start")

# With one of these off a crash of the machine loses seats already promised.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
CLOCKS_APART = 60  # seconds between us and the database server
AWAY = (OSError, asyncpg.PostgresError, BaseORMException, sqlite3.Error)


@asynccontextmanager
async def ready_database() -> AsyncIterator[None]:
    """Hold the database open once it is fit to work with; raises `Cannot`.

    In development a SQLite file is brought up to date on the way.
    """
    with database_trouble():
        await _must_be_up_to_date()
    async with opened(settings().database_url):
        yield


@contextmanager
def database_trouble() -> Iterator[None]:
    """Turn a database that is away into a `Cannot` with the reason."""
    try:
        yield
    except AWAY as trouble:
        raise Cannot(_away(trouble)) from trouble


async def _must_be_up_to_date() -> None:
    url = settings().database_url
    async with opened(url):
        faults = await newer() + await _must_not_begin_with()
        missing = await schema_version.missing()
    if faults:
        raise Cannot(*faults)
    if not missing:
        return
    if settings().env is Environment.PRODUCTION or not settings().sqlite:
        raise Cannot(lacks(missing))
    log.info("migrating the database", extra={"migrations": missing})
    await migrate(url)


def lacks(missing: tuple[str, ...]) -> str:
    return (
        f"The database lacks {len(missing)} of our migrations, {missing[0]} first."
        " Run `werkraum migrate`."
    )


async def newer() -> list[str]:
    """Refuse what a newer version of the program has written."""
    if unknown := await schema_version.unknown():
        return [
            f"The database belongs to a newer version of Werkraum ({unknown[-1]}),"
            " and this one does not know it. Install that version again."
        ]
    return []


async def _must_not_begin_with() -> list[str]:
    """Refuse a dangerous database in production; in development only say so."""
    faults = await dangers()
    if settings().env is Environment.PRODUCTION:
        return faults
    for fault in faults:
        log.warning(fault)
    return []


async def dangers() -> list[str]:
    """Find what makes the open database lose or twist data."""
    return [] if is_sqlite() else [*await _not_durable(), *await _clock_faults()]


async def _not_durable() -> list[str]:
    found = await rows(
        "SELECT name FROM pg_settings"
        f" WHERE name IN {DURABLE} AND setting = 'off' ORDER BY name"
    )
    return [
        f"The database server runs with {row['name']} = off: a power cut would lose"
        " registrations that were promised. Switch it on in postgresql.conf."
        for row in found
    ]


async def _clock_faults() -> list[str]:
    [found] = await rows(
        "SELECT clock_timestamp() AS now,"
        " (timestamptz '2026-07-01 12:00+00' AT TIME ZONE 'Europe/Berlin')::text"
        " AS berlin"
    )
    faults = []
    apart = abs((moment(found["now"]) - clock.now()).total_seconds())
    if apart > CLOCKS_APART:
        faults.append(
            f"The clocks of this machine and of the database server are {apart:.0f}"
            " seconds apart. Set both by NTP."
        )
    if datetime.fromisoformat(found["berlin"]) != datetime(2026, 7, 1, 14):  # noqa: DTZ001
        faults.append("The time zone database of the database server is broken.")
    return faults


def _away(trouble: BaseException) -> str:
    cause = trouble.__cause__ or trouble
    if settings().sqlite:
        return f"The database {settings().sqlite_path} cannot be used: {cause}."
    # Not the words of the driver alone: some repeat the name of the user.
    return f"The database server cannot be reached: {type(cause).__name__}: {cause}."
