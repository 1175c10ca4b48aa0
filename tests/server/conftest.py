"""Installations of their own, on the engine that is being tested."""

import asyncio
import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tests.conftest import ON_POSTGRES, POSTGRES, SERVER, unavailable
from tests.server.installations import Installation


async def on_server(statement: str) -> None:
    """Run a statement on the PostgreSQL server, outside of every test database."""
    try:
        server = await asyncpg.connect(POSTGRES, timeout=5)
    except OSError:
        unavailable("PostgreSQL")
    try:
        await server.execute(statement)
    finally:
        await server.close()


@contextmanager
def a_postgres_database(name: str, template: str = "template1") -> Iterator[str]:
    """Make a database for the block, like its template; its address."""
    asyncio.run(on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    try:
        yield f"{SERVER}/{name}"
    finally:
        asyncio.run(on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database, whichever engine the tests run on."""
    with a_postgres_database(f"werkraum_{uuid4().hex}") as url:
        yield url


@pytest.fixture
def empty_url(tmp_path: Path) -> Iterator[str]:
    """An empty database of the engine that is being tested."""
    if not ON_POSTGRES:
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    with a_postgres_database(f"werkraum_{uuid4().hex}") as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that others are copied from."""
    made = Installation(tmp_path_factory.mktemp("migrated"))
    with contextlib.ExitStack() as stack:
        if ON_POSTGRES:
            url = stack.enter_context(a_postgres_database(f"werkraum_{uuid4().hex}"))
            made.settings["WERKRAUM_DATABASE_URL"] = url
        ended = made.run("migrate")
        assert ended.returncode == 0, ended.stderr
        yield made


@pytest.fixture
def installation(
    tmp_path: Path, migrated: Installation, unique: str
) -> Iterator[Installation]:
    """An installation with an empty, migrated database."""
    made = Installation(tmp_path)
    if not ON_POSTGRES:
        name = "werkraum.sqlite3"
        shutil.copyfile(migrated.folder / name, tmp_path / name)
        yield made
        return
    template = migrated.settings["WERKRAUM_DATABASE_URL"].rpartition("/")[2]
    with a_postgres_database(f"werkraum_{unique}", template) as url:
        made.settings["WERKRAUM_DATABASE_URL"] = url
        yield made
