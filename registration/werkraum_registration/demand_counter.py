"""The statements that decide about seats.

One UPDATE locks the pool, decides, and issues the number; its answer is what
counts. Read-then-write would oversell, and a conditional UPDATE that matches no
row takes no lock: somebody could come to wait beside a seat given back just then.
Queue numbers come from `issued`, which never falls: taken from the demand, a
newcomer would overtake people who wait, after others before them have left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation.database import changed, rows
from werkraum_foundation.identifiers import uuid7
from werkraum_registration import rules
from werkraum_registration.models import State


@dataclass(frozen=True)
class Pool:
    """The counters as they stand while the row is locked."""

    id: UUID
    mode: Mode
    seats: int | None
    taken: int
    demand: int
    unconfirmed: int
    issued: int

    @property
    def is_full(self) -> bool:
        return self.seats is not None and self.demand >= self.seats

    @property
    def waiting(self) -> int:
        return self.demand - self.taken


@dataclass(frozen=True)
class Place:
    """What a newcomer has got; `number` is the place in the queue, if there is one."""

    pool_id: UUID
    mode: Mode
    state: State
    holds_seat: bool
    number: int | None = None

    @property
    def queued(self) -> bool:
        return self.state is State.WAITLISTED


# A total of the event binds as well: then several pools must be locked.
ALONE = (
    " AND NOT EXISTS (SELECT 1 FROM seat_pool t WHERE t.event_id = :event"
    " AND t.mode IS NULL AND t.session_id IS NULL)"
)
COLUMNS = "id, mode, seats, taken, demand, unconfirmed, issued"


async def enter(event_id: UUID, mode: Mode) -> Pool | None:
    """Join the demand; the seat is taken where there is one. None without a pool."""
    return _first(
        await rows(
            "UPDATE seat_pool SET demand = demand + 1, issued = issued + 1,"
            " taken = CASE WHEN seats IS NULL OR demand + 1 <= seats"
            " THEN taken + 1 ELSE taken END"
            f" WHERE event_id = :event AND mode = :mode{ALONE} RETURNING {COLUMNS}",
            event=event_id,
            mode=mode.value,
        )
    )


async def hold(event_id: UUID, mode: Mode) -> Pool | None:
    """Keep a seat for an address that is not confirmed; None where that may not be.

    At most half of the seats, and at least one, are kept so; else anybody could
    empty an event with made-up addresses. Whoever gets None is not in the demand,
    so that this one may be a conditional UPDATE.
    """
    return _first(
        await rows(
            "UPDATE seat_pool SET demand = demand + 1, issued = issued + 1,"
            " taken = taken + 1, unconfirmed = unconfirmed + 1"
            " WHERE event_id = :event AND mode = :mode AND (seats IS NULL OR"
            " (demand < seats AND (unconfirmed = 0 OR 2 * (unconfirmed + 1) <= seats)))"
            f"{ALONE} RETURNING {COLUMNS}",
            event=event_id,
            mode=mode.value,
        )
    )


async def place_for(event: Event, mode: Mode) -> Place | None:
    """Give a newcomer what the event has; raises `Full` and `ModeNotOffered`.

    None where the event has a total, which this one statement cannot see to.
    """
    if event.confirmation is Confirmation.IMMEDIATE:
        return await _place_at_once(event, mode)
    if pool := await hold(event.id, mode):
        return Place(pool.id, mode, State.UNCONFIRMED, holds_seat=True)
    pool = await look(event.id, mode)
    if pool is None:
        return None
    if pool.is_full and not event.waiting_list:
        raise rules.Full
    return Place(pool.id, mode, State.UNCONFIRMED, holds_seat=False)


async def _place_at_once(event: Event, mode: Mode) -> Place | None:
    pool = await enter(event.id, mode) or await look(event.id, mode)
    if pool is None:
        return None
    state = rules.state_for(pool.demand, seats=pool.seats)
    if state is State.WAITLISTED and not event.waiting_list:
        raise rules.Full
    return Place(pool.id, mode, state, state is State.CONFIRMED, pool.issued)


QUEUE = (
    "INSERT INTO wish (id, registration_id, pool_id, number, seats, priority,"
    " queued_at, lapses) VALUES (:id, :registration, :pool, :number, 1, 0, :now, 0)"
)


def queued(
    registration_id: UUID, pool_id: UUID, number: int | None, *, now: datetime
) -> dict[str, object]:
    """The values of `QUEUE` for one seat."""
    return {
        "id": uuid7(),
        "registration": registration_id,
        "pool": pool_id,
        "number": number,
        "now": now,
    }


async def queue(registration_id: UUID, place: Place, *, now: datetime) -> None:
    """Write down the place in the queue that `enter` has counted."""
    await changed(
        QUEUE, **queued(registration_id, place.pool_id, place.number, now=now)
    )


async def look(event_id: UUID, mode: Mode) -> Pool | None:
    """Read the counters without a lock, for words; None where a total binds too.

    Raises `ModeNotOffered` where there is no such pool.
    """
    found = await rows(
        f"SELECT {COLUMNS}, (SELECT count(*) FROM seat_pool t"
        " WHERE t.event_id = :event AND t.mode IS NULL AND t.session_id IS NULL)"
        " AS totals FROM seat_pool WHERE event_id = :event AND mode = :mode",
        event=event_id,
        mode=mode.value,
    )
    if not found:
        raise rules.ModeNotOffered
    return None if found[0].pop("totals") else _read(found[0])


async def leave(place: Place) -> None:
    """Take back what a newcomer has got whose row could not be written."""
    held = int(place.holds_seat)
    await changed(
        "UPDATE seat_pool SET demand = demand - :counted, taken = taken - :held,"
        " unconfirmed = unconfirmed - :unconfirmed WHERE id = :pool",
        counted=int(place.holds_seat or place.queued),
        held=held,
        unconfirmed=held if place.state is State.UNCONFIRMED else 0,
        pool=place.pool_id,
    )


async def confirm_hold(confirm_hash: str, *, now: datetime) -> UUID | None:
    """Turn a kept seat into one of a confirmed person; its pool, which is locked now.

    The look at the registration is older than the lock: read it again, and call
    `keep_hold` if somebody else was faster. None where no seat is kept, or the
    event is off or over.
    """
    found = await rows(
        "UPDATE seat_pool SET unconfirmed = unconfirmed - 1 WHERE unconfirmed > 0"
        " AND id = (SELECT pool_id FROM registration JOIN event"
        " ON event.id = registration.event_id WHERE confirm_hash = :hash"
        " AND state = 'unconfirmed' AND holds_seat AND event.status = 'published'"
        " AND event.ends_at > :now AND NOT event.approval AND seats = 1"
        " AND wanted = mode AND NOT EXISTS (SELECT 1 FROM booking"
        " WHERE booking.registration_id = registration.id)) RETURNING id",
        hash=confirm_hash,
        now=now,
    )
    return UUID(str(found[0]["id"])) if found else None


async def keep_hold(pool_id: UUID) -> None:
    """Take `confirm_hold` back."""
    await changed(
        "UPDATE seat_pool SET unconfirmed = unconfirmed + 1 WHERE id = :pool",
        pool=pool_id,
    )


def _first(found: list[dict[str, Any]]) -> Pool | None:  # Any: columns of a row
    return _read(found[0]) if found else None


def _read(row: dict[str, Any]) -> Pool:  # Any: as above
    # SQLite hands out identifiers as text.
    return Pool(**{**row, "id": UUID(str(row["id"])), "mode": Mode(row["mode"])})
