"""The pools of an event while a deed holds their locks.

Deeds that touch more than one pool lock all of an event, in the order of their ids,
so that none waits for another crosswise. Between the locks and `save` the counters
are changed here; the rows follow at the end, within the same unit of work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_foundation.database import changed, is_sqlite, rows
from werkraum_registration import rules


@dataclass
class Counters:
    """A pool as its row stands, and as the deed changes it; counts seats."""

    id: UUID
    mode: Mode | None
    session_id: UUID | None
    seats: int | None
    taken: int
    demand: int
    unconfirmed: int
    issued: int

    @property
    def free(self) -> int | None:
        """Seats nobody holds; None without a limit."""
        return None if self.seats is None else self.seats - self.taken

    @property
    def waiting(self) -> int:
        return self.demand - self.taken

    def fits(self, seats: int) -> bool:
        return self.seats is None or self.taken + seats <= self.seats

    def join(self, seats: int) -> None:
        """Hold seats somebody has not waited for."""
        self.taken += seats
        self.demand += seats

    def leave(self, seats: int) -> None:
        """Give held seats back."""
        self.join(-seats)

    def next_number(self) -> int:
        self.issued += 1
        return self.issued


@dataclass
class LockedPools:
    """All pools of one event, locked until the end of the unit of work."""

    event_id: UUID
    pools: dict[UUID, Counters]
    _before: dict[UUID, Counters] = field(init=False)

    def __post_init__(self) -> None:
        self._before = {pool.id: replace(pool) for pool in self.pools.values()}

    def __iter__(self) -> Iterator[Counters]:
        return iter(self.pools.values())

    def __getitem__(self, pool_id: UUID) -> Counters:
        return self.pools[pool_id]

    @property
    def total(self) -> Counters | None:
        """The limit over all modes, where the organiser has set one."""
        return next((it for it in self if not it.mode and not it.session_id), None)

    @property
    def modes(self) -> dict[Mode, Counters]:
        return {pool.mode: pool for pool in self if pool.mode}

    @property
    def sessions(self) -> dict[UUID, Counters]:
        return {pool.session_id: pool for pool in self if pool.session_id}

    def of_mode(self, mode: Mode) -> Counters:
        """The pool of a way to take part; raises `ModeNotOffered`."""
        if mode not in self.modes:
            raise rules.ModeNotOffered
        return self.modes[mode]

    def add(self, pool: Counters) -> None:
        """Take in a pool that was just made."""
        self.pools[pool.id] = pool
        self._before[pool.id] = replace(pool)

    def remove(self, pool: Counters) -> None:
        """Forget a pool that was just deleted."""
        del self.pools[pool.id]

    async def save(self) -> None:
        """Write the counters that have changed."""
        for pool in self:
            if pool != self._before[pool.id]:
                await _write(pool)
                self._before[pool.id] = replace(pool)


async def lock_pools(event_id: UUID) -> LockedPools:
    """Lock the pools of an event in the order of their ids, and read them."""
    pools = await _read_locked(event_id)
    # SQLite has one writer, who has the whole file since the beginning.
    if is_sqlite():
        return pools
    # A statement that waits for a lock sees no row that was added meanwhile.
    while (again := await _read_locked(event_id)).pools.keys() != pools.pools.keys():
        pools = again
    return again


async def _read_locked(event_id: UUID) -> LockedPools:
    locking = "" if is_sqlite() else " FOR UPDATE"
    found = await rows(
        "SELECT id, mode, session_id, seats, taken, demand, unconfirmed, issued"
        f" FROM seat_pool WHERE event_id = :event ORDER BY id{locking}",
        event=event_id,
    )
    read = [_counters(row) for row in found]
    return LockedPools(event_id, {pool.id: pool for pool in read})


def _counters(row: dict[str, Any]) -> Counters:  # Any: columns of a row
    session = row["session_id"]
    return Counters(
        **{
            **row,
            "id": UUID(str(row["id"])),
            "mode": Mode(row["mode"]) if row["mode"] else None,
            "session_id": UUID(str(session)) if session else None,
        }
    )


async def _write(pool: Counters) -> None:
    await changed(
        "UPDATE seat_pool SET seats = :seats, taken = :taken, demand = :demand,"
        " unconfirmed = :unconfirmed, issued = :issued WHERE id = :id",
        id=pool.id,
        seats=pool.seats,
        taken=pool.taken,
        demand=pool.demand,
        unconfirmed=pool.unconfirmed,
        issued=pool.issued,
    )
