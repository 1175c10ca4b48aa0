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
    """What a newcomer has got: `number` is None outside of the demand."""

    pool_id: UUID
    state: State
    holds_seat: bool
    number: int | None


COLUMNS = "id, mode, seats, taken, demand, unconfirmed, issued"


async def enter(event_id: UUID, mode: Mode) -> Pool | None:
    """Join the demand; the seat is taken where there is one. None without a pool."""
    return _first(
        await rows(
            "UPDATE seat_pool SET demand = demand + 1, issued = issued + 1,"
            " taken = CASE WHEN seats IS NULL OR demand + 1 <= seats"
            " THEN taken + 1 ELSE taken END"
            f" WHERE event_id = :event AND mode = :mode RETURNING {COLUMNS}",
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
            f" RETURNING {COLUMNS}",
            event=event_id,
            mode=mode.value,
        )
    )


async def place_for(event: Event, mode: Mode) -> Place:
    """Give a newcomer what the event has; raises `Full` and `ModeNotOffered`."""
    if event.confirmation is Confirmation.IMMEDIATE:
        return await place_at_once(event, mode)
    if pool := await hold(event.id, mode):
        return Place(pool.id, State.UNCONFIRMED, True, pool.issued)
    pool = await look(event.id, mode)
    if pool.is_full and not event.waiting_list:
        raise rules.Full
    return Place(pool.id, State.UNCONFIRMED, False, None)


async def place_at_once(event: Event, mode: Mode) -> Place:
    """Give a seat or a place on the waiting list; raises as `place_for` does."""
    pool = await enter(event.id, mode)
    if pool is None:
        raise rules.ModeNotOffered
    state = rules.state_for(pool.demand, seats=pool.seats)
    if state is State.WAITLISTED and not event.waiting_list:
        raise rules.Full
    return Place(pool.id, state, state is State.CONFIRMED, pool.issued)


async def look(event_id: UUID, mode: Mode) -> Pool:
    """Read the counters without a lock: good for words, not for decisions."""
    found = _first(
        await rows(
            f"SELECT {COLUMNS} FROM seat_pool WHERE event_id = :event AND mode = :mode",
            event=event_id,
            mode=mode.value,
        )
    )
    if found is None:
        raise rules.ModeNotOffered
    return found


async def lock(pool_id: UUID) -> Pool:
    """Take the row's lock; several pools are locked in the order of their ids."""
    return _read(
        (
            await rows(
                "UPDATE seat_pool SET demand = demand WHERE id = :pool"
                f" RETURNING {COLUMNS}",
                pool=pool_id,
            )
        )[0]
    )


async def leave(place: Place) -> Pool:
    """Take somebody out of the counters, who must be read under the lock."""
    held = int(place.holds_seat)
    return _read(
        (
            await rows(
                "UPDATE seat_pool SET demand = demand - :counted,"
                " taken = taken - :held, unconfirmed = unconfirmed - :unconfirmed"
                f" WHERE id = :pool RETURNING {COLUMNS}",
                counted=int(place.number is not None),
                held=held,
                unconfirmed=held if place.state is State.UNCONFIRMED else 0,
                pool=place.pool_id,
            )
        )[0]
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
        " AND event.ends_at > :now) RETURNING id",
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


async def take_more(pool_id: UUID, people: int) -> None:
    """Seat people who are in the demand already; for moving up."""
    await changed(
        "UPDATE seat_pool SET taken = taken + :people WHERE id = :pool",
        people=people,
        pool=pool_id,
    )


def _first(found: list[dict[str, Any]]) -> Pool | None:  # Any: columns of a row
    return _read(found[0]) if found else None


def _read(row: dict[str, Any]) -> Pool:  # Any: as above
    # SQLite hands out identifiers as text.
    return Pool(**{**row, "id": UUID(str(row["id"])), "mode": Mode(row["mode"])})
