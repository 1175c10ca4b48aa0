"""Who was erased stays erased, whichever backup is restored."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up
from tests.registration.joining import joins, my, now_of
from tests.server.test_backup import empty

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_registration.models import Registration, State
from werkraum_server import erased_ledger
from werkraum_server.backup import read_backup, write_backup


@pytest.fixture(autouse=True)
def no_ledger() -> Iterator[None]:
    erased_ledger.ledger().unlink(missing_ok=True)
    yield
    erased_ledger.ledger().unlink(missing_ok=True)


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser(), seats={Mode.ONSITE: 1})


async def test_a_restored_backup_brings_nobody_back(
    client: httpx.AsyncClient, event: Event, tmp_path: Path
) -> None:
    anna, berta = await joins(event, "Anna"), await joins(event, "Berta")
    await write_backup(tmp_path / "b.zip")
    await client.post(my(anna, "/erase"))
    await empty()
    await read_backup(tmp_path / "b.zip")
    await Job.all().delete()
    assert (await now_of(anna)).name == "Anna"
    assert await erased_ledger.apply(clock.now()) == 1
    gone = await now_of(anna)
    assert (gone.name, gone.email, gone.state) == ("", "", State.CANCELLED)
    assert (await now_of(berta)).state is State.OFFERED
    assert "letter:erased" not in {job.name for job in await Job.all()}
    assert await erased_ledger.apply(clock.now()) == 0
    await must_add_up()


async def test_the_ledger_names_nobody_and_is_ours_alone(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    await client.post(my(anna, "/erase"))
    kept = erased_ledger.ledger().read_text()
    assert len(kept.split()) == 1
    assert str(anna.id) not in kept and anna.id.hex not in kept
    assert stat.S_IMODE(os.stat(erased_ledger.ledger()).st_mode) == 0o600


async def test_nobody_is_erased_without_a_ledger(event: Event) -> None:
    await joins(event, "Anna")
    assert await erased_ledger.apply(clock.now()) == 0
    assert await Registration.filter(name="Anna").count() == 1
