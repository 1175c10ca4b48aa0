"""What the clock does with rooms in use: counting who is in, ending them at their time.

Both go by the times a room has at that minute, so they move with what it belongs to.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.database import changed, moment, rows, unit_of_work
from werkraum_foundation.outbox import GivesUp, enqueue, job
from werkraum_rooms.meetings import all_have_left, take_turns
from werkraum_rooms.models import Room
from werkraum_rooms.queries import ENDS_AT, STARTS_AT, WITH_TIMES
from werkraum_rooms.room_stays import in_breakouts
from werkraum_rooms.rules import HOSTS_LEAD, MINUTE
from werkraum_rooms.servers.provider_errors import CapabilityUnsupported, ProviderError
from werkraum_rooms.servers.providers import Capability, RoomProvider
from werkraum_rooms.servers.room_servers import room_servers, server_called, server_of

log = logging.getLogger("werkraum.rooms")

# A room server that cannot be told to end a room does so itself, by the length it got
# with our yes: it looks each minute, and then tells us.
BY_ITSELF = 5 * MINUTE
# An ending is asked for when its minute comes; whatever tells that the room is still in
# use asks for it again.
ITS_MINUTE = 2 * MINUTE
# Rooms are looked for this far around now: no grace is longer.
AROUND = timedelta(days=1)
PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class Running:
    """A room near its time; `in_use` as far as we know."""

    room: Room
    organiser_id: UUID
    opens_at: datetime
    # Hosts come in before.
    for_all_from: datetime
    closes_at: datetime
    # Where its times would end; it closes before when it is ended or called off.
    planned_end: datetime
    called_off: bool
    meeting_at: str
    # Its open meeting, where we were told of one.
    meeting_id: UUID | None
    in_use: bool

    @property
    def server(self) -> RoomProvider | None:
        """Where its meeting is; the server may have changed since."""
        return server_called(self.meeting_at) or server_of(self.room)


async def count_present(now: datetime) -> int:
    """Ask servers how many are in the rooms that are open; says how many. A sweep.

    One call for each server. What cannot be asked keeps the last figure with its time.
    """
    at: dict[str, list[Running]] = defaultdict(list)
    for it in await _rooms_around(now):
        server = it.server
        open_ = it.opens_at <= now < it.closes_at + BY_ITSELF
        if server and open_ and Capability.COUNT in server.capabilities:
            at[server.key].append(it)
    counted = await asyncio.gather(
        *(_count_at(key, running, now=now) for key, running in at.items())
    )
    return sum(counted)


async def hand_out_endings(now: datetime) -> int:
    """Write a job for each room that is to end by now; says how many. A sweep."""
    due = [it for it in await _rooms_around(now) if _is_to_end(it, now=now)]
    for it in due:
        await _hand_out(it)
    return len(due)


@job("room:end")
async def end_when_over(room_id: str) -> None:
    """End a room for all in it, unless it has got more time; harmless again."""
    now = clock.now()
    found = await _rooms_around(now, UUID(room_id))
    if not found or now < found[0].closes_at:
        return
    await _end(found[0], now=now)


@job("room:end_rehearsal")
async def end_rehearsal(room_id: str, meeting_id: str) -> None:
    """End what hosts had on before the room opened for all, and nothing later.

    Another meeting than that, or a room that is open by now, is left alone: a server
    that could not be told at once must not end the event.
    """
    now = clock.now()
    found = await _rooms_around(now, UUID(room_id))
    if not found or now >= found[0].for_all_from:
        return
    if not meeting_id or found[0].meeting_id == UUID(meeting_id):
        await _end(found[0], now=now)


async def _end(it: Running, *, now: datetime) -> None:
    server, refused = it.server, None
    if server and Capability.END in server.capabilities:
        try:
            await server.end(it.room.slug)
        except CapabilityUnsupported:
            # It has no such endpoint after all, and ends the room by itself.
            pass
        except ProviderError as trouble:
            if trouble.retryable:
                raise
            refused = trouble
    await _is_over(it.room.id, now=now)
    if refused:
        # Nobody enters any more, but who is in stays until they leave.
        raise GivesUp(f"the room server does not end the room ({refused.code})")


@unit_of_work
async def _is_over(room_id: UUID, *, now: datetime) -> None:
    await take_turns(room_id)
    await changed(
        "UPDATE room_meeting SET closed_at = :now, open_for = NULL"
        " WHERE open_for = :room",
        now=now,
        room=room_id,
    )
    await all_have_left(room_id, now=now)


def _is_to_end(it: Running, *, now: datetime) -> bool:
    if now < it.closes_at:
        return False
    can_be_told = it.server is not None and Capability.END in it.server.capabilities
    if not can_be_told:
        return it.in_use and now >= it.closes_at + BY_ITSELF
    just_over = not it.called_off and now < it.closes_at + ITS_MINUTE
    return it.in_use or just_over


@unit_of_work
async def _hand_out(it: Running) -> None:
    await enqueue(
        "room:end",
        {"room_id": str(it.room.id)},
        dedupe=f"room:end:{it.room.id}:{it.planned_end.isoformat()}",
        alone=True,
        organiser_id=it.organiser_id,
    )


async def _count_at(key: str, running: Sequence[Running], *, now: datetime) -> int:
    server = server_called(key)
    assert server is not None
    try:
        async with asyncio.timeout(PATIENCE):
            present = await server.count([it.room.slug for it in running])
    except (ProviderError, TimeoutError) as trouble:
        why = type(trouble).__name__
        log.warning("cannot count who is in", extra={"server": key, "why": why})
        return 0
    await _keep(running, present, now=now)
    return len(running)


@unit_of_work
async def _keep(
    running: Sequence[Running], present: Mapping[str, int], *, now: datetime
) -> None:
    for it in running:
        count = present.get(it.room.slug, 0)
        if count == 0:
            # Whoever left while nobody could tell us; not who is just coming in.
            before = now - MINUTE
            await all_have_left(it.room.id, now=before, breakouts=False)
        # The server counts the room itself, without the rooms inside it.
        count += await in_breakouts(it.room.id)
        await changed(
            "UPDATE room SET present = :n, present_at = :now WHERE id = :room",
            n=count,
            now=now,
            room=it.room.id,
        )
        await changed(
            "UPDATE room_meeting SET most_present = :n WHERE open_for = :room"
            " AND most_present < :n",
            n=count,
            room=it.room.id,
        )


async def _rooms_around(now: datetime, room_id: UUID | None = None) -> list[Running]:
    """Find the rooms that are near their time or in use, or the one; two queries.

    A room whose event is off closes at once; two who talk do so whatever becomes of
    the event they met at.
    """
    if not room_servers():
        return []
    wanted = (
        "r.id = :room"
        if room_id
        else "m.id IS NOT NULL OR r.present > 0"
        f" OR ({ENDS_AT} > :past AND {STARTS_AT} < :ahead)"
    )
    found = await rows(
        "SELECT r.id, e.status, e.online, e.organiser_id, m.server AS meeting_at,"
        f" m.id AS meeting_id, {STARTS_AT} AS starts_at,"
        f" {ENDS_AT} AS ends_at FROM {WITH_TIMES}"
        " LEFT JOIN room_meeting m ON m.open_for = r.id"
        f" WHERE {wanted}",
        room=room_id,
        past=now - AROUND,
        ahead=now + AROUND,
    )
    ids = [UUID(str(row["id"])) for row in found]
    by_id = {room.id: room for room in await Room.filter(id__in=ids)}
    return [
        _running(by_id[identifier], row, now=now)
        for identifier, row in zip(ids, found, strict=True)
        if identifier in by_id
    ]


def _running(room: Room, row: dict[str, Any], *, now: datetime) -> Running:
    # Any: columns
    planned_end = moment(row["ends_at"]) + room.grace_minutes * MINUTE
    stands = row["status"] == Status.PUBLISHED.value and bool(row["online"])
    called_off = not stands and not room.belongs_to.startswith("talk:")
    ends = [planned_end, *([now] if called_off else [])]
    starts_at, lead = moment(row["starts_at"]), room.lead_minutes * MINUTE
    # See `rules.until`: one from before is of a time the event had then.
    if room.ended_at and room.ended_at >= starts_at - lead:
        ends.append(room.ended_at)
    return Running(
        room,
        UUID(str(row["organiser_id"])),
        opens_at=starts_at - max(lead, HOSTS_LEAD),
        for_all_from=starts_at - lead,
        closes_at=min(ends),
        planned_end=planned_end,
        called_off=called_off,
        meeting_at=row["meeting_at"] or "",
        meeting_id=UUID(str(row["meeting_id"])) if row["meeting_id"] else None,
        in_use=row["meeting_at"] is not None or bool(room.present),
    )
