"""One deed done to many registrations: looked at before, then done by a job.

1. `bulk_previews.foresee` says what would come of it.
2. `order` writes down who it is about, and a job does it to one after the other.
   Counters in the same unit of work as each deed see to it that nothing is done or
   counted twice, however often the button is pressed or the job begins anew.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import Busy, NotFound, Refused
from werkraum_registration import approvals, registrations, tags, wishes
from werkraum_registration.bulk_rules import Deed
from werkraum_registration.models import BulkDeed

DONE, NOTHING = "done", "nothing"


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
            await _do_one(ordered, number, now=clock.now())
        except Busy:
            raise
        except Refused as refusal:
            await _note(ordered.id, number, refusal.code)
    await _finish(ordered.id, now=clock.now())


@unit_of_work
async def _do_one(ordered: BulkDeed, number: int, *, now: datetime) -> None:
    """Do it to one and count it, unless another process has just done so."""
    if await _step(ordered.id, number):
        await _count(ordered.id, await _done_to(ordered, number, now=now))


@unit_of_work
async def _note(deed_id: UUID, number: int, outcome: str) -> None:
    """Count one to whom it could not be done."""
    if await _step(deed_id, number):
        await _count(deed_id, outcome)


async def _done_to(ordered: BulkDeed, number: int, *, now: datetime) -> str:
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


async def _step(deed_id: UUID, number: int) -> bool:
    """Go one further, which locks the row; False if somebody has gone already."""
    stepped = await changed(
        "UPDATE bulk_deed SET done = :after WHERE id = :id AND done = :number",
        id=deed_id,
        number=number,
        after=number + 1,
    )
    return stepped > 0


async def _count(deed_id: UUID, outcome: str) -> None:
    """Count how it ended with the deed itself: whoever is killed has lost neither."""
    # Only this column: that of the people may be long.
    [there] = await BulkDeed.filter(id=deed_id).values_list("outcomes", flat=True)
    counts = dict(there)
    counts[outcome] = counts.get(outcome, 0) + 1
    await BulkDeed.filter(id=deed_id).update(outcomes=counts)


@unit_of_work
async def _finish(deed_id: UUID, *, now: datetime) -> None:
    await BulkDeed.filter(id=deed_id).update(finished_at=now)
