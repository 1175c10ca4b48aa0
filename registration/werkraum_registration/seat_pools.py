"""The seats of an event: how many there are in each mode."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation.database import rows, unit_of_work
from werkraum_registration import demand_counter, rules
from werkraum_registration.demand_counter import Pool
from werkraum_registration.models import SeatPool
from werkraum_registration.waiting_list import move_up


@unit_of_work
async def set_seats(
    event_id: UUID, seats: Mapping[Mode, int | None], *, now: datetime
) -> None:
    """Give the modes of an event their seats; None is no limit.

    Makes missing pools, moves people up where there is room now. A mode that is
    left out is closed. Raises `BelowTaken` for fewer seats than are taken, which
    is `ModeInUse` where a mode would be closed over people's heads.
    """
    event = await Event.get(id=event_id)
    pools = await SeatPool.filter(event_id=event_id).order_by("id")
    for pool in pools:
        resized = await _resize(pool.id, seats)
        await move_up(event, resized, now=now)
    for mode in seats.keys() - {pool.mode for pool in pools}:
        await SeatPool.create(event_id=event_id, mode=mode, seats=seats[mode])


async def _resize(pool_id: UUID, wanted: Mapping[Mode, int | None]) -> Pool:
    # The lock first: nobody takes a seat between the look and the change.
    pool = await demand_counter.lock(pool_id)
    seats = wanted.get(pool.mode, 0)
    if seats is not None and seats < pool.taken:
        refusal = rules.BelowTaken if pool.mode in wanted else rules.ModeInUse
        raise refusal(pool.mode, pool.taken)
    if seats == pool.seats:
        return pool
    await rows(
        "UPDATE seat_pool SET seats = :seats WHERE id = :pool RETURNING id",
        seats=seats,
        pool=pool_id,
    )
    return await demand_counter.lock(pool_id)
