"""Letters to the team when a room will not open as it is, and when it will again."""

from dataclasses import dataclass
from uuid import UUID

from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import (
    Link,
    Mailbox,
    OrganiserText,
    ZoneName,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.models import Membership
from werkraum_foundation.outbox import job
from werkraum_foundation.settings import settings
from werkraum_rooms import queries
from werkraum_rooms.models import RoomProbe
from werkraum_rooms.probing.probe_words import words_of
from werkraum_rooms.probing.probing import findings_of, server_name
from werkraum_rooms.queries import PlacedRoom


@dataclass(frozen=True)
class Trouble:
    """One thing that is not well, in the reader's language; the words are ours."""

    what: OrganiserText
    why: OrganiserText
    to_do: OrganiserText


@job("letter:room_red")
async def room_red(probe_id: str, person_id: str, moved_to: str) -> None:
    """Tell somebody of the team why a room will not open, and what to do."""
    await _write("room_red", probe_id, person_id, moved_to)


@job("letter:room_green")
async def room_green(probe_id: str, person_id: str, moved_to: str) -> None:
    """Tell them that it is well again."""
    await _write("room_green", probe_id, person_id, moved_to)


async def _write(template: str, probe_id: str, person_id: str, moved_to: str) -> None:
    probe = await RoomProbe.get_or_none(id=UUID(probe_id))
    placed = await queries.placed_room(probe.room_id) if probe else None
    if probe is None or placed is None:
        return
    found = Membership.filter(
        organiser_id=placed.event.organiser_id, person_id=person_id
    )
    member = await found.select_related("person", "organiser").first()
    if member is None:
        return
    language = member.person.language or settings().languages[0]
    with in_language(language):
        letter = compose(
            f"letters/{template}",
            to=Mailbox(member.person.email, member.person.name),
            language=language,
            organiser=letterhead_of(member.organiser),
            context=_context(probe, placed, member.person.name, moved_to),
        )
    await deliver(letter)


def _context(
    probe: RoomProbe, placed: PlacedRoom, name: str, moved_to: str
) -> dict[str, object]:
    timezone = placed.event.timezone
    said = [words_of(it, timezone) for it in findings_of(probe)]
    return {
        "name": OrganiserText(name),
        "title": OrganiserText(pick(placed.title)[0]),
        "starts_at": placed.times.starts_at,
        "timezone": ZoneName(timezone),
        "server": OrganiserText(server_name(probe.server)),
        "moved_to": OrganiserText(server_name(moved_to)) if moved_to else None,
        "troubles": [
            Trouble(*map(OrganiserText, (it.what, it.stands, it.to_do)))
            for it in said
            if it.well is False
        ],
        "page": Link.to("desk:room", id=placed.event.id),
    }
