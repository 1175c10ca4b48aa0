"""One deed done to many registrations: looked at before, then done by a job.

1. `foresee` says what would come of it.
2. `order` writes down who it is about, and a job does it to one after the other.
   A counter in the same unit of work as each deed sees to it that nothing is done
   twice, however often the button is pressed or the job begins anew.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import Busy, NotFound, Refused
from werkraum_registration import approvals, registrations, tags, wishes
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
from werkraum_registration.models import BulkDeed, SeatPool
from werkraum_registration.rules import may_promote

SHOWN = 10
# Deeds between two looks at the whole row.
AT_ONCE = 50

DONE, NOTHING = "done", "nothing"


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
    """What would come of a deed, as things are now."""

    chosen: int
    ids: tuple[UUID, ...]
    first: tuple[Listed, ...]
    letters: int
    gains: tuple[Gain, ...]
    # Of those who would move, how many find a seat; None where it is no question.
    fitting: int | None = None

    @property
    def concerned(self) -> int:
        return len(self.ids)

    @property
    def untouched(self) -> int:
        return self.chosen - len(self.ids)


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
    pools = {it.mode: it for it in await SeatPool.filter(event_id=event.id) if it.mode}
    return Consequences(
        chosen=all_of_them,
        ids=tuple(it.id for it in found),
        first=tuple(found[:SHOWN]),
        letters=sum(is_written_to(deed, it) for it in found),
        gains=await _gains(event, deed, found, now=now),
        fitting=_fitting(pools[Mode(value)], found) if deed is Deed.MOVE else None,
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


def _fitting(pool: SeatPool, found: Sequence[Listed]) -> int:
    """Count how many find a seat there, in the order of registering."""
    if pool.seats is None:
        return len(found)
    # Nobody passes those who wait for it.
    left = 0 if pool.demand > pool.taken else pool.seats - pool.taken
    fitting = 0
    for it in found:
        if it.seats <= left:
            left, fitting = left - it.seats, fitting + 1
    return fitting


@unit_of_work
async def order(
    event: Event,
    deed_id: UUID,
    deed: Deed,
    value: str,
    ids: Sequence[UUID],
    *,
    actor: str,
    now: datetime,
) -> BulkDeed:
    """Write down what is to be done to whom; the same id is the same deed.

    `deed_id` comes from the page with the button: pressed twice, it is one.
    """
    there = await BulkDeed.get_or_none(id=deed_id)
    if there is not None:
        if there.event_id != event.id:
            raise NotFound
        return there
    made = await BulkDeed.create(
        id=deed_id,
        event_id=event.id,
        deed=deed.value,
        value=value,
        registrations=[str(identifier) for identifier in ids],
        created_by=actor,
        created_at=now,
    )
    await enqueue(
        "bulk:do",
        {"deed_id": str(deed_id)},
        dedupe=f"bulk:{deed_id}",
        organiser_id=event.organiser_id,
    )
    return made


async def is_ordered(deed_id: UUID) -> bool:
    return await BulkDeed.exists(id=deed_id)


async def deed_of(organiser_id: UUID, deed_id: UUID) -> BulkDeed:
    """Find what an organiser has ordered, event with it, or raise `NotFound`."""
    found = BulkDeed.filter(id=deed_id, event__organiser_id=organiser_id)
    deed = await found.select_related("event__organiser").first()
    if deed is None:
        raise NotFound
    return deed


@job("bulk:do")
async def do_all(deed_id: str) -> None:
    """Do it to one after the other; called again, it goes on where it stopped."""
    ordered = await BulkDeed.get_or_none(id=UUID(deed_id)).select_related("event")
    if ordered is None:
        return
    for number in range(ordered.done, len(ordered.registrations)):
        try:
            outcome = await _do_one(ordered, number, now=clock.now())
        except Busy:
            raise
        except Refused as refusal:
            outcome = refusal.code
            await _step(ordered.id, number)
        if outcome:
            ordered.outcomes[outcome] = ordered.outcomes.get(outcome, 0) + 1
        if number % AT_ONCE == 0:
            await _save(ordered)
    await _finish(ordered, now=clock.now())


@unit_of_work
async def _do_one(ordered: BulkDeed, number: int, *, now: datetime) -> str:
    """Do it to one, unless another process has just done so."""
    if not await _step(ordered.id, number):
        return ""
    registration_id = UUID(ordered.registrations[number])
    actor, value = ordered.created_by, ordered.value
    match Deed(ordered.deed):
        case Deed.CANCEL:
            await registrations.cancel(registration_id, actor=actor, now=now)
        case Deed.MOVE:
            await wishes.switch_mode(registration_id, Mode(value), actor=actor, now=now)
        case Deed.APPROVE | Deed.REJECT as deed:
            decide = (
                approvals.approve_now if deed is Deed.APPROVE else approvals.reject_now
            )
            told = await decide(
                ordered.event_id, [registration_id], actor=actor, now=now
            )
            return DONE if told else NOTHING
        case Deed.TAG:
            if not await tags.put_on(registration_id, value, actor=actor, now=now):
                return NOTHING
        case Deed.UNTAG:
            if not await tags.take_off(registration_id, value, actor=actor, now=now):
                return NOTHING
    return DONE


@unit_of_work
async def _step(deed_id: UUID, number: int) -> bool:
    """Count one more as done; False if it has been counted already."""
    stepped = await changed(
        "UPDATE bulk_deed SET done = :after WHERE id = :id AND done = :number",
        id=deed_id,
        number=number,
        after=number + 1,
    )
    return stepped > 0


@unit_of_work
async def _save(ordered: BulkDeed) -> None:
    await ordered.save(update_fields=["outcomes"])


@unit_of_work
async def _finish(ordered: BulkDeed, *, now: datetime) -> None:
    ordered.finished_at = now
    await ordered.save(update_fields=["outcomes", "finished_at"])
