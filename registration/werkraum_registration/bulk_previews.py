"""What would come of a deed for many registrations, as things are now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_registration.bulk_rules import (
    MOST,
    Deed,
    NobodyChosen,
    TooManyChosen,
    concerns,
    frees_a_seat,
    is_written_to,
)
from werkraum_registration.list_filters import Filters
from werkraum_registration.listing import Listed, all_listed, count_listed, queue_of
from werkraum_registration.models import SeatPool, State
from werkraum_registration.rules import has_room, may_promote

SHOWN = 10


@dataclass(frozen=True)
class Chosen:
    """Whom it is about: these, or all that match the filters."""

    filters: Filters
    ids: frozenset[UUID] | None = None

    def holds(self, it: Listed) -> bool:
        return self.ids is None or it.id in self.ids


@dataclass(frozen=True)
class Gain:
    """How many of those who wait for a mode get a seat, and who is first."""

    mode: Mode
    seats: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class Consequences:
    """What would come of a deed, as things are now.

    `ids` are those it is tried for; of them `changing` change, as far as it can be
    told: whoever finds no seat in the other mode stays.
    """

    chosen: int
    ids: tuple[UUID, ...]
    changing: int
    first: tuple[Listed, ...]
    letters: int
    gains: tuple[Gain, ...]

    @property
    def untouched(self) -> int:
        return self.chosen - self.changing

    @property
    def without_seat(self) -> int:
        return len(self.ids) - self.changing


async def foresee(
    event: Event, chosen: Chosen, deed: Deed, value: str, *, now: datetime
) -> Consequences:
    """Say whom it is about and what follows; raises `NobodyChosen`, `TooManyChosen`.

    Who moves up is an estimate: rules about parties and offers decide it later.
    """
    filters = Filters() if chosen.ids is not None else chosen.filters
    number = await count_listed(event.id, filters) if chosen.ids is None else 0
    if number > MOST:
        raise TooManyChosen
    applies, found, all_of_them = concerns(deed, value), list[Listed](), 0
    async for batch in all_listed(event.id, filters, only=chosen.ids):
        all_of_them += len(batch)
        found += [it for it in batch if applies(it)]
    if not all_of_them:
        raise NobodyChosen
    changing = found
    if deed is Deed.MOVE:
        changing = await _fitting(event, Mode(value), found)
    return Consequences(
        chosen=all_of_them,
        ids=tuple(it.id for it in found),
        changing=len(changing),
        first=tuple(changing[:SHOWN]),
        letters=sum(is_written_to(deed, it) for it in changing),
        gains=await _gains(event, deed, changing, now=now),
    )


async def _gains(
    event: Event, deed: Deed, found: Sequence[Listed], *, now: datetime
) -> tuple[Gain, ...]:
    freed: Counter[Mode] = Counter()
    for it in found:
        if frees_a_seat(deed, it):
            freed[it.mode] += it.seats
    leaving = {it.id for it in found}
    gains = []
    for mode in event.modes:
        if not freed[mode] or not may_promote(event, now=now):
            continue
        names, left, seats = [], freed[mode], 0
        for who in await queue_of(event.id, mode, limit=len(leaving) + left):
            if who.id not in leaving and who.seats <= left:
                left, seats = left - who.seats, seats + who.seats
                names.append(who.name)
        if seats:
            gains.append(Gain(mode, seats, tuple(names[:SHOWN])))
    return tuple(gains)


async def _fitting(event: Event, mode: Mode, found: Sequence[Listed]) -> list[Listed]:
    """Choose who finds a seat there, in the order of registering; one query."""
    pools = await SeatPool.filter(event_id=event.id, session_id=None)
    there = next(it for it in pools if it.mode is mode)
    total = next((it for it in pools if it.mode is None), None)
    fitting = []
    for it in found:
        own = next((wait for wait in it.waits if wait.mode is mode), None)
        if own and own.offered_until:
            fitting.append(it)
            continue
        mine = it.seats if own else 0
        # Whoever has a seat already counts in the total.
        more = 0 if it.holds_seat or it.state is State.OFFERED else it.seats
        in_total = not total or total.seats is None or total.taken + more <= total.seats
        if in_total and has_room(
            there.seats,
            taken=there.taken,
            demand=there.demand - mine,
            wanted=it.seats,
            order=event.queue_order,
        ):
            there.taken += it.seats
            there.demand += it.seats - mine
            if total:
                total.taken += more
            fitting.append(it)
    return fitting
