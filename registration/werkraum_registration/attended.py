"""Questions about who came: the union of all sources, each with its source kept."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events.models import Mode, Session
from werkraum_foundation.database import moment, rows
from werkraum_registration.check_in_rules import AT_THE_DOOR, is_unclear
from werkraum_registration.models import ENDED, Attendance, Presence, State


@dataclass(frozen=True)
class Attended:
    """Somebody who was there, for `seats` people; no name, no address."""

    registration_id: UUID
    state: State
    mode: Mode
    seats: int
    sources: tuple[Presence, ...]
    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class Expected:
    """Somebody on the list at the entrance, and who says that they are here."""

    id: UUID
    name: str
    organisation: str
    mode: Mode
    seats: int
    companions: tuple[str, ...]
    state: State
    here: tuple[Presence, ...]
    came_at: datetime | None

    @property
    def unclear(self) -> bool:
        return bool(self.here) and is_unclear(self.state)

    @property
    def undoable(self) -> Presence | None:
        """What a tap takes back: first what the entrance noted, then what they said
        themselves. What the room says is no matter of the entrance.
        """
        if any(source in AT_THE_DOOR for source in self.here):
            return Presence.DESK
        return Presence.SELF if Presence.SELF in self.here else None


@dataclass(frozen=True)
class Figures:
    """How many people have a seat, how many of them are here, and who is besides.

    `walk_ins` are those of `here` who had not registered; `unclear` are here
    without a seat and in neither of the two.
    """

    expected: int
    here: int
    walk_ins: int
    unclear: int


async def attended(event_id: UUID, session_id: UUID | None = None) -> list[Attended]:
    """List who was at the event, or at one of its sessions; one query.

    Whoever was at a session was at the event.
    """
    found = await rows(
        "SELECT a.registration_id, r.state, r.mode, r.seats, a.source, a.came_at,"
        " a.left_at FROM attendance a JOIN registration r ON r.id = a.registration_id"
        " WHERE a.event_id = :event AND a.undone_at IS NULL"
        + (" AND a.session_id = :session" if session_id else "")
        + " ORDER BY a.came_at, a.id",
        **({"session": session_id} if session_id else {}),
        event=event_id,
    )
    by_person: dict[UUID, list[dict[str, Any]]] = {}  # Any: columns of a row
    for row in found:
        by_person.setdefault(UUID(str(row["registration_id"])), []).append(row)
    return [_attended(who, records) for who, records in by_person.items()]


def _attended(who: UUID, records: list[dict[str, Any]]) -> Attended:  # Any: as above
    first = records[0]
    ends = [moment(it["left_at"]) for it in records if it["left_at"]]
    return Attended(
        who,
        State(first["state"]),
        Mode(first["mode"]),
        first["seats"],
        _distinct(it["source"] for it in records),
        moment(first["came_at"]),
        # Whoever has a record without an end has not left.
        max(ends) if len(ends) == len(records) else None,
    )


def _distinct(sources: Iterable[str]) -> tuple[Presence, ...]:
    return tuple(Presence(source) for source in dict.fromkeys(sources))


async def expected(event_id: UUID, session: Session | None = None) -> list[Expected]:
    """List who may come, by name, and whoever has come all the same; one query.

    For a session that is booked: who has a seat there.
    """
    # The states are fixed words of ours.
    ended = ", ".join(f"'{state.value}'" for state in ENDED)
    wanted = f"r.state NOT IN ({ended})"
    values: dict[str, object] = {"event": event_id}
    at_session = "a.session_id IS NULL"
    if session:
        at_session = "a.session_id = :session"
        values["session"] = session.id
    if session and session.bookable:
        wanted += (
            " AND EXISTS (SELECT 1 FROM booking b JOIN seat_pool p ON p.id = b.pool_id"
            " WHERE b.registration_id = r.id AND b.holds_seat"
            " AND p.session_id = :session)"
        )
    found = await rows(
        "SELECT r.id, r.name, coalesce(o.name, '') AS organisation, r.mode, r.seats,"
        " r.companions, r.state, a.source, a.came_at FROM registration r"
        " LEFT JOIN organisation o ON o.id = r.organisation_id"
        # Of this event: so the index is found, and not all gone through for each.
        " LEFT JOIN attendance a ON a.event_id = :event AND a.registration_id = r.id"
        f" AND a.undone_at IS NULL AND {at_session}"
        " WHERE r.event_id = :event AND r.name <> ''"
        f" AND (({wanted}) OR a.id IS NOT NULL) ORDER BY r.id, a.came_at, a.id",
        **values,
    )
    by_person: dict[str, list[dict[str, Any]]] = {}  # Any: as above
    for row in found:
        by_person.setdefault(str(row["id"]), []).append(row)
    return sorted(map(_expected, by_person.values()), key=lambda it: plain(it.name))


def _expected(records: list[dict[str, Any]]) -> Expected:  # Any: as above
    first = records[0]
    companions, identifier = first["companions"], first["id"]
    if isinstance(companions, str):
        # Nearly everybody comes alone, and there may be ten thousand.
        companions = json.loads(companions) if companions != "[]" else ()
    return Expected(
        identifier if isinstance(identifier, UUID) else UUID(identifier),
        first["name"],
        first["organisation"],
        Mode(first["mode"]),
        first["seats"],
        tuple(companions),
        State(first["state"]),
        _distinct(it["source"] for it in records if it["source"]),
        moment(first["came_at"]) if first["came_at"] else None,
    )


def figures_of(people: Sequence[Expected]) -> Figures:
    """Count people, not registrations: a class comes with its teacher."""
    seated = [it for it in people if it.state is State.CONFIRMED]
    return Figures(
        expected=sum(it.seats for it in seated),
        here=sum(it.seats for it in seated if it.here),
        walk_ins=sum(it.seats for it in seated if Presence.WALK_IN in it.here),
        unclear=sum(it.seats for it in people if it.unclear),
    )


@dataclass(frozen=True)
class Part:
    """Which part of the list somebody wants to see."""

    search: str = ""
    show: str = ""
    mode: Mode | None = None
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(plain(self.search).split()))

    def holds(self, person: Expected) -> bool:
        """Find by the beginnings and middles of words, whatever their marks."""
        if self.mode and person.mode is not self.mode:
            return False
        if not _is_shown(person, self.show):
            return False
        if not self.words:
            return True
        text = plain(f"{person.name} {person.organisation}")
        return all(word in text for word in self.words)


def _is_shown(person: Expected, show: str) -> bool:
    match show:
        case "missing":
            return not person.here
        case "here":
            return bool(person.here)
        case "unclear":
            return person.unclear
    return True


def plain(text: str) -> str:
    """Write a text the way it is compared: small, without marks on its letters."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(it for it in parts if not unicodedata.combining(it))


async def records_of(registration_id: UUID) -> list[Attendance]:
    """List what was noted of a person, the undone too, in the order of coming."""
    found = Attendance.filter(registration_id=registration_id)
    return await found.select_related("session").order_by("came_at", "id")


async def here_of(
    registration_ids: Iterable[UUID], session_id: UUID | None = None
) -> dict[UUID, tuple[Presence, ...]]:
    """Tell for each person who says that they are here; one query."""
    found = Attendance.filter(
        registration_id__in=list(registration_ids),
        session_id=session_id,
        undone_at=None,
    )
    said: dict[UUID, list[str]] = {}
    for record in await found.order_by("came_at", "id"):
        said.setdefault(record.registration_id, []).append(record.source.value)
    return {who: _distinct(sources) for who, sources in said.items()}
