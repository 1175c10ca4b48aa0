"""The database of the running program: its configuration, opening, migrating."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.api import plan as plan_migrations
from tortoise.migrations.executor import PlanStep

from werkraum_foundation import clock
from werkraum_foundation.settings import settings

# Any: the configuration of tortoise is a tree of dicts.
Config = dict[str, Any]

MODELS = [
    "werkraum_foundation.models",
    "werkraum_events.models",
    "werkraum_registration.models",
    "werkraum_calendar.models",
    "werkraum_rooms.models",
    "werkraum_feedback.models",
    "werkraum_feedback.statement_models",
    "werkraum_feedback.report_models",
    "werkraum_feedback.follow_up_models",
]

# One fixed number for the advisory lock of migrations.
LOCK = 0x7765726B


def configuration(database_url: str) -> Config:
    """Describe the database for tortoise: `sqlite:///path` or `postgres://…`."""
    return {
        "connections": {"default": _connection(database_url)},
        "apps": {
            "werkraum": {
                "models": MODELS,
                "migrations": "werkraum_server.migrations",
                "default_connection": "default",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(url: str) -> Config:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        return {
            "engine": "werkraum_foundation.database.sqlite_engine",
            "credentials": {
                "file_path": path[1:] if path.startswith("//") else path,
                # A confirmed seat must survive a power cut.
                "synchronous": "FULL",
                "journal_mode": "WAL",
                "foreign_keys": "ON",
                "secure_delete": "ON",
                "busy_timeout": 5000,
            },
        }
    return {
        "engine": "werkraum_foundation.database.asyncpg_engine",
        "credentials": {
            "host": parts.hostname or "127.0.0.1",
            "port": parts.port or 5432,
            "user": unquote(parts.username or "postgres"),
            "password": unquote(parts.password) if parts.password else None,
            "database": parts.path.lstrip("/"),
            "minsize": 1,
            "maxsize": 16,
            "server_settings": {
                "lock_timeout": "3000",
                "statement_timeout": "5000",
                "idle_in_transaction_session_timeout": "30000",
            },
        },
    }


def __getattr__(name: str) -> Config:
    """`TORTOISE`, for tortoise's own command line; read when asked for."""
    if name == "TORTOISE":
        return configuration(settings().database_url)
    raise AttributeError(name)


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[None]:
    """Hold the database open for everything inside the block."""
    await Tortoise.init(
        config=configuration(database_url), _enable_global_fallback=True
    )
    try:
        yield
    finally:
        await Tortoise.close_connections()


async def pending_migrations(database_url: str) -> list[str]:
    """Name the migrations that the database still lacks."""
    steps = await plan_migrations(config=configuration(database_url))
    await Tortoise.close_connections()
    return [step for step in steps if step.startswith("+")]


async def migrate(database_url: str) -> None:
    """Bring the database up to date; several processes may try at once."""
    config = deepcopy(configuration(database_url))
    connection = config["connections"]["default"]
    try:
        if "asyncpg" in connection["engine"]:
            await _migrate_postgres(config, connection["credentials"])
        else:
            await _migrate_sqlite(config, connection["credentials"])
    finally:
        await Tortoise.close_connections()


async def _migrate_postgres(config: Config, where: Config) -> None:
    where.pop("server_settings", None)  # no statement_timeout on a long ALTER
    keys = ("host", "port", "user", "password", "database")
    # A connection of its own: the lock ends with it, even after kill -9.
    lock = await asyncpg.connect(**{key: where[key] for key in keys})
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK)
        await run_migrations(config=config)
    finally:
        await lock.close()


async def _migrate_sqlite(config: Config, where: Config) -> None:
    # Rebuilding a table drops it, and the drop cascades while foreign keys are on.
    where["foreign_keys"] = "OFF"
    path = Path(where["file_path"])
    path.parent.mkdir(parents=True, exist_ok=True)

    async def back_up(name: str, steps: list[PlanStep], *_: bool) -> None:
        # Only what holds something is worth a copy.
        connection = get_connection(name)
        tables = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'event'"
        )
        if steps and await connection.execute_query_dict(tables):
            copy = f"{path}.{clock.now():%Y%m%dT%H%M%S%f}"
            await connection.execute_query("VACUUM INTO ?", [copy])

    # A file beside the database: SQLite frees the lock when the process dies.
    with closing(sqlite3.connect(f"{path}.migrating", timeout=60)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        await run_migrations(config=config, reporter=back_up)
        check = "PRAGMA foreign_key_check"
        if broken := await get_connection("default").execute_query_dict(check):
            raise RuntimeError(f"rows without a parent, restore the backup: {broken}")
