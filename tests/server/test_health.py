"""What a supervisor asks: alive, able to work, figures."""

from datetime import timedelta

import httpx
from tests.ports import free_port
from tests.server.installations import Installation

from werkraum_foundation import clock
from werkraum_foundation.database import changed
from werkraum_foundation.models import Job

HOUR = timedelta(hours=1)


async def a_job_due_an_hour_ago(leased: bool = False) -> None:
    now = clock.now()
    await Job.create(
        name="letter",
        args={},
        due=clock.milliseconds(now - HOUR),
        leased_until=clock.milliseconds(now + HOUR) if leased else None,
        created_at=now,
    )


async def test_a_program_with_all_it_needs_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    answer = await client.get("/readyz")
    assert answer.json() == {"status": "ready", "warnings": []}


async def test_an_outbox_that_stands_still_is_not_ready(
    client: httpx.AsyncClient,
) -> None:
    await a_job_due_an_hour_ago()
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "outbox")


async def test_a_long_queue_somebody_works_on_is_ready(
    client: httpx.AsyncClient,
) -> None:
    await a_job_due_an_hour_ago()
    await a_job_due_an_hour_ago(leased=True)
    assert (await client.get("/readyz")).status_code == 200


async def test_a_database_that_lacks_a_migration_is_not_ready(
    client: httpx.AsyncClient,
) -> None:
    await changed("DELETE FROM tortoise_migrations")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "migrations")


async def test_figures_name_states_and_nobody(client: httpx.AsyncClient) -> None:
    await a_job_due_an_hour_ago()
    figures = (await client.get("/metrics")).text
    assert 'werkraum_jobs{state="ready"} 1' in figures
    assert "@" not in figures


def test_redis_away_is_a_warning_only(installation: Installation) -> None:
    installation.settings["WERKRAUM_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    with installation.serving():
        answer = httpx.get(f"{installation.address}/readyz")
        assert answer.json() == {"status": "ready", "warnings": ["redis"]}
