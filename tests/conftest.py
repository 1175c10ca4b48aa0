"""A real database for every test, the whole program without a network, people."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

FOLDER = Path(tempfile.mkdtemp(prefix="werkraum-tests-"))
ON_POSTGRES = os.environ.get("WERKRAUM_TEST_DATABASE") == "postgres"
REQUIRED = os.environ.get("WERKRAUM_TEST_REQUIRE") == "1"
POSTGRES = os.environ.get(
    "WERKRAUM_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres"
)
BASE_URL = "http://127.0.0.1:8000"

pytest_plugins = ["tests.bad_inputs.tally"]

for name in [name for name in os.environ if name.startswith("WERKRAUM_")]:
    if not name.startswith("WERKRAUM_TEST_"):
        del os.environ[name]
SERVER, _, _ = POSTGRES.rpartition("/")
os.environ |= {
    "WERKRAUM_DATA_DIR": str(FOLDER),
    "WERKRAUM_SECRET_KEY": "the-secret-of-the-tests-4f2b8c1d9e7a6035",
    "WERKRAUM_BASE_URL": BASE_URL,
    "WERKRAUM_LIMITS": "off",
}
if ON_POSTGRES:
    os.environ["WERKRAUM_DATABASE_URL"] = f"{SERVER}/werkraum_test_{os.getpid()}"

# After the environment: these read it when they are used.
from werkraum_foundation.database import note_change  # noqa: E402
from werkraum_foundation.settings import settings  # noqa: E402
from werkraum_server.database import migrate, opened  # noqa: E402


def unavailable(what: str) -> None:
    """Skip with a word where a service is missing; fail where it must be there."""
    if REQUIRED:
        pytest.fail(f"{what} is not available")
    pytest.skip(f"{what} is not available")


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture
def now() -> datetime:
    """The moment of a test that does not need the real one."""
    return datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(folder: Path) -> AsyncIterator[str]:
    """A freshly migrated, empty database, open for the test; its address."""
    url = settings().database_url
    await (_copy_postgres() if ON_POSTGRES else _copy_sqlite(folder))
    async with opened(url):
        yield url


async def _copy_sqlite(folder: Path) -> None:
    template = folder / "template.sqlite3"
    if not template.exists():
        await migrate(f"sqlite:///{template}")
    target = settings().sqlite_path
    for leftover in target.parent.glob(target.name + "*"):
        leftover.unlink()
    shutil.copyfile(template, target)


_made: set[str] = set()

EMPTY_ALL = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""


async def _copy_postgres() -> None:
    """Empty the database of this run; make it the first time, or if it is stuck."""
    url = settings().database_url
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
        _made.discard(url)
    await _make_postgres(url)


async def _make_postgres(url: str) -> None:
    name = url.rpartition("/")[2]
    try:
        server = await asyncpg.connect(POSTGRES, timeout=5)
    except OSError:
        unavailable("PostgreSQL")
    try:
        await server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await server.execute(f'CREATE DATABASE "{name}"')
        # No test pulls the plug; waiting for the disk takes half of the time.
        await server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    finally:
        await server.close()
    await migrate(url)
    _made.add(url)


@pytest.fixture(scope="session", autouse=True)
def databases_are_dropped() -> Iterator[None]:
    yield
    if ON_POSTGRES and _made:
        import asyncio

        asyncio.run(_drop())


async def _drop() -> None:
    server = await asyncpg.connect(POSTGRES)
    name = settings().database_url.rpartition("/")[2]
    await server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await server.close()


@pytest.fixture
def unique() -> str:
    """A word no other test uses."""
    return uuid4().hex[:8]


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser without a sign-in, talking to the whole program.

    The outbox stands still: `drain()` of foundation's outbox.worker moves it.
    """
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=the_app()),
        base_url=BASE_URL,
        headers={"accept-language": "en"},
        # Tests write rows by hand, which no unit of work counts.
        event_hooks={"request": [forget_kept_pages]},
    ) as browser:
        yield browser


async def forget_kept_pages(request: httpx.Request) -> None:
    note_change()


_app: list[Starlette] = []


def the_app() -> Starlette:
    """The program, put together once for all tests."""
    from werkraum_server.app import create_app

    if not _app:
        _app.append(create_app())  # type: ignore[arg-type]
    return _app[0]
