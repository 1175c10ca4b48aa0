"""An empty, migrated database for each test, as cheap as it can be had."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from tortoise.context import TortoiseContext, set_global_context

from werkraum_foundation.models import Organiser
from werkraum_server.database import configuration, migrate

_read: list[tuple[TortoiseContext, object]] = []


@asynccontextmanager
async def open_again(url: str) -> AsyncIterator[None]:
    """Hold a database open as `opened` does, of the same engine as before.

    Tortoise reads the models each time; that takes longer than most tests do.
    """
    context = await _models(url)
    context.connections._init_config(configuration(url)["connections"])
    set_global_context(context)
    # Not left again: a fixture of a whole session may have left its own here, closed
    # since. Pytest takes back what this fixture has set.
    context.__enter__()
    try:
        yield
    finally:
        await context.close_connections()


async def _models(url: str) -> TortoiseContext:
    """Read the models, unless nobody has read them since for another database."""
    if _read and _read[0][1] is Organiser._meta.basequery:
        return _read[0][0]
    context = TortoiseContext()
    with context:
        await context.init(config=configuration(url))
        await context.close_connections()
    _read[:] = [(context, Organiser._meta.basequery)]
    return context


_templates: set[Path] = set()


async def copy_file(template: Path, target: Path) -> None:
    """Put a copy of the template here, which is made the first time."""
    if template not in _templates:
        # A task of its own: what Tortoise sets for its task must not stay.
        await asyncio.create_task(migrate(f"sqlite:///{template}"))
        _templates.add(template)
    for leftover in target.parent.glob(target.name + "*"):
        leftover.unlink()
    shutil.copyfile(template, target)


_made: dict[str, str] = {}

EMPTY_ALL = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""


async def make_empty(server: str, url: str) -> None:
    """Empty this database of PostgreSQL; make it the first time, or if it is stuck."""
    try:
        if url in _made:
            own = await asyncpg.connect(url, timeout=5)
            try:
                await own.execute("SET lock_timeout = '2s'")
                await own.execute(EMPTY_ALL)
                # A test may have made it look as if it had never been migrated.
                if await own.fetchval("SELECT count(*) FROM tortoise_migrations"):
                    return
            finally:
                await own.close()
    except asyncpg.PostgresError:
        pass
    await _make(server, url)


async def _make(server: str, url: str) -> None:
    name = url.rpartition("/")[2]
    at = await asyncpg.connect(server, timeout=5)
    try:
        await at.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await at.execute(f'CREATE DATABASE "{name}"')
        # No test pulls the plug; waiting for the disk takes half of the time.
        await at.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    finally:
        await at.close()
    await asyncio.create_task(migrate(url))
    _made[url] = server


async def drop_made() -> None:
    """Drop what this process has made on PostgreSQL."""
    for url, server in _made.items():
        at = await asyncpg.connect(server)
        name = url.rpartition("/")[2]
        await at.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await at.close()
