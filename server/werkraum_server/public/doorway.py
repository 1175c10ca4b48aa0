"""How somebody stands before the door of a video room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.setting_rooms import OWN_LINK
from werkraum_registration.models import Registration, State
from werkraum_rooms.dial_in import DialIn, read_dial_in
from werkraum_rooms.rules import Opening, Phase, phase, seconds_until_refresh
from werkraum_rooms.servers.room_servers import server_of
from werkraum_rooms.waiting import in_words
from werkraum_server.public.door_rooms import Entrance, entrances_for
from werkraum_server.room_page import Note


class Standing(StrEnum):
    """What the door has to say to a registration; only `OPEN` lets in."""

    OPEN = "open"
    EARLY = "early"
    OVER = "over"
    CALLED_OFF = "called_off"
    UNCONFIRMED = "unconfirmed"
    PENDING_APPROVAL = "pending_approval"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ON_SITE = "on_site"
    NOT_ONLINE = "not_online"


# What will not come back is gone (410); the rest may yet change (409).
GONE = frozenset({Standing.OVER, Standing.CALLED_OFF})


@dataclass(frozen=True)
class Doorway:
    """The door of a registration's event at one moment.

    `entrances` are the rooms behind it for this person, the one to name first first.
    """

    registration: Registration
    entrances: tuple[Entrance, ...]
    now: datetime

    @property
    def event(self) -> Event:
        return self.registration.event

    @property
    def opening(self) -> Opening:
        """When the first room is open: one that is, else the next, else the last."""
        return self.entrances[0].opening

    @property
    def open_ones(self) -> list[Entrance]:
        return [it for it in self.entrances if it.phase(self.now) is Phase.OPEN]

    @property
    def later_ones(self) -> list[Entrance]:
        """The rooms that have yet to open."""
        return [it for it in self.entrances if it.phase(self.now) is Phase.EARLY]

    @property
    def recorded(self) -> bool:
        """Whether any room that one may still enter is recorded."""
        ahead = [*self.open_ones, *self.later_ones]
        return any(Note.RECORDED in it.notes() for it in ahead)

    @property
    def standing(self) -> Standing:
        return standing(self.registration, self.opening, now=self.now)

    @property
    def refusal_status(self) -> int:
        """The HTTP status for whoever wants in and may not."""
        return 410 if self.standing in GONE else 409

    def entrance(self, room: UUID | None) -> Entrance:
        """Find the room a form names, or the main one; no other is known here."""
        for it in self.entrances:
            if it.answers_to(room):
                return it
        raise NotFound

    @property
    def wait(self) -> str:
        """How long until it opens: "in 20 minutes"."""
        return in_words(self.opening.opens_at - self.now)

    @property
    def refresh(self) -> int | None:
        """After how many seconds a waiting page loads again."""
        if self.standing is not Standing.EARLY:
            return None
        return seconds_until_refresh(self.opening, now=self.now)

    @property
    def ours(self) -> bool:
        """Whether we lead into a room, not only to a meeting at another service."""
        rooms = (it.placed.room if it.placed else None for it in self.entrances)
        servers = map(server_of, rooms)
        return any(it is not None and it.kind != OWN_LINK for it in servers)

    @property
    def dial_in(self) -> DialIn:
        """The telephone number and its PIN, for people with a seat.

        Where the room is not ours this door is its only lock, so the number
        stays behind it until it opens.
        """
        shown = (Standing.OPEN, Standing.EARLY) if self.ours else (Standing.OPEN,)
        return read_dial_in(self.event.dial_in if self.standing in shown else "")


async def doorway_of(registration: Registration, *, now: datetime) -> Doorway:
    """Look at the door of a registration that has its event with it.

    One query, and a few more where there are rooms of sessions or tables.
    """
    event = registration.event
    if event.status is Status.DRAFT:
        raise NotFound
    return Doorway(registration, await entrances_for(registration, now=now), now)


def standing(
    registration: Registration, opening: Opening, *, now: datetime
) -> Standing:
    """Decide what the door says: what holds for all comes first."""
    event, when = registration.event, phase(opening, now=now)
    if event.status is Status.CANCELLED:
        return Standing.CALLED_OFF
    if when is Phase.OVER:
        return Standing.OVER
    if registration.state is not State.CONFIRMED:
        return Standing(registration.state.value)
    if registration.mode is Mode.ONSITE:
        return Standing.ON_SITE
    if not event.online:
        return Standing.NOT_ONLINE
    return Standing.OPEN if when is Phase.OPEN else Standing.EARLY
