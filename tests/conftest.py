"""A real database for every test, the whole program without a network, people."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import hypothesis
import pytest
from starlette.applications import Starlette

# In memory where that is to be had: no test pulls the plug, and waiting for the disk
# at every commit takes longer than the tests themselves.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
FOLDER = Path(tempfile.mkdtemp(prefix="werkraum-tests-", dir=MEMORY))
ON_POSTGRES = os.environ.get("WERKRAUM_TEST_DATABASE") == "postgres"
REQUIRED = os.environ.get("WERKRAUM_TEST_REQUIRE") == "1"
POSTGRES = os.environ.get(
    "WERKRAUM_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres"
)
BROWSER = Path(__file__).parent / "browser"
BASE_URL = "http://127.0.0.1:8000"

pytest_plugins = ["tests.bad_inputs.tally", "tests.processes"]

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

# Nothing here fails for being slow: other tests run on the same cores.
hypothesis.settings.register_profile(
    "ours", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("ours")

# After the environment: these read it when they are used.
from tests import databases  # noqa: E402

from werkraum_foundation.database import note_change  # noqa: E402
from werkraum_foundation.settings import settings  # noqa: E402


def unavailable(what: str) -> None:
    """Skip with a word where a service is missing; fail where it must be there."""
    if REQUIRED:
        pytest.fail(f"{what} is not available")
    pytest.skip(f"{what} is not available")


# Whoever asks for one of these asks the engine.
ASKING = {"database", "empty_url", "postgres_url", "installation", "running"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run twice what asks a database: the rest, and what a browser sees, once."""
    seen = pytest.mark.skip(reason="the same as on SQLite, and seen there")
    for item in items if ON_POSTGRES else ():
        fixtures = getattr(item, "fixturenames", ())
        in_browser = BROWSER in item.path.parents
        if in_browser or not ASKING.intersection(fixtures):
            item.add_marker(seen)


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
    if ON_POSTGRES:
        try:
            await databases.make_empty(POSTGRES, url)
        except OSError:
            unavailable("PostgreSQL")
    else:
        await databases.copy_file(folder / "template.sqlite3", settings().sqlite_path)
    async with databases.open_again(url):
        yield url


@pytest.fixture(scope="session", autouse=True)
def databases_are_dropped() -> Iterator[None]:
    yield
    asyncio.run(databases.drop_made())


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
