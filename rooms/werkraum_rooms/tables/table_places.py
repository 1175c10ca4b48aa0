"""What happens at breakout tables: somebody sits down, changes, gets up.

However many want the last place at the same moment: `taken` of a table is the sum
of its places at all times, and never more than its seats.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.language import DEFAULT, pick
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import table_queries, table_rules
from werkraum_rooms.tables.table_letters import drop_letter, plan_letter
from werkraum_rooms.tables.table_rules import Guest


@unit_of_work
async def sit(
    event: Event, table_id: UUID, guest: Guest, *, actor: str, now: datetime
) -> None:
    """Give somebody the place they choose; the one they had is free again.

    Raises `TableFull`, `TableGone`, `NotYourChoice` and `ChoosingIsOver`. The
    second time nothing happens.
    """
    tables = await table_queries.enter_tables(event.id)
    plan = await table_queries.plan_of(event.id)
    table_rules.must_be_choosable(plan, event, now=now)
    await _seat(event, tables, table_id, guest, chosen=True, actor=actor, now=now)


@unit_of_work
async def place(
    event: Event, table_id: UUID, guest: Guest, *, actor: str, now: datetime
) -> None:
    """Give somebody a place from the desk; raises `TableFull` and `TableGone`."""
    tables = await table_queries.enter_tables(event.id)
    await _seat(event, tables, table_id, guest, chosen=False, actor=actor, now=now)


@unit_of_work
async def place_all(
    event: Event, guests: Sequence[Guest], seen: str, *, actor: str, now: datetime
) -> None:
    """Give everybody who has none the place that was suggested.

    `seen` is the mark of the suggestion; raises `SpreadChanged` where it would come
    out otherwise by now.
    """
    tables = await table_queries.enter_tables(event.id)
    sitting = {it.registration_id for it in await table_queries.places_of(event.id)}
    without = [it for it in guests if it.registration_id not in sitting]
    found = table_rules.spread(list(tables.values()), without)
    if found.mark != seen:
        raise table_rules.SpreadChanged
    for guest, table_id in found.placed:
        await _seat(event, tables, table_id, guest, chosen=False, actor=actor, now=now)


@unit_of_work
async def take_back(event: Event, at: datetime, *, actor: str, now: datetime) -> int:
    """Take the places back that the desk gave at that moment; says how many people.

    Who had another table before sits there again, if there is room by now. Who has
    chosen another table since then keeps it.
    """
    tables = await table_queries.enter_tables(event.id)
    given = await TablePlace.filter(table__event_id=event.id, chosen=False, at=at)
    for each in given:
        await _count(tables[each.table_id], -each.seats)
    for each in given:
        await _put_back(event, tables, each, actor=actor, now=now)
    return sum(it.seats for it in given)


@unit_of_work
async def leave(registration_id: UUID, *, actor: str, now: datetime) -> None:
    """Have somebody get up; the second time nothing happens."""
    before = await table_queries.place_of(registration_id)
    if before is None:
        return
    event = before.table.event
    tables = await table_queries.enter_tables(event.id)
    found = await TablePlace.get_or_none(registration_id=registration_id)
    if found is not None:
        await _free(event, tables, found, actor=actor, now=now)


@unit_of_work
async def resize(guest: Guest, *, now: datetime) -> None:
    """Have a party sit with the people it counts now, or get up where it is full."""
    before = await table_queries.place_of(guest.registration_id)
    if before is None or before.seats == guest.seats:
        return
    event = before.table.event
    tables = await table_queries.enter_tables(event.id)
    found = await TablePlace.get_or_none(registration_id=guest.registration_id)
    if found is None:
        return
    table, more = tables[found.table_id], guest.seats - found.seats
    left = table_rules.free_at(table)
    if left is not None and more > left:
        await _free(event, tables, found, actor=audit.SYSTEM, now=now)
        return
    await _count(table, more)
    found.seats = guest.seats
    await found.save(update_fields=["seats"])


async def _seat(
    event: Event,
    tables: dict[UUID, BreakoutTable],
    table_id: UUID,
    guest: Guest,
    *,
    chosen: bool,
    actor: str,
    now: datetime,
) -> None:
    table = tables.get(table_id)
    if table is None:
        raise table_rules.TableGone
    found = await TablePlace.get_or_none(registration_id=guest.registration_id)
    if found and (found.table_id, found.seats) == (table.id, guest.seats):
        if chosen and not found.chosen:
            # They agree with what the desk has done: it is theirs now.
            found.chosen = True
            await found.save(update_fields=["chosen"])
            await drop_letter(guest.registration_id)
        return
    old = tables.get(found.table_id) if found else None
    if old and found:
        await _count(old, -found.seats)
    table_rules.must_fit(table, guest.seats)
    await _count(table, guest.seats)
    it = found or TablePlace(registration_id=guest.registration_id)
    had = found if found and not chosen else None
    it.had_id, it.had_at = (had.table_id, had.at) if had else (None, None)
    it.had_chosen = bool(had and had.chosen)
    it.table_id, it.seats, it.chosen, it.at = table.id, guest.seats, chosen, now
    await it.save()
    await _record(event, guest.registration_id, old, table, actor=actor, now=now)


async def _put_back(
    event: Event,
    tables: dict[UUID, BreakoutTable],
    given: TablePlace,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Undo a place whose seats are free again: the table before, or none."""
    registration_id, table = given.registration_id, tables[given.table_id]
    before = tables.get(given.had_id) if given.had_id else None
    left = table_rules.free_at(before) if before else 0
    if before is None or (left is not None and given.seats > left):
        await given.delete()
        await _record(event, registration_id, table, None, actor=actor, now=now)
        return
    await _count(before, given.seats)
    given.table_id, given.chosen = before.id, given.had_chosen
    given.at = given.had_at or now
    given.had_id, given.had_chosen, given.had_at = None, False, None
    await given.save()
    await _record(event, registration_id, table, before, actor=actor, now=now)


async def _free(
    event: Event,
    tables: dict[UUID, BreakoutTable],
    found: TablePlace,
    *,
    actor: str,
    now: datetime,
) -> None:
    table = tables[found.table_id]
    await _count(table, -found.seats)
    await found.delete()
    await _record(event, found.registration_id, table, None, actor=actor, now=now)


async def _count(table: BreakoutTable, more: int) -> None:
    table.taken += more
    await changed(
        "UPDATE breakout_table SET taken = :taken WHERE id = :id",
        id=table.id,
        taken=table.taken,
    )


async def _record(
    event: Event,
    registration_id: UUID,
    old: BreakoutTable | None,
    new: BreakoutTable | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    titles = [pick(it.title, DEFAULT)[0] if it else None for it in (old, new)]
    await audit.record(
        event.organiser_id,
        "registration.table",
        registration_id,
        actor=actor,
        now=now,
        changes={"table": titles},
    )
    before = old.id if old else None
    await plan_letter(event, registration_id, before, actor=actor, now=now)
