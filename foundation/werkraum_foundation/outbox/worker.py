"""Draining the table: claim with a lease, run, end with a fence."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.database import (
    after_commit,
    changed,
    finish_running,
    is_sqlite,
    rows,
    unit_of_work,
)
from werkraum_foundation.models import JobState
from werkraum_foundation.outbox.jobs import (
    SUPERSEDED,
    GivesUp,
    args_in,
    begin,
    handler_of,
    kept_of,
    runs,
)

log = logging.getLogger("werkraum.outbox")

LEASE = 15.0  # seconds until another process may go on with a killed one's job
RENEW = 5.0
AT_ONCE = 8  # handlers running side by side in one process
PAUSE = 0.1  # seconds between two jobs while people wait for answers
POLL = 1.0  # seconds between looks at the table when no bell rings

# A failed job waits 2, 4, 8 … seconds, at most an hour: given up after about
# nine hours, longer than a mail server's night.
TRIES = 20
LONGEST_WAIT = 3600


@dataclass(frozen=True)
class Claimed:
    id: UUID
    name: str
    args: dict[str, Any]  # JSON
    attempts: int


# Leased by this process and not ended, by their ids: whoever claimed them may be
# cancelled while the claim is being committed, and then nobody knows of it.
_held: dict[UUID, Claimed] = {}


@unit_of_work
async def claim(limit: int, *, only: UUID | None = None) -> list[Claimed]:
    """Lease the jobs that are due, the oldest first, or one if it is due."""
    moment = clock.milliseconds(clock.now())
    skip = "" if is_sqlite() else " FOR UPDATE SKIP LOCKED"
    one = " AND id = :only" if only else ""
    found = await rows(
        "UPDATE job SET leased_until = :until, attempts = attempts + 1"
        " WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND due <= :now"
        f" AND (leased_until IS NULL OR leased_until < :now){one}"
        f" ORDER BY due LIMIT :limit{skip})"
        " RETURNING id, name, args, attempts",
        until=moment + int(LEASE * 1000),
        now=moment,
        limit=limit,
        only=only,
    )
    jobs = [_claimed(row) for row in found]
    after_commit(lambda: _held.update({job.id: job for job in jobs}))
    return jobs


async def hand_back() -> None:
    """Give back what was claimed and has not ended; for a process that stops.

    After its units of work, or one of them may still claim. Where the database is
    away, the leases end by themselves.
    """
    while _held:
        _, job = _held.popitem()
        try:
            await _release(job)
        except Exception:
            log.exception("job could not be handed back", extra={"job": str(job.id)})


def _claimed(row: dict[str, Any]) -> Claimed:
    return Claimed(
        id=row["id"] if isinstance(row["id"], UUID) else UUID(row["id"]),
        name=row["name"],
        args=args_in(row),
        attempts=row["attempts"],
    )


async def run(job: Claimed) -> None:
    """Handle a claimed job and write down how it ended; raises only when stopped.

    Stopped at whatever point, it is handed back by the process that stops, if not here.
    """
    handler = handler_of(job.name)
    renewing = asyncio.create_task(_keep(job))
    try:
        if handler is None:
            raise GivesUp(f"nobody handles {job.name}")
        begin(job.id)
        await handler(**job.args)
    except asyncio.CancelledError:
        # Stopped on the way: whoever comes next begins at once, not after the lease.
        await asyncio.shield(_release(job))
        _held.pop(job.id, None)
        raise
    except GivesUp as reason:
        log.warning("job given up", extra={"job": str(job.id), "name_": job.name})
        if not await _makes_way(job):
            await _bury(job, str(reason))
    except Exception as error:
        log.exception("job failed", extra={"job": str(job.id), "name_": job.name})
        await _postpone(job, error)
    else:
        await _done(job)
    finally:
        renewing.cancel()
    _held.pop(job.id, None)


async def _keep(job: Claimed) -> None:
    while True:
        await asyncio.sleep(RENEW)
        await _renew(job)


@unit_of_work
async def _renew(job: Claimed) -> None:
    until = clock.milliseconds(clock.now()) + int(LEASE * 1000)
    await changed(
        "UPDATE job SET leased_until = :until WHERE id = :id AND attempts = :mine",
        until=until,
        id=job.id,
        mine=job.attempts,
    )


@unit_of_work
async def _release(job: Claimed) -> None:
    await changed(
        "UPDATE job SET leased_until = NULL WHERE id = :id AND attempts = :mine",
        id=job.id,
        mine=job.attempts,
    )


@unit_of_work
async def _done(job: Claimed) -> None:
    # Fenced: a process that lost its lease must not end what another one does now.
    await changed(
        "DELETE FROM job WHERE id = :id AND attempts = :mine",
        id=job.id,
        mine=job.attempts,
    )


@unit_of_work
async def _makes_way(job: Claimed) -> bool:
    """End a failed job for a later one of its cause that waits, and does it all.

    Where that is done already, this one has the key again and is tried once more.
    """
    mine = {"id": job.id, "mine": job.attempts}
    [row] = await rows("SELECT dedupe FROM job WHERE id = :id", id=job.id) or [{}]
    key, superseded, _ = (row.get("dedupe") or "").partition(SUPERSEDED)
    if not superseded:
        return False
    # Locked: nobody begins it with what it had before.
    there = await rows(
        "UPDATE job SET dedupe = dedupe WHERE dedupe = :key"
        " RETURNING id, state, leased_until, args",
        key=key,
    )
    if not there:
        take_back = "UPDATE job SET dedupe = :key WHERE id = :id AND attempts = :mine"
        await changed(take_back, key=key, **mine)
        return False
    [later] = there
    if later["state"] != JobState.READY or runs(later):
        return False
    if await changed("DELETE FROM job WHERE id = :id AND attempts = :mine", **mine):
        args = {**args_in(later), **kept_of(job.name, job.args)}
        await changed(
            "UPDATE job SET args = :args WHERE id = :id", args=args, id=later["id"]
        )
    return True


async def _postpone(job: Claimed, error: Exception) -> None:
    if await _makes_way(job):
        return
    if job.attempts >= TRIES:
        await _bury(job, type(error).__name__)
        return
    wait = min(2**job.attempts, LONGEST_WAIT) * random.uniform(0.8, 1.2)
    await _try_later(job, wait, type(error).__name__)


@unit_of_work
async def _try_later(job: Claimed, seconds: float, error: str) -> None:
    due = clock.milliseconds(clock.now()) + int(seconds * 1000)
    await changed(
        "UPDATE job SET due = :due, leased_until = NULL, error = :error"
        " WHERE id = :id AND attempts = :mine",
        due=due,
        error=error,
        id=job.id,
        mine=job.attempts,
    )


@unit_of_work
async def _bury(job: Claimed, reason: str) -> None:
    await changed(
        "UPDATE job SET state = 'dead', leased_until = NULL, error = :error"
        " WHERE id = :id AND attempts = :mine",
        error=reason[:500],
        id=job.id,
        mine=job.attempts,
    )


@unit_of_work
async def free_leases() -> None:
    """Take over what a killed process of this database had; for the only process."""
    await changed("UPDATE job SET leased_until = NULL WHERE leased_until IS NOT NULL")


@unit_of_work
async def revive(identifier: UUID, organiser_id: UUID) -> bool:
    """Try a job again that had failed for good; False if it is not there."""
    revived = await changed(
        "UPDATE job SET state = 'ready', attempts = 0, due = :now, error = NULL"
        " WHERE id = :id AND organiser_id = :organiser AND state = 'dead'",
        now=clock.milliseconds(clock.now()),
        id=identifier,
        organiser=organiser_id,
    )
    return revived > 0


async def drain() -> int:
    """Run everything that is due now, one after the other; for tests and commands."""
    count = 0
    while jobs := await claim(AT_ONCE):
        for job in jobs:
            await run(job)
            count += 1
    return count


def never() -> bool:
    return False


class EmbeddedWorker:
    """The loop inside the web process; its doorbell is an asyncio event.

    `is_busy` tells whether people are waiting for answers: then one job is done
    at a time, with pauses, since letters can wait and people cannot.
    """

    def __init__(self, is_busy: Callable[[], bool] = never) -> None:
        self._is_busy = is_busy
        self._bell = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def ring(self, jobs: Sequence[UUID]) -> None:
        self._bell.set()

    async def start(self) -> None:
        await free_leases()
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        """End the loop; handlers under way give their jobs back."""
        tasks = [task for task in (self._task, *self._running) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await finish_running()
        await hand_back()

    async def _loop(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self._take_what_fits()
            except Exception:
                # The database is away: note it, wait, go on.
                log.exception("outbox could not be read")
                await asyncio.sleep(POLL)
            try:
                async with asyncio.timeout(POLL):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def _take_what_fits(self) -> None:
        while (free := await self._places()) > 0:
            jobs = await claim(free)
            for job in jobs:
                task = asyncio.create_task(run(job))
                self._running.add(task)
                task.add_done_callback(self._ended)
            if len(jobs) < free:
                return

    async def _places(self) -> int:
        """How many jobs may be begun now."""
        if not self._is_busy():
            return AT_ONCE - len(self._running)
        await asyncio.sleep(PAUSE)
        return 1 - len(self._running)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._bell.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("job could not be ended", exc_info=error)
