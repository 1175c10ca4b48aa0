"""The list of an event's registrations: a page of it, its length, all of it.

Ten thousand are listed quickly: what each row needs from other tables is asked for
once for the whole page, and the places in the queues are counted in one pass.
"""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_foundation.database import moment, rows
from werkraum_registration.list_conditions import (
    BOUNCED,
    ENDED_WORDS,
    TABLES,
    conditions,
)
from werkraum_registration.list_filters import Filters, Sort
from werkraum_registration.models import (
    CalendarAnswer,
    Decision,
    OrganisationKind,
    Source,
    State,
    Wanted,
)

# The most rows a page of the desk or the API shows.
LARGEST_PAGE = 100
BATCH = 100

ORDERS = {
    None: "r.id",
    Sort.NAME: "lower(r.name), r.id",
    Sort.NEWEST: "r.id DESC",
    Sort.QUEUE: "q.id IS NULL, q.priority DESC, q.queued_at, r.id",
}

COLUMNS = (
    "r.id, r.name, r.email, r.language, r.mode, r.wanted, r.seats, r.companions,"
    " r.state, r.holds_seat, r.decision, r.source, r.note, r.created_at,"
    " r.confirmed_at, o.name AS organisation, o.kind, o.size, o.region,"
    " EXISTS (SELECT 1 FROM attendance a WHERE a.event_id = r.event_id"
    " AND a.registration_id = r.id AND a.undone_at IS NULL) AS attended,"
    " EXISTS (SELECT 1 FROM need n WHERE n.registration_id = r.id"
    " AND n.state = 'open') AS needs,"
    f" r.calendar_answer, {BOUNCED} AS bounced"
)
# Who waits for several is listed by the wish that came first.
QUEUED = (
    " LEFT JOIN wish q ON q.registration_id = r.id AND q.number = (SELECT min(z.number)"
    " FROM wish z WHERE z.registration_id = r.id)"
)


@dataclass(frozen=True)
class Wait:
    """A place in a queue, from 1, or an offer that stands until a moment.

    Of a mode of the event, or of one of its sessions.
    """

    mode: Mode | None
    session_id: UUID | None
    place: int
    offered_until: datetime | None


