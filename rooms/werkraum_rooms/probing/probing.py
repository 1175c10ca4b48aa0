"""Looking whether a room will open, before anybody stands before it.

1. Each minute `hand_out_looks` finds the rooms whose next look is due by the times they
   have by then: so looks move with the event, end with it, and of those that were
   missed only the latest is made up for. Each is a job.
2. The look goes to the room server, and to our own address as that server comes.
3. What was seen is a row. Where something is not well the team is told by letter, and
   an hour or less before, the room goes to a server that is well. Once all is well
   again they are told, too.

The rooms of tables are not looked at one by one: they move with the main room.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.database import moment, rows, unit_of_work
from werkraum_foundation.models import Membership, Role
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import NotFound
from werkraum_rooms import queries
from werkraum_rooms.models import Occasion, Room, RoomProbe
from werkraum_rooms.moving import move_to_server
from werkraum_rooms.participants import Role as Part
from werkraum_rooms.probing import probe_times
from werkraum_rooms.queries import STARTS_AT, WITH_TIMES, PlacedRoom
from werkraum_rooms.rooms import spec_of
from werkraum_rooms.rules import MINUTE, Opening
from werkraum_rooms.servers.own_address import OUR_ADDRESS, our_side
from werkraum_rooms.servers.providers import Capability, Finding, RoomProvider
from werkraum_rooms.servers.room_servers import (
    choices_for,
    room_servers,
    server_called,
    server_of,
)

# Those who run an event; whoever only reads cannot do anything about it.
TOLD = (Role.OWNER, Role.MANAGER, Role.HOST)
# Further ahead than any look with the longest lead of a room.
AHEAD = timedelta(days=3)
# A look at another server is later than the one that led to it.
NEXT = timedelta(milliseconds=1)


async def hand_out_looks(now: datetime) -> int:
    """Write a job for each look that is due; says how many. A sweep."""
    if not room_servers():
        return 0
    found = await rows(
        "SELECT r.id, r.lead_minutes, r.ended_at, e.organiser_id,"
        f" {STARTS_AT} AS starts_at,"
        " (SELECT max(p.at) FROM room_probe p WHERE p.room_id = r.id"
        " AND p.occasion = 'day') AS day,"
        " (SELECT max(p.at) FROM room_probe p WHERE p.room_id = r.id"
        " AND p.occasion = 'hour') AS hour,"
        " (SELECT max(p.at) FROM room_probe p WHERE p.room_id = r.id"
        " AND p.occasion = 'minutes') AS minutes"
        f" FROM {WITH_TIMES}"
        " WHERE e.status = 'published' AND e.online = :yes AND r.table_id IS NULL"
        " AND r.belongs_to NOT LIKE 'talk:%'"
        f" AND {STARTS_AT} > :now AND {STARTS_AT} < :until",
        yes=True,
        now=now,
        until=now + AHEAD,
    )
    handed_out = 0
    for row in found:
        starts_at = moment(row["starts_at"])
        opens_at = starts_at - int(row["lead_minutes"]) * MINUTE
        if row["ended_at"] and moment(row["ended_at"]) >= opens_at:
            continue
        opening = Opening(opens_at, starts_at)
        occasion = probe_times.due(opening, starts_at, now=now)
        if occasion is None:
            continue
        done = moment(row[occasion.value]) if row[occasion.value] else None
        if done is None or done < probe_times.since(opening, occasion):
            room_id, organiser_id = (
                UUID(str(row[it])) for it in ("id", "organiser_id")
            )
            await _hand_out(room_id, occasion, opens_at, organiser_id)
            handed_out += 1
    return handed_out


@unit_of_work
async def _hand_out(
    room_id: UUID,
    occasion: Occasion,
    opens_at: datetime,
    organiser_id: UUID,
) -> None:
    await enqueue(
        "room:look",
        {"room_id": str(room_id), "occasion": occasion.value},
        dedupe=f"room:look:{room_id}:{occasion}:{opens_at.isoformat()}",
        alone=True,
        organiser_id=organiser_id,
    )


@job("room:look")
async def look_when_due(room_id: str, occasion: str) -> None:
    """Look at a room, unless it has moved away from this look or has had it."""
    now, placed = clock.now(), await queries.placed_room(UUID(room_id))
    if placed is None or not _stands(placed):
        return
    opening = placed.opening(Part.ATTENDEE)
    due = probe_times.due(opening, placed.times.starts_at, now=now)
    if due is None or due.value != occasion:
        return
    since = probe_times.since(opening, due)
    if not await RoomProbe.exists(room_id=placed.room.id, occasion=due, at__gte=since):
        await look(placed, due, now=now)


async def look_now(room_id: UUID, *, now: datetime) -> RoomProbe:
    """Look because somebody asks for it: they read the result, and nobody is told.

    Takes as long as the room server does, twenty seconds at most. Raises `NotFound`.
    """
    placed = await queries.placed_room(room_id)
    if placed is None:
        raise NotFound
    return await look(placed, Occasion.BY_HAND, now=now)


async def look(placed: PlacedRoom, occasion: Occasion, *, now: datetime) -> RoomProbe:
    """Look at a room and do what follows; the newest row of what was seen."""
    server = server_of(placed.room)
    if server is None:
        raise NotFound
    findings = await findings_at(server, placed, now=now)
    elsewhere = None
    if occasion in probe_times.MOVES_BY_ITSELF and not lets_people_in(findings):
        elsewhere = await _another(server, placed, now=now)
    return await _take_in(placed, occasion, server, findings, elsewhere, now=now)


async def findings_at(
    server: RoomProvider, placed: PlacedRoom, *, now: datetime
) -> list[Finding]:
    """Look at all that has to work for this room at this server; never raises."""
    found = list(await server.probe(spec_of(placed, Part.ATTENDEE), now=now))
    closes_at = placed.opening(Part.ATTENDEE).closes_at
    found = [_as_needed(it, closes_at) for it in found]
    if Capability.RESERVATIONS in server.capabilities:
        found += await our_side(server.key)
    return found


def _as_needed(finding: Finding, closes_at: datetime) -> Finding:
    """Find a certificate wanting that holds today and not as long as the room."""
    until = finding.values.get("until")
    if finding.well and until and datetime.fromisoformat(until) < closes_at:
        return replace(finding, well=False, why="ends_before")
    return finding


def are_well(findings: Sequence[Finding]) -> bool:
    """Say whether nothing was seen that keeps people out."""
    return all(it.well is not False for it in findings)


def lets_people_in(findings: Sequence[Finding]) -> bool:
    """Say whether nothing is wrong with the server itself.

    Our own address we can only ask for from where we stand: a server may reach it by
    another way, so that a room does not leave a server that works because of it.
    """
    return are_well([it for it in findings if it.check != OUR_ADDRESS])


async def _another(
    server: RoomProvider, placed: PlacedRoom, *, now: datetime
) -> tuple[RoomProvider, list[Finding]] | None:
    """Find the first other server at which the room would be well."""
    for other in choices_for(placed):
        if other.key != server.key:
            found = await findings_at(other, placed, now=now)
            if lets_people_in(found):
                return other, found
    return None


@unit_of_work
async def _take_in(
    placed: PlacedRoom,
    occasion: Occasion,
    server: RoomProvider,
    findings: Sequence[Finding],
    elsewhere: tuple[RoomProvider, list[Finding]] | None,
    *,
    now: datetime,
) -> RoomProbe:
    """Note what was seen, move the room where it may, and have the team told."""
    was_red = await _was_red(placed.room.id)
    probe = await _note(placed.room.id, server.key, occasion, findings, now=now)
    told, moved_to = probe, ""
    if elsewhere and await _move_all(placed, server, elsewhere[0].key, now=now):
        moved_to = elsewhere[0].key
        probe = await _note(
            placed.room.id, moved_to, occasion, elsewhere[1], now=now + NEXT
        )
    if occasion is not Occasion.BY_HAND:
        if not told.well:
            await _tell("letter:room_red", placed, told.id, moved_to)
        elif was_red:
            await _tell("letter:room_green", placed, told.id, "")
    return probe


async def _move_all(
    placed: PlacedRoom, server: RoomProvider, key: str, *, now: datetime
) -> bool:
    """Move the room, and the tables of its event that are there as well."""
    if not await move_to_server(placed.room.id, key, now=now, by_itself=True):
        return False
    # A link of the event is one meeting: it has no room for tables.
    if placed.room.session_id is None and server_called(key) in room_servers():
        tables = Room.filter(event_id=placed.event.id, table_id__isnull=False)
        for other in await tables:
            at = server_of(other)
            if at and at.key == server.key:
                await move_to_server(other.id, key, now=now, by_itself=True)
    return True


async def _was_red(room_id: UUID) -> bool:
    """Say whether the last thing the team was told is that it is not well."""
    looks = RoomProbe.filter(room_id=room_id).exclude(occasion=Occasion.BY_HAND)
    last = await looks.order_by("-at").first()
    return last is not None and not last.well


async def _note(
    room_id: UUID,
    server: str,
    occasion: Occasion,
    findings: Sequence[Finding],
    *,
    now: datetime,
) -> RoomProbe:
    return await RoomProbe.create(
        room_id=room_id,
        server=server,
        occasion=occasion,
        at=now,
        well=are_well(findings),
        findings=[
            {
                "check": it.check,
                "well": it.well,
                "why": it.why,
                "values": dict(it.values),
            }
            for it in findings
        ],
    )


async def _tell(letter: str, placed: PlacedRoom, probe_id: UUID, moved_to: str) -> None:
    organiser_id = placed.event.organiser_id
    for member in await Membership.filter(organiser_id=organiser_id, role__in=TOLD):
        await enqueue(
            letter,
            {
                "probe_id": str(probe_id),
                "person_id": str(member.person_id),
                "moved_to": moved_to,
            },
            organiser_id=organiser_id,
        )


def findings_of(probe: RoomProbe) -> list[Finding]:
    """Read what was seen back from its row."""
    return [
        Finding(it["check"], it["well"], it.get("why", ""), it.get("values", {}))
        for it in probe.findings
    ]


def server_name(key: str) -> str:
    """What the desk calls a server; its key where it is gone from the settings."""
    server = server_called(key)
    return server.name if server else key


def _stands(placed: PlacedRoom) -> bool:
    return placed.event.status is Status.PUBLISHED and placed.event.online
