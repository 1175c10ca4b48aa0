"""Whom a letter goes to: one description for counting, for previews and for sending.

Nobody is written to whose address nobody has confirmed: whoever typed it may not be
its owner. Of somebody who registered twice at an event the latest counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_foundation.database import is_sqlite, rows
from werkraum_registration.models import OrganisationKind, State

# Who takes part or waits, and who may be written to as well.
TAKING_PART = (
    State.CONFIRMED,
    State.PENDING_APPROVAL,
    State.WAITLISTED,
    State.OFFERED,
)
WRITABLE = (*TAKING_PART, State.CANCELLED, State.REJECTED)

# A code, a text, a number, yes or no: as the answers to questions are stored.
Value = str | int | bool


@dataclass(frozen=True)
class Audience:
    """A part of those who take part; what is not said does not matter.

    Without `states` everybody who takes part or waits. `attended` False means those
    with a seat who did not come. `registration_id` is one person alone.
    """

    states: tuple[State, ...] = ()
    mode: Mode | None = None
    tag: str = ""
    question_id: UUID | None = None
    answer: Value | None = None
    kind: OrganisationKind | None = None
    attended: bool | None = None
    registration_id: UUID | None = None

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """Write what is said, for the column of a letter."""
        said = {
            "states": [state.value for state in self.states],
            "mode": self.mode,
            "tag": self.tag,
            "question": str(self.question_id) if self.question_id else None,
            "answer": self.answer,
            "kind": self.kind,
            "attended": self.attended,
            "registration": str(self.registration_id) if self.registration_id else None,
        }
        return {name: it for name, it in said.items() if it not in (None, "", [])}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:  # Any: JSON
        question, registration = said.get("question"), said.get("registration")
        return cls(
            states=tuple(State(state) for state in said.get("states", ())),
            mode=Mode(said["mode"]) if "mode" in said else None,
            tag=said.get("tag", ""),
            question_id=UUID(question) if question else None,
            answer=said.get("answer"),
            kind=OrganisationKind(said["kind"]) if "kind" in said else None,
            attended=said.get("attended"),
            registration_id=UUID(registration) if registration else None,
        )


@dataclass(frozen=True)
class Member:
    """Somebody in an audience, as organisers see them."""

    id: UUID
    name: str
    email: str


async def count(event_id: UUID, audience: Audience) -> int:
    """Count whom a letter to this audience reaches now; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT count(*) AS n FROM registration r WHERE {where}", **values
    )
    return int(found[0]["n"])


async def members(
    event_id: UUID, audience: Audience, *, search: str = "", limit: int
) -> list[Member]:
    """List the first of an audience, in the order of registering; one query."""
    where, values = _conditions(event_id, audience)
    if search:
        where += (
            r" AND (lower(r.name) LIKE :low ESCAPE '\' OR r.name LIKE :typed ESCAPE '\'"
            r" OR r.email_key LIKE :low ESCAPE '\')"
        )
        values |= {"low": _anywhere(search.lower()), "typed": _anywhere(search)}
    found = await rows(
        f"SELECT r.id, r.name, r.email FROM registration r WHERE {where}"
        " ORDER BY r.id LIMIT :limit",
        limit=limit,
        **values,
    )
    return [Member(UUID(str(it["id"])), it["name"], it["email"]) for it in found]


async def includes(event_id: UUID, audience: Audience, registration_id: UUID) -> bool:
    """Whether somebody belongs to an audience by now; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT 1 FROM registration r WHERE {where} AND r.id = :one",
        one=registration_id,
        **values,
    )
    return bool(found)


async def without_copy(
    event_id: UUID, audience: Audience, letter_id: UUID, *, after: UUID, limit: int
) -> list[UUID]:
    """List who is next to get a letter, those with larger ids than `after`.

    Whoever has a copy is left out, under an earlier registration as well.
    """
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT r.id FROM registration r WHERE {where} AND r.id > :after"
        " AND NOT EXISTS (SELECT 1 FROM registration o JOIN group_letter_copy c"
        " ON c.registration_id = o.id AND c.letter_id = :letter"
        " WHERE o.email_key = r.email_key AND o.event_id = r.event_id)"
        " ORDER BY r.id LIMIT :limit",
        after=after,
        letter=letter_id,
        limit=limit,
        **values,
    )
    return [UUID(str(it["id"])) for it in found]


def _conditions(event_id: UUID, audience: Audience) -> tuple[str, dict[str, object]]:
    """Write the WHERE of an audience; only fixed text, all values stand beside it."""
    where = ["r.event_id = :event", "r.email <> ''", _in(audience), NEVER_ONE_OF_US]
    values: dict[str, object] = {"event": event_id}
    for name, said, condition in (
        ("person", audience.registration_id, "r.id = :person"),
        ("mode", audience.mode, "r.mode = :mode"),
        ("tag", audience.tag, HAS_TAG),
        ("kind", audience.kind, IS_OF_KIND),
    ):
        if said:
            where.append(condition)
            values[name] = said
    if audience.question_id is not None:
        where.append(_has_answered())
        values |= {"question": audience.question_id, "answer": _json(audience.answer)}
    if audience.attended is not None:
        where.append(CAME if audience.attended else f"NOT {CAME}")
    return " AND ".join(where), values


# Who ended it before any button was pressed, and who has registered again since.
NEVER_ONE_OF_US = (
    "(r.state NOT IN ('cancelled', 'rejected') OR ("
    "(r.vouched_at IS NOT NULL OR r.confirmed_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM registration o"
    " WHERE o.email_key = r.email_key AND o.event_id = r.event_id"
    " AND o.id > r.id AND o.state NOT IN ('unconfirmed', 'expired'))))"
)
HAS_TAG = (
    "EXISTS (SELECT 1 FROM registration_tag t"
    " WHERE t.registration_id = r.id AND t.tag = :tag)"
)
IS_OF_KIND = (
    "EXISTS (SELECT 1 FROM organisation g"
    " WHERE g.id = r.organisation_id AND g.kind = :kind)"
)
CAME = (
    "EXISTS (SELECT 1 FROM attendance a WHERE a.event_id = r.event_id"
    " AND a.registration_id = r.id AND a.undone_at IS NULL)"
)


def _in(audience: Audience) -> str:
    names = [state.value for state in _states(audience) if state in WRITABLE]
    return "r.state IN ('" + "', '".join(names) + "')"


def _states(audience: Audience) -> tuple[State, ...]:
    if audience.states:
        return audience.states
    if audience.registration_id:
        return WRITABLE
    return (State.CONFIRMED,) if audience.attended is False else TAKING_PART


def _has_answered() -> str:
    """Compare with an answer, or with one of several; both are JSON."""
    if is_sqlite():
        same = (
            "EXISTS (SELECT 1 FROM json_each(w.value) e"
            " WHERE e.value = json_extract(:answer, '$'))"
        )
    else:
        same = "w.value @> CAST(CAST(:answer AS text) AS jsonb)"
    return (
        "EXISTS (SELECT 1 FROM registration_answer w WHERE w.registration_id = r.id"
        f" AND w.question_id = :question AND {same})"
    )


def _json(value: Value | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _anywhere(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
