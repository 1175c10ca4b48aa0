"""Deeds on attendance: note that somebody came or left, and take it back.

Each record keeps its source, and is known by the key of whoever made it: sent twice
it is one. Somebody attended who has a record that was not taken back, so two phones
that note the same person make two records and one person.

Between coming and taking back, the later wins by the clocks of the devices, whatever
arrives first; at the same moment, what arrives last.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, is_sqlite, moment, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.refusals import NotFound
from werkraum_registration.check_in_rules import AT_THE_DOOR, within_reach
from werkraum_registration.models import Presence

# Of one person, at the event itself or at one of its sessions.
SAME = (
    "registration_id = :registration"
    " AND coalesce(CAST(session_id AS VARCHAR(36)), '') = :session"
)


@dataclass(frozen=True)
class Coming:
    """That somebody came: who says so, and when.

    `key` has 16 to 64 characters and belongs to this coming alone; who notes it
    again after a failure uses the same one.
    """

    source: Presence
    key: str
    came_at: datetime
    session_id: UUID | None = None
    left_at: datetime | None = None


@unit_of_work
async def note(
    event_id: UUID,
    registration_id: UUID,
    coming: Coming,
    *,
    actor: str,
    now: datetime,
) -> bool:
    """Note that somebody came, whatever has become of the registration.

    False where this record is known already. Raises `NotFound` for a registration
    that is not at the event.
    """
    organiser_id = await _lock(event_id, registration_id)
    came_at = within_reach(coming.came_at, now=now)
    taken_back = await _taken_back_later(registration_id, coming, came_at)
    written = await changed(
        "INSERT INTO attendance (id, event_id, registration_id, session_id, source,"
        " client_key, came_at, left_at, recorded_at, recorded_by, undone_at, undone_by)"
        " VALUES (:id, :event, :registration, :session, :source, :key, :came, :left,"
        " :now, :actor, :undone, :undone_by) ON CONFLICT (client_key) DO NOTHING",
        id=uuid7(),
        event=event_id,
        registration=registration_id,
        session=coming.session_id,
        source=coming.source.value,
        key=coming.key,
        came=came_at,
        left=coming.left_at,
        now=now,
        actor=actor,
        undone=taken_back,
        undone_by=actor if taken_back else "",
    )
    if written:
        # Without the time: the audit is kept longer than check-in times are.
        await audit.record(
            organiser_id,
            "attendance.note",
            registration_id,
            actor=actor,
            now=now,
            changes={coming.source.value: [False, taken_back is None]},
        )
    return bool(written)


@unit_of_work
async def undo(
    event_id: UUID,
    registration_id: UUID,
    *,
    at: datetime,
    sources: Collection[Presence] = AT_THE_DOOR,
    session_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Take back what these sources noted up to a moment; other sources stay.

    Answers how many records that touched, 0 the second time. Raises `NotFound`.
    """
    organiser_id = await _lock(event_id, registration_id)
    gone = await rows(
        "UPDATE attendance SET undone_at = :at, undone_by = :actor"
        f" WHERE {SAME} AND source IN ({_listed(sources)})"
        " AND undone_at IS NULL AND came_at <= :at RETURNING source",
        at=within_reach(at, now=now),
        actor=actor,
        registration=registration_id,
        session=str(session_id or ""),
    )
    if gone:
        await audit.record(
            organiser_id,
            "attendance.undo",
            registration_id,
            actor=actor,
            now=now,
            changes={row["source"]: [True, False] for row in gone},
        )
    return len(gone)


@unit_of_work
async def left(key: str, *, at: datetime, now: datetime) -> bool:
    """Note when somebody left again; the earliest that is said counts."""
    return bool(
        await changed(
            "UPDATE attendance SET left_at = :at WHERE client_key = :key"
            " AND (left_at IS NULL OR left_at > :at) AND undone_at IS NULL"
            " AND came_at <= :at",
            at=min(at, now),
            key=key,
        )
    )


async def _lock(event_id: UUID, registration_id: UUID) -> UUID:
    """Have those who note the same person take turns; answers whose event it is."""
    found = await rows(
        "SELECT e.organiser_id FROM registration r JOIN event e ON e.id = r.event_id"
        " WHERE r.id = :registration AND r.event_id = :event"
        # SQLite lets one writer in at a time and knows no such words.
        + ("" if is_sqlite() else " FOR NO KEY UPDATE OF r"),
        registration=registration_id,
        event=event_id,
    )
    if not found:
        raise NotFound
    return UUID(str(found[0]["organiser_id"]))


async def _taken_back_later(
    registration_id: UUID, coming: Coming, came_at: datetime
) -> datetime | None:
    """Find when the entrance took back what only now arrives."""
    if coming.source not in AT_THE_DOOR:
        return None
    [found] = await rows(
        "SELECT max(undone_at) AS undone FROM attendance"
        f" WHERE {SAME} AND source IN ({_listed(AT_THE_DOOR)})"
        " AND undone_at > :came",
        registration=registration_id,
        session=str(coming.session_id or ""),
        came=came_at,
    )
    return moment(found["undone"]) if found["undone"] else None


def _listed(sources: Collection[Presence]) -> str:
    """Write sources into a statement: fixed words of ours."""
    return ", ".join(f"'{source.value}'" for source in sources)
