"""The running program, fresh for each journey."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from tests.conftest import ON_POSTGRES, POSTGRES, unavailable
from tests.journeys.program import Program, program


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Program]:
    """The program on its own database, not started yet."""
    if ON_POSTGRES:
        await _must_be_there()
    async with program(tmp_path) as made:
        yield made


async def _must_be_there() -> None:
    try:
        await (await asyncpg.connect(POSTGRES, timeout=5)).close()
    except OSError:
        unavailable("PostgreSQL")
