"""The rooms of an event as their hosts see them: where, how, and who is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.models import Person
from werkraum_registration.models import Registration
from werkraum_rooms import queries
from werkraum_rooms.barring import barred_from
from werkraum_rooms.models import RoomMeeting, RoomProbe
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.room_stays import present_in
from werkraum_rooms.rules import MINUTE, Opening, Phase, phase
from werkraum_rooms.servers.providers import Capability, RoomProvider
from werkraum_rooms.servers.room_servers import choices_for, server_of

TELLING = frozenset({Capability.COUNT, Capability.NEWS})


class RoomState(StrEnum):
    """How a room is right now; hosts come in while it is none of the others."""

    EARLY = "early"
    FOR_HOSTS = "for_hosts"
    OPEN = "open"
    IN_USE = "in_use"
    ENDED = "ended"
    OVER = "over"


@dataclass(frozen=True)
class ShownRoom:
    """A room at one moment, with its last look and whether a meeting is on."""

    placed: PlacedRoom
    server: RoomProvider | None
    meeting: RoomMeeting | None
    probe: RoomProbe | None
    now: datetime

    @property
    def opening(self) -> Opening:
        return self.placed.opening(Role.ATTENDEE)

    @property
    def hosts_opening(self) -> Opening:
        return self.placed.opening(Role.HOST)

    @property
    def state(self) -> RoomState:
        when = phase(self.hosts_opening, now=self.now)
        if when is Phase.EARLY:
            return RoomState.EARLY
        if when is Phase.OVER:
            ended = self.hosts_opening.closes_at == self.placed.room.ended_at
            return RoomState.ENDED if ended else RoomState.OVER
        if self.meeting or self.placed.room.present:
            return RoomState.IN_USE
        open_for_all = phase(self.opening, now=self.now) is Phase.OPEN
        return RoomState.OPEN if open_for_all else RoomState.FOR_HOSTS

    @property
    def is_ahead(self) -> bool:
        """Whether those who take part cannot come in yet."""
        return phase(self.opening, now=self.now) is Phase.EARLY

    @property
    def lets_hosts_in(self) -> bool:
        return self.state in (RoomState.FOR_HOSTS, RoomState.OPEN, RoomState.IN_USE)

    @property
    def may_reopen(self) -> bool:
        """Whether its own time is not over yet, though a host has ended it."""
        ends_at = self.placed.times.ends_at
        closes_at = ends_at + self.placed.room.grace_minutes * MINUTE
        return self.state is RoomState.ENDED and self.now < closes_at

    @property
    def tells(self) -> bool:
        """Whether the server tells anything of who is in."""
        return self.server is not None and bool(TELLING & self.server.capabilities)

    @property
    def others(self) -> Sequence[RoomProvider]:
        """Where else this room could be: other servers, the event's own link."""
        here = self.server.key if self.server else ""
        return [it for it in choices_for(self.placed) if it.key != here]

    def can(self, capability: str) -> bool:
        return self.server is not None and capability in self.server.capabilities


@dataclass(frozen=True)
class PersonInRoom:
    """A device in a room, and whose it is; no name for a telephone."""

    stay_id: UUID
    name: str
    host: bool
    since: datetime
    in_breakout: bool


@dataclass(frozen=True)
class PersonOutside:
    """Somebody who was put out of a room, and when."""

    person_id: UUID
    name: str
    since: datetime


async def shown_rooms(event: Event, *, now: datetime) -> list[ShownRoom]:
    """List the rooms of an event as they are; six queries, however many."""
    placed = await queries.rooms_of(event)
    ids = [it.room.id for it in placed]
    meetings = {it.room_id: it for it in await RoomMeeting.filter(open_for__in=ids)}
    probes = {
        it.room_id: it for it in await RoomProbe.filter(room_id__in=ids).order_by("at")
    }
    return [
        ShownRoom(
            it,
            server_of(it.room),
            meetings.get(it.room.id),
            probes.get(it.room.id),
            now,
        )
        for it in placed
    ]


async def shown_room(placed: PlacedRoom, *, now: datetime) -> ShownRoom:
    """Look at one room; two queries."""
    meeting = await RoomMeeting.get_or_none(open_for=placed.room.id)
    probe = await RoomProbe.filter(room_id=placed.room.id).order_by("-at").first()
    return ShownRoom(placed, server_of(placed.room), meeting, probe, now)


async def people_in(placed: PlacedRoom) -> list[PersonInRoom]:
    """List who is in a room by name, as far as we were told; three queries at most."""
    present = await present_in(placed.room.id)
    names = await _names(placed, [it.person_id for it in present if it.person_id])
    return [
        PersonInRoom(
            it.stay_id,
            names.get(it.person_id, "") if it.person_id else "",
            it.host,
            it.since,
            it.in_breakout,
        )
        for it in present
    ]


async def people_barred_from(placed: PlacedRoom) -> list[PersonOutside]:
    """List by name who was put out of a room; one query, three if there are any."""
    barred = await barred_from(placed.room.id)
    names = await _names(placed, [it.person_id for it in barred])
    return [
        PersonOutside(it.person_id, names.get(it.person_id, ""), it.since)
        for it in barred
    ]


async def _names(placed: PlacedRoom, ids: Sequence[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    attendees = await Registration.filter(id__in=ids, event_id=placed.event.id)
    hosts = await Person.filter(id__in=ids)
    return {it.id: it.name for it in attendees} | {it.id: it.name for it in hosts}
