"""Changes in any order, by several at once: meanwhile and afterwards, seats add up.

A few hundred every day; `WERKRAUM_TEST_CHURN=5000` makes the whole.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.conftest import ON_POSTGRES
from tests.registration.churn import Outcome, busy_events, churns_for, side_by_side
from tests.registration.counters import must_add_up

from werkraum_registration import offers
from werkraum_registration.holds import expire_due

OPERATIONS = int(os.environ.get("WERKRAUM_TEST_CHURN", "300"))
ROUNDS = 6
# People at once, in each process.
TASKS = 6
ROOT = Path(__file__).parents[2]

# Makes so many changes, beginning at this moment, and says what came of them.
Play = Callable[[int, datetime], Awaitable[Outcome]]


async def test_after_a_churn_of_all_deeds_the_seats_add_up(
    database: str, now: datetime
) -> None:
    events = [event.id for event in await busy_events(now)]
    outcome = Outcome(until=now)
    async with (two_processes if ON_POSTGRES else one_process)(events) as play:
        for _ in range(ROUNDS):
            outcome.add(await play(OPERATIONS // ROUNDS, outcome.until))
            await must_add_up(outcome.until)
            # Nobody does anything for a day.
            outcome.until += timedelta(days=1)
            await expire_due(outcome.until)
            await offers.lapse_due(outcome.until)
            await must_add_up(outcome.until)
    print(outcome.written())
    assert outcome.operations >= OPERATIONS // ROUNDS * ROUNDS
    # A refusal is an answer too, but most of what people try shall happen.
    assert outcome.done.total() > outcome.operations / 2


async def test_in_a_churn_of_one_the_seats_add_up_after_every_change(
    database: str, now: datetime
) -> None:
    events = [event.id for event in await busy_events(now)]
    for churn in await churns_for(events, len(events), seed=0):
        until = now
        for _ in range(OPERATIONS // 10):
            until = (await churn.run(1, until)).until
            await must_add_up(until)


@asynccontextmanager
async def one_process(events: Sequence[UUID]) -> AsyncIterator[Play]:
    churns = await churns_for(events, TASKS, seed=0)

    async def play(operations: int, now: datetime) -> Outcome:
        return await side_by_side(churns, operations, now)

    yield play


@asynccontextmanager
async def two_processes(events: Sequence[UUID]) -> AsyncIterator[Play]:
    """Share the changes between processes with connections of their own."""
    both = [await process(seed, events) for seed in (1, 2)]

    async def play(operations: int, now: datetime) -> Outcome:
        outcome = Outcome()
        asked = f"{now.isoformat()} {-(-operations // len(both))}\n".encode()
        for each in await asyncio.gather(*(answer(it, asked) for it in both)):
            outcome.add(each)
        return outcome

    try:
        yield play
    finally:
        for each in both:
            assert each.stdin
            # The end of its input is its end.
            each.stdin.close()
            await each.wait()


async def process(seed: int, events: Sequence[UUID]) -> Process:
    given = [str(it) for it in (seed, TASKS, *events)]
    command = [sys.executable, "-m", "tests.registration.churn", *given]
    return await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )


async def answer(churning: Process, asked: bytes) -> Outcome:
    assert churning.stdin and churning.stdout
    churning.stdin.write(asked)
    await churning.stdin.drain()
    line = await churning.stdout.readline()
    assert line, "the process has ended; what it said stands above"
    return Outcome.read(line)
