"""Who of those registered sits at which table: two parts, one unit of work.

A deed locks the registrations before the tables: who leaves the event at the same
moment has left it before, or is put off the table by what follows from leaving.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.faults import InvalidInput, fault
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import registration_with_event
from werkraum_rooms.models import BreakoutPlan, BreakoutTable, TablePlace
from werkraum_rooms.tables import table_places, table_queries, table_rules
from werkraum_rooms.tables.table_rules import Guest, Spread


@dataclass(frozen=True)
class Seating:
    """The tables of an event with the people at them, and who has none."""

    plan: BreakoutPlan | None
    tables: Sequence[BreakoutTable]
    at: dict[UUID, list[Registration]]
    without: Sequence[Registration]
    places: Sequence[TablePlace]

    @property
    def last_given(self) -> datetime | None:
        """When the desk gave places last, while somebody still sits there by that."""
        given = [it.at for it in self.places if not it.chosen]
        return max(given, default=None)

    @property
    def people_last_given(self) -> int:
        last = self.last_given
        return sum(it.seats for it in self.places if not it.chosen and it.at == last)

    @property
    def suggestion(self) -> Spread:
        """Where those without a table would go."""
        return table_rules.spread(self.tables, map(_guest, self.without))


@unit_of_work
async def choose(registration_id: UUID, table_id: UUID, *, now: datetime) -> None:
    """Sit down where one likes; raises `NotAtTables` and as `table_places.sit`."""
    await _lock(registration_id)
    registration = await registration_with_event(registration_id)
    if not may_sit(registration):
        raise table_rules.NotAtTables
    guest, event = _guest(registration), registration.event
    await table_places.sit(event, table_id, guest, actor=ATTENDEE, now=now)


@unit_of_work
async def place(
    event: Event,
    registration_ids: Collection[UUID],
    table_id: UUID | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Seat these people there from the desk, or at no table; all of them or nobody.

    Raises `InvalidInput` where one of them has no seat online any more, and as
    `table_places.place`.
    """
    there = {it.id: it for it in await _lock_those_online(event)}
    if not there.keys() >= set(registration_ids):
        raise InvalidInput([fault("people", "enum")])
    for each in registration_ids:
        if table_id is None:
            await table_places.leave(each, actor=actor, now=now)
        else:
            guest = _guest(there[each])
            await table_places.place(event, table_id, guest, actor=actor, now=now)


@unit_of_work
async def spread(event: Event, seen: str, *, actor: str, now: datetime) -> None:
    """Seat those without a table as it was suggested; raises `SpreadChanged`."""
    guests = [_guest(it) for it in await _lock_those_online(event)]
    await table_places.place_all(event, guests, seen, actor=actor, now=now)


@unit_of_work
async def look_after(registration_id: UUID, *, now: datetime) -> None:
    """Have the table fit the registration as it is now; harmless the second time."""
    await _lock(registration_id)
    registration = await Registration.get_or_none(id=registration_id)
    if registration is None or not may_sit(registration):
        await table_places.leave(registration_id, actor=SYSTEM, now=now)
    else:
        await table_places.resize(_guest(registration), now=now)


async def seating_of(event: Event) -> Seating:
    """Gather who sits where, people by name; four queries."""
    plan = await table_queries.plan_of(event.id)
    tables = await table_queries.tables_of(event.id)
    places = await table_queries.places_of(event.id)
    where = {it.registration_id: it.table_id for it in places}
    people = await Registration.filter(**_online(event)).order_by("id")
    at: dict[UUID, list[Registration]] = {table.id: [] for table in tables}
    without: list[Registration] = []
    for each in sorted(people, key=lambda it: it.name.casefold()):
        table_id = where.get(each.id)
        (at[table_id] if table_id in at else without).append(each)
    return Seating(plan, tables, at, without, places)


def may_sit(registration: Registration) -> bool:
    """Whether somebody is in the video room, where the tables are."""
    online = registration.mode is Mode.ONLINE
    return online and registration.state is State.CONFIRMED


def _guest(registration: Registration) -> Guest:
    return Guest(registration.id, registration.seats)


def _online(event: Event) -> dict[str, object]:
    return {"event_id": event.id, "state": State.CONFIRMED, "mode": Mode.ONLINE}


async def _lock(registration_id: UUID) -> None:
    locking = "" if is_sqlite() else " FOR UPDATE"
    await rows(
        f"SELECT id FROM registration WHERE id = :id{locking}", id=registration_id
    )


async def _lock_those_online(event: Event) -> list[Registration]:
    found = Registration.filter(**_online(event)).order_by("id")
    return await (found if is_sqlite() else found.select_for_update())