@dataclass(frozen=True)
class Marks:
    """What hangs on a registration: its tags, and the sessions that were chosen."""

    tags: list[str] = field(default_factory=list)
    # Session → whether a seat is held there.
    sessions: dict[UUID, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """A registration as organisers see it.

    `mode` is that of the seat, of an offer that stands, or of the first wish.
    """

    id: UUID
    name: str
    email: str
    language: str
    mode: Mode
    wanted: Wanted
    seats: int
    companions: tuple[str, ...]
    state: State
    holds_seat: bool
    decision: Decision | None
    source: Source
    note: str
    created_at: datetime
    confirmed_at: datetime | None
    organisation: str
    kind: OrganisationKind | None
    size: str
    region: str
    attended: bool
    has_open_need: bool
    calendar_answer: CalendarAnswer | None
    # Letters to the address of now come back.
    bounced: bool
    tags: tuple[str, ...]
    # Session → whether a seat is held there; none of whoever has left.
    sessions: dict[UUID, bool]
    waits: tuple[Wait, ...]

    @property
    def place(self) -> int | None:
        """The place in the queue for a mode of the event, where there is one."""
        places = (it for it in self.waits if it.mode and not it.offered_until)
        return next((it.place for it in places), None)

    @classmethod
    def read(
        cls,
        row: dict[str, Any],  # Any: columns of a row
        marks: Marks,
        waits: Sequence[Wait],
    ) -> Self:
        return cls(
            id=_id(row["id"]),
            name=row["name"],
            email=row["email"],
            language=row["language"],
            mode=_mode_of(row, waits),
            wanted=Wanted(row["wanted"]),
            seats=row["seats"],
            companions=tuple(_json(row["companions"])),
            state=State(row["state"]),
            holds_seat=bool(row["holds_seat"]),
            decision=Decision(row["decision"]) if row["decision"] else None,
            source=Source(row["source"]),
            note=row["note"],
            created_at=moment(row["created_at"]),
            confirmed_at=_moment(row["confirmed_at"]),
            organisation=row["organisation"] or "",
            kind=OrganisationKind(row["kind"]) if row["kind"] else None,
            size=row["size"] or "",
            region=row["region"] or "",
            attended=bool(row["attended"]),
            has_open_need=bool(row["needs"]),
            calendar_answer=_answer(row["calendar_answer"]),
            bounced=bool(row["bounced"]),
            tags=tuple(marks.tags),
            sessions=marks.sessions,
            waits=tuple(waits),
        )


async def listed(
    event_id: UUID,
    filters: Filters | None = None,
    *,
    sort: Sort | None = None,
    after: UUID | None = None,
    skip: int = 0,
    limit: int = LARGEST_PAGE,
    only: Collection[UUID] | None = None,
) -> list[Listed]:
    """List registrations, in the order of registering unless told otherwise.

    Three queries. At most `limit` that come after the registration `after`, or
    after the first `skip`: the one for programs, the other for pages with numbers.
    `only` leaves out all but these.
    """
    where, values = conditions(event_id, filters or Filters())
    if only is not None:
        named, ids_of_values = in_list(only)
        where += f" AND r.id IN ({named})" if only else " AND 1 = 0"
        values |= ids_of_values
    if after:
        where += " AND r.id > :after"
        values["after"] = after
    tables = TABLES + (QUEUED if sort is Sort.QUEUE else "")
    found = await rows(
        f"SELECT {COLUMNS} FROM {tables} WHERE {where} ORDER BY {ORDERS[sort]}"
        " LIMIT :limit OFFSET :skip",
        limit=limit,
        skip=skip,
        **values,
    )
    ids = [_id(row["id"]) for row in found]
    marks, waits = await marks_of(ids), await waits_of(event_id, ids)
    return [
        Listed.read(row, marks[identifier], waits[identifier])
        for identifier, row in zip(ids, found, strict=True)
    ]


async def count_listed(event_id: UUID, filters: Filters) -> int:
    where, values = conditions(event_id, filters)
    found = await rows(f"SELECT count(*) AS n FROM {TABLES} WHERE {where}", **values)
    return int(found[0]["n"])


async def ids_listed(event_id: UUID, filters: Filters, *, limit: int) -> list[UUID]:
    """Name the registrations of a list in the order of registering."""
    where, values = conditions(event_id, filters)
    found = await rows(
        f"SELECT r.id FROM {TABLES} WHERE {where} ORDER BY r.id LIMIT :limit",
        limit=limit,
        **values,
    )
    return [_id(row["id"]) for row in found]


async def all_listed(
    event_id: UUID,
    filters: Filters,
    *,
    only: Collection[UUID] | None = None,
    size: int = BATCH,
) -> AsyncIterator[list[Listed]]:
    """Go through a whole list, a batch at a time: a long one needs no memory.

    `only` leaves out all but these few hundred.
    """
    after: UUID | None = None
    while batch := await listed(event_id, filters, after=after, only=only, limit=size):
        yield batch
        after = batch[-1].id


@dataclass(frozen=True)
class Queued:
    """Somebody in a queue."""

    id: UUID
    name: str
    seats: int


async def queue_of(event_id: UUID, mode: Mode, *, limit: int) -> list[Queued]:
    """List who waits for a mode of an event without an offer, whose turn is next."""
    found = await rows(
        "SELECT r.id, r.name, w.seats FROM wish w JOIN seat_pool p ON p.id = w.pool_id"
        " JOIN registration r ON r.id = w.registration_id WHERE p.event_id = :event"
        " AND p.mode = :mode AND p.session_id IS NULL AND w.offered_until IS NULL"
        " ORDER BY w.priority DESC, w.queued_at, w.registration_id LIMIT :limit",
        event=event_id,
        mode=mode.value,
        limit=limit,
    )
    return [Queued(_id(row["id"]), row["name"], row["seats"]) for row in found]


async def marks_of(ids: Collection[UUID]) -> dict[UUID, Marks]:
    """Find tags, by the alphabet, and sessions of many registrations; one query."""
    marks = {identifier: Marks() for identifier in ids}
    if not ids:
        return marks
    named, values = in_list(ids)
    found = await rows(
        "SELECT registration_id, tag, NULL AS session_id, 0 AS seat"
        f" FROM registration_tag WHERE registration_id IN ({named})"
        " UNION ALL SELECT b.registration_id, '', p.session_id,"
        " CASE WHEN b.holds_seat THEN 1 ELSE 0 END FROM booking b"
        " JOIN seat_pool p ON p.id = b.pool_id"
        " JOIN registration r ON r.id = b.registration_id"
        f" WHERE b.registration_id IN ({named}) AND r.state NOT IN ({ENDED_WORDS})"
        " ORDER BY tag, session_id",
        **values,
    )
    for row in found:
        mine = marks[_id(row["registration_id"])]
        if row["session_id"]:
            mine.sessions[_id(row["session_id"])] = bool(row["seat"])
        else:
            mine.tags.append(row["tag"])
    return marks


async def waits_of(event_id: UUID, ids: Collection[UUID]) -> dict[UUID, list[Wait]]:
    """Find what many registrations wait for, and at which place; one query.

    The queues of the event are counted once, however many rows are asked for. An
    offer that stands is no place: whoever comes next is the first.
    """
    waits: dict[UUID, list[Wait]] = {identifier: [] for identifier in ids}
    named, values = in_list(ids)
    if not ids:
        return waits
    found = await rows(
        "SELECT * FROM (SELECT w.registration_id, p.mode, p.session_id,"
        " w.offered_until, row_number() OVER (PARTITION BY w.pool_id,"
        " w.offered_until IS NULL"
        " ORDER BY w.priority DESC, w.queued_at, w.registration_id)"
        " AS place FROM wish w JOIN seat_pool p ON p.id = w.pool_id"
        f" WHERE p.event_id = :event) queue WHERE registration_id IN ({named})"
        " ORDER BY mode IS NULL, mode DESC, session_id",
        event=event_id,
        **values,
    )
    for row in found:
        waits[_id(row["registration_id"])].append(
            Wait(
                Mode(row["mode"]) if row["mode"] else None,
                _id(row["session_id"]) if row["session_id"] else None,
                row["place"],
                _moment(row["offered_until"]),
            )
        )
    return waits


async def tags_in_use(event_id: UUID) -> list[str]:
    """List the tags of an event's registrations by the alphabet."""
    found = await rows(
        "SELECT DISTINCT t.tag FROM registration_tag t JOIN registration r"
        " ON r.id = t.registration_id WHERE r.event_id = :event ORDER BY t.tag",
        event=event_id,
    )
    return [row["tag"] for row in found]


def in_list(ids: Collection[UUID]) -> tuple[str, dict[str, object]]:
    """Write a mark for each of many ids; marks have no digits."""
    letters = str.maketrans("0123456789", "abcdefghij")
    values: dict[str, object] = {
        f"id_{str(number).translate(letters)}": identifier
        for number, identifier in enumerate(ids)
    }
    return ", ".join(f":{name}" for name in values), values


def _mode_of(row: dict[str, Any], waits: Sequence[Wait]) -> Mode:  # Any: as above
    """Whoever has nothing but an offer takes part the way it is offered."""
    if row["state"] == State.OFFERED.value:
        offered = (it.mode for it in waits if it.mode and it.offered_until)
        return next(offered, Mode(row["mode"]))
    return Mode(row["mode"])


def _answer(value: str | None) -> CalendarAnswer | None:
    return CalendarAnswer(value) if value else None


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: datetime | str | None) -> datetime | None:
    return moment(value) if value else None


def _json(value: Any) -> Any:  # Any: JSON
    return json.loads(value) if isinstance(value, str | bytes) else value
