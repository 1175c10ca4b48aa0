"""The measure of a registration: the counter's UPDATE and the row's INSERT alone.

One transaction each on the program's own engine, as many at once as requests.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from uuid import UUID

from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_server.database import opened

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@unit_of_work
async def enter(event: UUID, pool: UUID, number: int) -> None:
    await rows(
        "UPDATE seat_pool SET demand = demand + 1, issued = issued + 1,"
        " taken = CASE WHEN seats IS NULL OR demand + 1 <= seats THEN taken + 1"
        " ELSE taken END WHERE id = :pool RETURNING issued",
        pool=pool,
    )
    await changed(
        "INSERT INTO registration (id, event_id, pool_id, mode, wanted, seats,"
        " companions, name, email, email_key, language, state, holds_seat, source,"
        " generation, confirm_hash, manage_hash, created_at, ended_by, note)"
        " VALUES (:id, :event, :pool, 'online', 'online', 1, :nobody, 'Anna', :mail,"
        " :mail, 'de', 'confirmed', :yes, 'form', 1, :one, :two, :now, '', '')",
        id=uuid7(),
        event=event,
        pool=pool,
        nobody=[],
        mail=f"bare{number}@example.org",
        yes=True,
        one=f"c{number}",
        two=f"m{number}",
        now=NOW,
    )


async def measure(url: str, count: int, at_once: int, turn: int) -> tuple[float, float]:
    """Register so many people with bare statements: how many per second, and the
    milliseconds of processor time for each.
    """
    async with opened(url):
        (row,) = await rows(
            "SELECT p.id, p.event_id FROM seat_pool p JOIN event e ON e.id = p.event_id"
            " WHERE e.slug = 'bench-bare'"
        )
        pool, event = UUID(str(row["id"])), UUID(str(row["event_id"]))
        waiting = iter(range(turn * count, (turn + 1) * count))

        async def one_after_another() -> None:
            for number in waiting:
                await enter(event, pool, number)

        started, before = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        cpu = (time.process_time() - before) * 1000 / count
        return count / (time.perf_counter() - started), cpu


if __name__ == "__main__":
    import uvloop

    uvloop.install()
    print(*asyncio.run(measure(sys.argv[1], *map(int, sys.argv[2:]))))
