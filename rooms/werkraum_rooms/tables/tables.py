"""What organisers do with the breakout tables of an event, before anybody sits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_events.moves import Move
from werkraum_events.queries import enter_event
from werkraum_events.rules import must_not_be_off
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms import rooms
from werkraum_rooms.models import BreakoutPlan, BreakoutTable, TablePlace
from werkraum_rooms.rules import NoRoom, Times
from werkraum_rooms.tables import table_queries, table_rules
from werkraum_rooms.tables.table_letters import plan_letter
from werkraum_rooms.tables.table_rules import TableWish


@unit_of_work
async def plan(
    organiser_id: UUID,
    event_id: UUID,
    *,
    chosen: bool,
    times: Times | None,
    actor: str,
    now: datetime,
) -> BreakoutPlan:
    """Say whether people choose their table, and when they sit there.

    Without `times` that is as long as the event. Raises `InvalidInput` for times
    outside of it.
    """
    event = await _enter(organiser_id, event_id)
    if times:
        table_rules.times_must_be_possible(times, event)
    made = await _plan_of(event)
    made.chosen = chosen
    made.starts_at = times.starts_at if times else None
    made.ends_at = times.ends_at if times else None
    await made.save()
    changes = {"chosen": [None, chosen]}
    await audit.record(
        organiser_id, "table.plan", event.id, actor=actor, now=now, changes=changes
    )
    return made


@unit_of_work
async def add(
    organiser_id: UUID,
    event_id: UUID,
    wishes: Sequence[TableWish],
    *,
    actor: str,
    now: datetime,
) -> list[BreakoutTable]:
    """Set up tables after those that are there, each with a room of its own.

    Raises `NoRoom` for an event that is not online, and `TooManyTables`.
    """
    event = await _enter(organiser_id, event_id)
    if not event.online:
        raise NoRoom
    there = await table_queries.tables_of(event.id)
    if len(there) + len(wishes) > table_rules.MOST_TABLES:
        raise table_rules.TooManyTables
    await _plan_of(event)
    last = there[-1].position if there else 0
    made = []
    for position, wish in enumerate(wishes, start=last + 1):
        table = await _made(event, wish, position, now=now)
        await rooms.provide_for_table(table, now=now)
        await _record(event, "table.add", table.id, actor=actor, now=now)
        made.append(table)
    return made


@unit_of_work
async def edit(
    organiser_id: UUID,
    event_id: UUID,
    table_id: UUID,
    wish: TableWish,
    *,
    actor: str,
    now: datetime,
) -> BreakoutTable:
    """Rename a table or change its seats; raises `TableSeatsTaken` for too few."""
    event = await _enter(organiser_id, event_id)
    table = (await table_queries.enter_tables(event.id)).get(table_id)
    if table is None:
        raise table_rules.TableGone
    table_rules.seats_must_hold(table, wish.seats)
    if (table.title, table.seats) == (wish.title, wish.seats):
        return table
    before, table.title, table.seats = table.seats, wish.title, wish.seats
    await table.save(update_fields=["title", "seats"])
    await audit.record(
        organiser_id,
        "table.edit",
        table.id,
        actor=actor,
        now=now,
        changes={"seats": [before, wish.seats]},
    )
    return table


@unit_of_work
async def move(
    organiser_id: UUID,
    event_id: UUID,
    table_id: UUID,
    steps: int,
    *,
    actor: str,
    now: datetime,
) -> list[BreakoutTable]:
    """Move a table up (-1) or down (1) in the order; at an end it stays there."""
    event = await _enter(organiser_id, event_id)
    tables = list((await table_queries.enter_tables(event.id)).values())
    at = next((n for n, it in enumerate(tables) if it.id == table_id), None)
    if at is None:
        raise table_rules.TableGone
    table = tables.pop(at)
    tables.insert(max(0, at + steps), table)
    for position, each in enumerate(tables, start=1):
        each.position = position
        await each.save(update_fields=["position"])
    await _record(event, "table.move", table.id, actor=actor, now=now)
    return tables


@unit_of_work
async def remove(
    organiser_id: UUID, event_id: UUID, table_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a table away; who sat there has no table. What is gone stays gone.

    Raises `TableWasUsed` once people have met at it.
    """
    event = await _enter(organiser_id, event_id)
    table = (await table_queries.enter_tables(event.id)).get(table_id)
    if table is None:
        return
    if await table_queries.was_used(table.id):
        raise table_rules.TableWasUsed
    for each in await TablePlace.filter(table_id=table.id):
        await plan_letter(event, each.registration_id, table.id, actor=actor, now=now)
    # Its places and its room go with it.
    await table.delete()
    await audit.record(
        organiser_id,
        "table.remove",
        table.id,
        actor=actor,
        now=now,
        changes={"title": [table.title, None]},
    )


@unit_of_work
async def copy(
    model_id: UUID, copy: Event, *, move: Move, actor: str, now: datetime
) -> None:
    """Give a copied event the tables of its model, with nobody at them."""
    there = await table_queries.tables_of(model_id)
    if not there or not copy.online:
        return
    wishes = [TableWish(it.title, it.seats) for it in there]
    await add(copy.organiser_id, copy.id, wishes, actor=actor, now=now)
    model, made = await table_queries.plan_of(model_id), await _plan_of(copy)
    if model is None:
        return
    made.chosen, made.starts_at, made.ends_at = (
        model.chosen,
        model.starts_at,
        model.ends_at,
    )
    await _shift(made, copy, move)


@unit_of_work
async def move_with_event(event: Event, move: Move) -> None:
    """Take the times of the tables along with an event that has moved.

    Where they do not lie within it any more, they are as long as the event.
    """
    there = await table_queries.plan_of(event.id)
    if there is not None and there.starts_at:
        await _shift(there, event, move)


async def _shift(there: BreakoutPlan, event: Event, move: Move) -> None:
    if there.starts_at and there.ends_at:
        times = Times(move.of(there.starts_at), move.of(there.ends_at))
        inside = table_rules.fits(times, event)
        there.starts_at = times.starts_at if inside else None
        there.ends_at = times.ends_at if inside else None
    await there.save()


async def _enter(organiser_id: UUID, event_id: UUID) -> Event:
    event = await enter_event(organiser_id, event_id)
    must_not_be_off(event)
    return event


async def _plan_of(event: Event) -> BreakoutPlan:
    """Find the plan of an event that is locked, or begin one."""
    made, _ = await BreakoutPlan.get_or_create(event_id=event.id)
    return made


async def _made(
    event: Event, wish: TableWish, position: int, *, now: datetime
) -> BreakoutTable:
    return await BreakoutTable.create(
        id=uuid7(),
        event_id=event.id,
        position=position,
        title=wish.title,
        seats=wish.seats,
        created_at=now,
    )


async def _record(
    event: Event, action: str, table_id: UUID, *, actor: str, now: datetime
) -> None:
    await audit.record(event.organiser_id, action, table_id, actor=actor, now=now)
