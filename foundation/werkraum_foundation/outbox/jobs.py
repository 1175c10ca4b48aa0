"""Jobs: enqueued by deeds, handled by name."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.database import after_commit, changed, changed_each, rows
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import JobState
from werkraum_foundation.outbox.doorbell import ring

Handler = Callable[..., Awaitable[None]]
H = TypeVar("H", bound=Handler)

_handlers: dict[str, Handler] = {}
_kept: dict[str, tuple[str, ...]] = {}
_current: ContextVar[UUID] = ContextVar("current_job")


class GivesUp(Exception):
    """Trying again would not help; the text is shown to organisers.

    It says what went wrong without naming a person.
    """


def job(name: str, *, keeps: Sequence[str] = ()) -> Callable[[H], H]:
    """Register the handler of a job; the job's arguments are its keywords.

    Where a job takes the place of one that has failed, what it `keeps` is handed on
    to it: from when on something is to be told does not begin anew.
    """

    def register(handler: H) -> H:
        if _handlers.get(name, handler) is not handler:
            raise ValueError(f"two handlers for {name}")
        _handlers[name] = handler
        _kept[name] = tuple(keeps)
        return handler

    return register


def handler_of(name: str) -> Handler | None:
    return _handlers.get(name)


def current_job() -> UUID:
    """Name the job being handled: stable over all its tries, so a letter's id."""
    return _current.get()


def begin(identifier: UUID) -> None:
    _current.set(identifier)


async def enqueue(
    name: str,
    args: Mapping[str, object],
    *,
    due: datetime | None = None,
    dedupe: str | None = None,
    alone: bool = False,
    organiser_id: UUID | None = None,
) -> None:
    """Write down a job inside the current unit of work; one INSERT.

    `args` must be JSON and carry ids only, no secret and nothing personal. With
    `dedupe` a second job of the same key is not written while the first waits, be it
    for another try: it will read what is true then. One that runs may have read
    already what this deed changes, so it gives its key away, and the next one is
    written; should it fail, that one does it all. Only what is asked for by the clock,
    and finds more the next time, is `alone`: not written while one runs either. One
    that failed for good makes way.
    """
    identifier, now = uuid7(), clock.now()
    wanted = {
        "id": identifier,
        "name": name,
        "args": dict(args),
        "dedupe": dedupe,
        "organiser": organiser_id,
        "ready": JobState.READY.value,
        "due": clock.milliseconds(due or now),
        "now": now,
    }
    [there] = await rows(WRITE, **wanted)
    if UUID(str(there["id"])) != identifier:
        if there["state"] == JobState.READY and (alone or not runs(there)):
            return
        if there["state"] == JobState.DEAD:
            await changed("DELETE FROM job WHERE id = :id", id=there["id"])
            wanted["args"] = {**args, **kept_of(name, args_in(there))}
        else:
            # Fenced by its id: whoever runs it ends that row, whatever its key.
            await changed(
                "UPDATE job SET dedupe = :superseded WHERE id = :id",
                superseded=f"{dedupe}{SUPERSEDED}{there['id']}",
                id=there["id"],
            )
        await rows(WRITE, **wanted)
    if due is None or due <= now:
        after_commit(lambda: ring([identifier]))


# The one that is there is touched, and so locked until this deed commits: whoever
# claims it next (and skips what is locked) sees what the deed has changed.
WRITE = (
    "INSERT INTO job (id, name, args, dedupe, organiser_id, state, due,"
    " attempts, created_at) VALUES (:id, :name, :args, :dedupe, :organiser,"
    " :ready, :due, 0, :now)"
    " ON CONFLICT (dedupe) DO UPDATE SET dedupe = excluded.dedupe"
    " RETURNING id, state, leased_until, args"
)
# In a key that was given away, between what it was and the id.
SUPERSEDED = " superseded "


def runs(row: Mapping[str, Any]) -> bool:
    """Whether somebody is at a job; a lease that is over is that of a killed one."""
    until = row["leased_until"]
    return until is not None and until >= clock.milliseconds(clock.now())


def args_in(row: Mapping[str, Any]) -> dict[str, Any]:
    args = row["args"]
    read: dict[str, Any] = json.loads(args) if isinstance(args, str) else args
    return read


def kept_of(name: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what of a job is handed on to the one that takes its place."""
    return {it: args[it] for it in _kept.get(name, ()) if it in args}


async def enqueue_each(
    wanted: Sequence[tuple[str, Mapping[str, object]]], *, organiser_id: UUID
) -> None:
    """Write down jobs, each a name and its arguments, due now; one round trip."""
    now = clock.now()
    made = [uuid7() for _ in wanted]
    await changed_each(
        "INSERT INTO job (id, name, args, organiser_id, state, due, attempts,"
        " created_at) VALUES (:id, :name, :args, :organiser, :ready, :due, 0, :now)",
        [
            {
                "id": identifier,
                "name": name,
                "args": dict(args),
                "organiser": organiser_id,
                "ready": JobState.READY.value,
                "due": clock.milliseconds(now),
                "now": now,
            }
            for identifier, (name, args) in zip(made, wanted, strict=True)
        ],
    )
    after_commit(lambda: ring(made))


async def reschedule(dedupe: str, due: datetime) -> bool:
    """Move a waiting job to another time; False if it runs, is done or was never there.

    One that runs will end, whatever its time: who still wants one enqueues it.
    """
    moved = await changed(
        "UPDATE job SET due = :due WHERE dedupe = :dedupe AND state = :ready"
        " AND (leased_until IS NULL OR leased_until < :now)",
        due=clock.milliseconds(due),
        now=clock.milliseconds(clock.now()),
        dedupe=dedupe,
        ready=JobState.READY.value,
    )
    return moved > 0


async def withdraw(dedupe: str) -> None:
    """Take back a job that has lost its cause."""
    await changed("DELETE FROM job WHERE dedupe = :dedupe", dedupe=dedupe)


async def waiting(name: str) -> int:
    """Count the jobs of a name that are not done."""
    found = await rows("SELECT count(*) AS n FROM job WHERE name = :name", name=name)
    return int(found[0]["n"])
