"""What room servers tell us: a room opened or emptied, somebody came or left.

Told at least once and in any order, so each piece of news has a key, and whatever
arrives, the rows end up the same.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from werkraum_foundation.database import (
    changed,
    is_sqlite,
    moment,
    rows,
    unit_of_work,
)
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import announce
from werkraum_rooms import comings
from werkraum_rooms.announcements import StayNoted
from werkraum_rooms.barring import put_out_again
from werkraum_rooms.meetings import all_have_left
from werkraum_rooms.models import RoomStay


class NewsKind(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True)
class News:
    """One thing that happened in the room of this slug, at `at` (aware).

    `key` (64 characters at most) is the same whenever it is told again. `occupant` is
    what the server calls the device, `breakout` the room inside the room it is in,
    `ref` the pseudonym of our token, `address` what it takes to ask the device to
    leave. Names are not for us.
    """

    kind: NewsKind
    slug: str
    at: datetime
    key: str
    occupant: str = ""
    breakout: str = ""
    ref: str = ""
    address: str = ""


@dataclass(frozen=True)
class _Room:
    id: UUID
    event_id: UUID
    organiser_id: UUID


@unit_of_work
async def take(server: str, news: News, *, now: datetime) -> bool:
    """Take in a piece of news, once; False where it was told before.

    News of rooms that are not ours are noted and change nothing.
    """
    room, at = await _lock(news.slug), min(news.at, now)
    first = await changed(
        "INSERT INTO room_news (id, server, dedupe_key, kind, room_id, happened_at,"
        " received_at) VALUES (:id, :server, :key, :kind, :room, :at, :now)"
        " ON CONFLICT (server, dedupe_key) DO NOTHING",
        id=uuid7(),
        server=server,
        key=news.key[:64],
        kind=news.kind.value,
        room=room.id if room else None,
        at=at,
        now=now,
    )
    if first and room is not None:
        await _apply(room, server, news, at=at, now=now)
    return bool(first)


async def _apply(
    room: _Room, server: str, news: News, *, at: datetime, now: datetime
) -> None:
    match news.kind:
        case NewsKind.OPENED:
            await _opened(room.id, server, at=at)
        case NewsKind.CLOSED:
            await _closed(room, at=at)
        case NewsKind.JOINED | NewsKind.LEFT:
            await _stayed(room, server, news, at=at)
    await _count(room.id, now=now)


async def _opened(room_id: UUID, server: str, *, at: datetime) -> None:
    """Note a meeting, unless it has one or has been told to have ended already."""
    if await _closed_after(room_id, at):
        return
    await changed(
        "INSERT INTO room_meeting (id, room_id, server, opened_at, open_for,"
        " most_present) SELECT :id, :room, :server, :at, :room, 0"
        " WHERE NOT EXISTS (SELECT 1 FROM room_meeting WHERE room_id = :room"
        " AND (open_for IS NOT NULL OR closed_at >= :at))",
        id=uuid7(),
        room=room_id,
        server=server,
        at=at,
    )


async def _closed(room: _Room, *, at: datetime) -> None:
    """End the meeting that was open then; whoever was in it has left."""
    await changed(
        "UPDATE room_meeting SET closed_at = :at, open_for = NULL"
        " WHERE open_for = :room AND opened_at <= :at",
        room=room.id,
        at=at,
    )
    await all_have_left(room.id, now=at)


async def _stayed(room: _Room, server: str, news: News, *, at: datetime) -> None:
    """Note when a device came or left; which of the two is told first is all one."""
    device = f"{news.occupant} {news.breakout}".strip()
    occupant = sha256(f"{server} {device}".encode()).hexdigest()
    found = await RoomStay.filter(room_id=room.id, occupant=occupant)
    known = [comings.Stay(it.joined_at, it.left_at, it.id) for it in found]
    if news.kind is NewsKind.JOINED:
        shut = await _closed_after(room.id, at)
        changed_stays = comings.come(known, at, shut=shut)
    else:
        changed_stays = comings.leave(known, at)
    rows_of = {it.id: it for it in found}
    for stay in changed_stays:
        row = rows_of.get(stay.id) or RoomStay(
            id=stay.id,
            room_id=room.id,
            occupant=occupant,
            in_breakout=bool(news.breakout),
        )
        row.joined_at, row.left_at = stay.joined_at, stay.left_at
        row.ref = row.ref or news.ref[:64]
        # Whoever has left cannot be asked to leave.
        row.address = "" if stay.left_at else news.address[:255]
        await row.save(force_create=stay.id not in rows_of)
        await _tell(room, row.id, row.ref)
        if row.address:
            await put_out_again(row, room.organiser_id)


async def _closed_after(room_id: UUID, at: datetime) -> datetime | None:
    """Say when the room was closed next after a moment, if that was told already."""
    [found] = await rows(
        "SELECT min(happened_at) AS at FROM room_news WHERE room_id = :room"
        " AND kind = :closed AND happened_at >= :at",
        room=room_id,
        closed=NewsKind.CLOSED.value,
        at=at,
    )
    return moment(found["at"]) if found["at"] else None


async def _tell(room: _Room, stay_id: UUID, ref: str) -> None:
    """Tell the others, if the person wants it noted that they were there."""
    noted = ref and await rows(
        "SELECT 1 FROM entrant WHERE room_id = :room AND ref = :ref AND noted = :yes",
        room=room.id,
        ref=ref,
        yes=True,
    )
    if noted:
        await announce(StayNoted(room.organiser_id, room.event_id, stay_id))


async def _count(room_id: UUID, *, now: datetime) -> None:
    """Count who is in, and remember the most there were."""
    [found] = await rows(
        "SELECT count(*) AS n FROM room_stay WHERE room_id = :room"
        " AND joined_at IS NOT NULL AND left_at IS NULL",
        room=room_id,
    )
    present = int(found["n"])
    await changed(
        "UPDATE room SET present = :n, present_at = :now WHERE id = :room",
        n=present,
        now=now,
        room=room_id,
    )
    await changed(
        "UPDATE room_meeting SET most_present = :n WHERE open_for = :room"
        " AND most_present < :n",
        n=present,
        room=room_id,
    )


async def _lock(slug: str) -> _Room | None:
    """Have news of one room take turns."""
    found: list[dict[str, Any]] = await rows(  # Any: columns
        "SELECT r.id, r.event_id, e.organiser_id FROM room r"
        " JOIN event e ON e.id = r.event_id WHERE r.slug = :slug"
        # SQLite lets one writer in at a time and knows no such words.
        + ("" if is_sqlite() else " FOR NO KEY UPDATE OF r"),
        slug=slug,
    )
    if not found:
        return None
    row = found[0]
    return _Room(*(UUID(str(row[it])) for it in ("id", "event_id", "organiser_id")))
