"""Workers on several machines: Redis wakes them, and may come and go."""

import asyncio
import socket

import asyncpg
import httpx
import pytest
from tests.conftest import ON_POSTGRES
from tests.ports import free_port
from tests.redis_server import redis_server, until
from tests.server.installations import PATIENCE, Installation

pytestmark = pytest.mark.skipif(not ON_POSTGRES, reason="needs PostgreSQL")


@pytest.fixture
def redis_port() -> int:
    return free_port()


@pytest.fixture
def olgas(installation: Installation, redis_port: int) -> Installation:
    """An installation with Redis in which olga can ask for a link."""
    installation.run("organiser", "add", "--name", "AB", "--email", "olga@example.org")
    installation.settings["WERKRAUM_REDIS_URL"] = f"redis://127.0.0.1:{redis_port}/0"
    return installation


def ask_for_a_link(where: Installation) -> None:
    answer = httpx.post(
        f"{where.address}/desk/sign-in",
        data={"email": "olga@example.org"},
        headers={"origin": where.address},
    )
    assert answer.status_code == 303


def letters(where: Installation) -> int:
    return len(list((where.folder / "letters").glob("*.eml")))


def test_a_letter_leaves_with_redis_without_it_and_after_its_return(
    olgas: Installation, redis_port: int
) -> None:
    with olgas.running("worker") as worker, olgas.serving():
        with redis_server(redis_port):
            worker.wait_for("working")
            # She is greeted too, since she is new in the team.
            ask_for_a_link(olgas)
            until(lambda: letters(olgas) == 2)
        worker.wait_for("Redis is away")
        ask_for_a_link(olgas)
        until(lambda: letters(olgas) == 3)
        with redis_server(redis_port):
            ask_for_a_link(olgas)
            until(lambda: letters(olgas) == 4)
        assert worker.stop() == 0


def test_a_worker_that_is_stopped_hands_its_job_back(
    olgas: Installation, redis_port: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, redis_server(redis_port):
        port = silent.getsockname()[1]
        olgas.settings["WERKRAUM_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        with olgas.running("worker") as worker, olgas.serving():
            worker.wait_for("working")
            ask_for_a_link(olgas)
            # The mail server is called and says nothing: the job is being done.
            silent.settimeout(PATIENCE)
            silent.accept()
            assert worker.stop() == 0
    greeting_and_link = asyncio.run(jobs_of(olgas))
    assert [(job["state"], job["leased_until"]) for job in greeting_and_link] == [
        ("ready", None)
    ] * 2


async def jobs_of(where: Installation) -> list[asyncpg.Record]:
    database = await asyncpg.connect(where.settings["WERKRAUM_DATABASE_URL"])
    try:
        found: list[asyncpg.Record] = await database.fetch("SELECT * FROM job")
        return found
    finally:
        await database.close()


def test_a_worker_without_redis_in_the_settings_says_so(
    installation: Installation,
) -> None:
    refused = installation.run("worker")
    assert refused.returncode == 1
    assert "WERKRAUM_REDIS_URL" in refused.stderr
