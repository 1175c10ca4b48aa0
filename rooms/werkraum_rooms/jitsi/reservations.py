"""May this room open? The room server asks, and nobody gets in without a yes.

Fact sheet of the rooms, 4 and 13.2. The name is whatever somebody typed into a
browser, so who may not enter learns nothing: "unknown", "called off" and "over" sound
the same. Existing rooms are not asked about again, and a refusal stays over there for
up to ninety seconds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events.models import Status
from werkraum_foundation.database import moment, rows, unit_of_work
from werkraum_foundation.language import gettext, in_language
from werkraum_foundation.pages import day, time, zone
from werkraum_foundation.setting_rooms import OWN_LINK
from werkraum_foundation.settings import settings
from werkraum_rooms.jitsi.reservation_answers import Granted, Refusal
from werkraum_rooms.meetings import all_have_left, open_meeting, take_turns
from werkraum_rooms.models import RoomMeeting
from werkraum_rooms.queries import ENDS_AT, STARTS_AT, WITH_TIMES
from werkraum_rooms.rules import (
    MINUTE,
    Opening,
    Phase,
    for_hosts,
    opening,
    phase,
    until,
)

# As Prosody writes a room: with a tenant in brackets where there is one.
NAME = re.compile(r"(?:\[([a-z0-9-]+)\])?([a-z0-9-]{1,128})")

# One row by the slug, which is unique: everything the decision needs.
_ASKED = (
    "SELECT r.id, r.slug, r.server, r.belongs_to, r.lead_minutes, r.grace_minutes,"
    " r.lobby, r.most_people, r.ended_at, e.status, e.online, e.timezone,"
    f" {STARTS_AT} AS starts_at, {ENDS_AT} AS ends_at,"
    " m.id AS meeting, m.server AS meeting_server"
    f" FROM {WITH_TIMES} LEFT JOIN room_meeting m ON m.open_for = r.id"
)


@dataclass(frozen=True)
class Asked:
    """A room that the room server asks about, as it stands."""

    id: UUID
    slug: str
    opening: Opening
    stands: bool
    timezone: str
    lobby: bool
    most_people: int | None
    meeting: UUID | None


async def reserve(
    server: str, name: str, mail_owner: str, *, now: datetime
) -> Granted | Refusal:
    """Say whether the room of this name may open now at this server.

    Decided from one read; the first yes is noted as a meeting, whose id a repeated
    question gets again.
    """
    asked = await _room_called(server, name)
    refusal = refusal_of(asked, now=now)
    if asked is None or refusal is not None:
        return refusal or unknown()
    meeting = asked.meeting or await open_meeting(asked.id, server, now=now)
    return _granted(asked, meeting, name, mail_owner, now=now)


async def reserved(server: str, meeting: str, *, now: datetime) -> Granted | Refusal:
    """Say the same again for a meeting that is open, by its id."""
    identifier = _uuid(meeting)
    found = (
        await rows(f"{_ASKED} WHERE m.id = :meeting", meeting=identifier)
        if identifier
        else []
    )
    asked = _asked(found[0], server) if found else None
    refusal = refusal_of(asked, now=now)
    if asked is None or refusal is not None or identifier is None:
        return refusal or unknown()
    return _granted(asked, identifier, asked.slug, "", now=now)


@unit_of_work
async def release(server: str, meeting: str, *, now: datetime) -> None:
    """Note that a meeting is over; people may come back and open another.

    Harmless for one that is not known or was over before: an error would only be
    sent again.
    """
    identifier = _uuid(meeting)
    if identifier is None:
        return
    there = await RoomMeeting.get_or_none(id=identifier)
    if there is None:
        return
    await take_turns(there.room_id)
    ended = await rows(
        "UPDATE room_meeting SET closed_at = :now, open_for = NULL"
        " WHERE id = :id AND server = :server AND open_for IS NOT NULL"
        " RETURNING room_id",
        id=identifier,
        server=server,
        now=now,
    )
    for row in ended:
        await all_have_left(row["room_id"], now=now)


def refusal_of(asked: Asked | None, *, now: datetime) -> Refusal | None:
    """Say why a room stays shut, or None where it may open.

    Only "too early" says more than the neutral words: its name cannot be guessed.
    """
    if asked is None:
        return unknown()
    if not asked.stands:
        return shut()
    match phase(asked.opening, now=now):
        case Phase.EARLY:
            return Refusal(403, _in_all_languages(lambda: _too_early(asked)))
        case Phase.OVER:
            return shut()
    return None


def unknown() -> Refusal:
    return Refusal(404, neutral())


def shut() -> Refusal:
    return Refusal(403, neutral())


def neutral() -> str:
    """The one sentence for all that is not open and will not be."""
    return _in_all_languages(lambda: gettext("This room is not open."))


def _too_early(asked: Asked) -> str:
    at, where = asked.opening.opens_at, asked.timezone
    return gettext(
        "This room is not open yet. It opens on %(day)s at %(time)s (time in"
        " %(place)s).",
        day=day(at, where),
        time=time(at, where),
        place=zone(where),
    )


def _in_all_languages(say: Callable[[], str]) -> str:
    """Say it in each language there is: nobody knows who asks."""
    said = []
    for code in settings().languages:
        with in_language(code):
            said.append(say())
    return " / ".join(dict.fromkeys(said))


async def _room_called(server: str, name: str) -> Asked | None:
    matched = NAME.fullmatch(name.lower())
    # A tenant is another address of the same name: rooms of ours have none.
    if matched is None or matched[1] is not None:
        return None
    found = await rows(f"{_ASKED} WHERE r.slug = :slug", slug=matched[2])
    return _asked(found[0], server) if found else None


def _asked(row: dict[str, Any], server: str) -> Asked | None:  # Any: columns
    """Read a row; None where the room is at another server."""
    if not is_at(str(row["server"]), server):
        return None
    talk = str(row["belongs_to"]).startswith("talk:")
    grace = int(row["grace_minutes"]) * MINUTE
    starts_at, lead = moment(row["starts_at"]), int(row["lead_minutes"]) * MINUTE
    for_all = opening(starts_at, moment(row["ends_at"]), lead=lead, grace=grace)
    ended_at = moment(row["ended_at"]) if row["ended_at"] else None
    # The earliest of all: hosts come in before the others.
    given = until(for_hosts(for_all, starts_at), ended_at, for_all=for_all.opens_at)
    return Asked(
        UUID(str(row["id"])),
        row["slug"],
        given,
        # Two who talk do so whatever becomes of the event they met at.
        stands=talk
        or (row["status"] == Status.PUBLISHED.value and bool(row["online"])),
        timezone=row["timezone"],
        lobby=bool(row["lobby"]),
        most_people=row["most_people"],
        meeting=(
            UUID(str(row["meeting"]))
            if row["meeting"] and row["meeting_server"] == server
            else None
        ),
    )


def is_at(chosen: str, server: str) -> bool:
    """Say whether a room with this choice is at that server of ours.

    Where nobody chose, or the chosen one is gone from the settings, it is the first.
    """
    if chosen == OWN_LINK:
        return False
    keys = [it.key for it in settings().room_servers]
    return (chosen if chosen in keys else keys[0] if keys else "") == server


def _granted(
    asked: Asked, meeting: UUID, name: str, mail_owner: str, *, now: datetime
) -> Granted:
    return Granted(
        id=str(meeting),
        name=name,
        mail_owner=mail_owner,
        now=now,
        closes_at=asked.opening.closes_at,
        most_people=asked.most_people,
        lobby=asked.lobby,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
