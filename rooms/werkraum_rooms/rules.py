"""When the door of a room is open, and what is said when it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil

from werkraum_events.models import Event
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_rooms.models import Room
from werkraum_rooms.participants import Role

MINUTE = timedelta(minutes=1)
# At least 15 minutes: the room server keeps a refusal for up to 90 seconds.
LEAD = timedelta(minutes=15)
# Discussions run over, and a running meeting cannot be prolonged.
GRACE = timedelta(minutes=60)
# Whoever runs the event tries out sound and slides first.
HOSTS_LEAD = timedelta(minutes=60)


class Phase(Enum):
    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Opening:
    """From the first moment the room is open to the first it is closed again."""

    opens_at: datetime
    closes_at: datetime


class TooEarly(Refused):
    """The room opens at `opens_at` (aware); the page shows it in the event's zone."""

    status = 409
    code = "room_too_early"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at

    def message(self) -> str:
        return gettext(
            "The video room is not open yet. It opens shortly before the event begins."
        )


class TooLate(Refused):
    """The room has been closed since `closed_at` (aware)."""

    status = 410
    code = "room_too_late"

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(closed_at)
        self.closed_at = closed_at

    def message(self) -> str:
        return gettext("The video room is closed because the event is over.")


class NoRoom(Refused):
    """The event is not public, not online, or off."""

    status = 409
    code = "no_room"

    def message(self) -> str:
        return gettext("This event has no video room.")


class Barred(Refused):
    """A host has put this person out of the room."""

    status = 403
    code = "room_barred"

    def message(self) -> str:
        return gettext(
            "A host has put you out of this room. If you think that is a mistake, "
            "please write to the organiser."
        )


class JustEnded(Refused):
    """The meeting was ended, and the room server needs a while to begin a new one."""

    status = 409
    code = "room_just_ended"

    def message(self) -> str:
        return gettext(
            "The meeting has just been ended. The video server needs a minute or two "
            "until it opens the room again. Please try again then."
        )

    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "60"}


class RoomServerAway(Refused):
    """The room server does not answer; a moment later it may."""

    status = 503
    code = "room_server_away"

    def message(self) -> str:
        return gettext(
            "The video server does not answer right now. Please try again in a moment."
        )

    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "10"}


def opening(
    starts_at: datetime,
    ends_at: datetime,
    *,
    lead: timedelta = LEAD,
    grace: timedelta = GRACE,
) -> Opening:
    """Open the room a little before the event and keep it open after its end."""
    return Opening(starts_at - lead, ends_at + grace)


@dataclass(frozen=True)
class Times:
    """When what a room belongs to begins and ends (aware UTC)."""

    starts_at: datetime
    ends_at: datetime


def opening_of(times: Times | Event, room: Room | None, role: Role) -> Opening:
    """Open the door by the times as they are now, so that it moves along.

    Hosts come in earlier; a room that was ended stays shut. `room` may be missing:
    it is made after the publishing.
    """
    lead = room.lead_minutes * MINUTE if room else LEAD
    grace = room.grace_minutes * MINUTE if room else GRACE
    found = opening(times.starts_at, times.ends_at, lead=lead, grace=grace)
    if role is Role.HOST:
        found = for_hosts(found, times.starts_at)
    return until(found, room.ended_at if room else None, for_all=times.starts_at - lead)


def for_hosts(for_all: Opening, starts_at: datetime) -> Opening:
    """Let hosts in earlier than everybody."""
    return Opening(min(for_all.opens_at, starts_at - HOSTS_LEAD), for_all.closes_at)


def until(given: Opening, ended_at: datetime | None, *, for_all: datetime) -> Opening:
    """Shorten an opening by a host's ending, if it was one of this opening.

    One from before the room opened `for_all` is of the time the event had before it
    was moved, and shuts nothing.
    """
    if ended_at is None or not for_all <= ended_at < given.closes_at:
        return given
    return Opening(given.opens_at, ended_at)


def phase(opening: Opening, *, now: datetime) -> Phase:
    """Tell where the door stands; the opening moment is open, the closing is not."""
    if now < opening.opens_at:
        return Phase.EARLY
    if now < opening.closes_at:
        return Phase.OPEN
    return Phase.OVER


def must_be_open(opening: Opening, *, now: datetime) -> None:
    """Refuse whoever comes before the opening (TooEarly) or at its end (TooLate)."""
    match phase(opening, now=now):
        case Phase.EARLY:
            raise TooEarly(opening.opens_at)
        case Phase.OVER:
            raise TooLate(opening.closes_at)


def seconds_until_refresh(opening: Opening, *, now: datetime) -> int | None:
    """Say when the waiting page should load again: whole seconds, or None.

    Once an hour while the opening is days away, more often as it comes near,
    and the last time at the opening itself, never a moment before it. None once
    the room is open or over: then nothing is left to wait for.
    """
    if phase(opening, now=now) is not Phase.EARLY:
        return None
    left = ceil((opening.opens_at - now).total_seconds())
    for further_than, step in ((86_400, 3_600), (3_600, 600), (120, 60)):
        if left > further_than:
            return step
    return left
