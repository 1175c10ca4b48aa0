"""Whom a letter goes to: one description for counting, for previews and for sending.

It is what the list of registrations was narrowed down to, and the states. Nobody is
written to whose address nobody has confirmed: whoever typed it may not be its owner.
Of somebody who registered twice at an event the latest counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_registration.list_conditions import TABLES, conditions
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import State

# Who takes part or waits, and who may be written to as well.
TAKING_PART = (
    State.CONFIRMED,
    State.PENDING_APPROVAL,
    State.WAITLISTED,
    State.OFFERED,
)
WRITABLE = (*TAKING_PART, State.CANCELLED, State.REJECTED)

# Who ended it before any button was pressed has never been one of us, and who has
# registered again since is no longer among those who left. The others of an address
# are few: IS TRUE keeps the databases from going through all of the event instead.
STILL_CONCERNED = (
    "(r.state NOT IN ('cancelled', 'rejected') OR ("
    "(r.vouched_at IS NOT NULL OR r.confirmed_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM registration later"
    " WHERE later.email_key = r.email_key"
    " AND (later.event_id = r.event_id AND later.id > r.id) IS TRUE"
    " AND later.state NOT IN ('unconfirmed', 'expired'))))"
)
WITHOUT_COPY = (
    "NOT EXISTS (SELECT 1 FROM registration same WHERE same.email_key = r.email_key"
    " AND (same.event_id = r.event_id) IS TRUE"
    " AND EXISTS (SELECT 1 FROM group_letter_copy c"
    " WHERE c.letter_id = :letter AND c.registration_id = same.id))"
)


@dataclass(frozen=True)
class Audience:
    """A part of those who take part; what is not said does not matter.

    Without `states` everybody who takes part or waits; of those who did not come,
    who had a seat. `registration_id` is one person alone. The state among the
    `filters` is taken for one of the states.
    """

    states: tuple[State, ...] = ()
    filters: Filters = field(default_factory=Filters)
    registration_id: UUID | None = None

    def __post_init__(self) -> None:
        if state := self.filters.state:
            object.__setattr__(self, "states", (*self.states, state))
            object.__setattr__(self, "filters", replace(self.filters, state=None))

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """Write what is said, for the column of a letter."""
        said: dict[str, Any] = dict(self.filters.asked())
        if self.states:
            said["states"] = [state.value for state in self.states]
        if self.registration_id:
            said["registration"] = str(self.registration_id)
        return said

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:  # Any: JSON
        one = said.get("registration")
        return cls(
            tuple(State(state) for state in said.get("states", ())),
            Filters.read(said),
            UUID(one) if one else None,
        )

    @property
    def reached(self) -> tuple[State, ...]:
        """The states of those whom a letter reaches."""
        if self.states:
            return tuple(state for state in self.states if state in WRITABLE)
        if self.registration_id:
            return WRITABLE
        return TAKING_PART if self.filters.attended is not False else SEATED


SEATED = (State.CONFIRMED,)


@dataclass(frozen=True)
class Member:
    """Somebody in an audience, as organisers see them."""

    id: UUID
    name: str
    email: str


async def count(event_id: UUID, audience: Audience) -> int:
    """Count whom a letter to this audience reaches now; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(f"SELECT count(*) AS n FROM {TABLES} WHERE {where}", **values)
    return int(found[0]["n"])


async def count_without_copy(
    event_id: UUID, audience: Audience, letter_id: UUID
) -> int:
    """Count whom a letter has not been handed to yet; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT count(*) AS n FROM {TABLES} WHERE {where} AND {WITHOUT_COPY}",
        letter=letter_id,
        **values,
    )
    return int(found[0]["n"])


async def members(event_id: UUID, audience: Audience, *, limit: int) -> list[Member]:
    """List the first of an audience, in the order of registering; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT r.id, r.name, r.email FROM {TABLES} WHERE {where}"
        " ORDER BY r.id LIMIT :limit",
        limit=limit,
        **values,
    )
    return [Member(UUID(str(it["id"])), it["name"], it["email"]) for it in found]


async def includes(event_id: UUID, audience: Audience, registration_id: UUID) -> bool:
    """Whether somebody belongs to an audience by now; one query."""
    where, values = _conditions(event_id, audience)
    found = await rows(
        f"SELECT 1 FROM {TABLES} WHERE {where} AND r.id = :one",
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
        f"SELECT r.id FROM {TABLES} WHERE {where} AND r.id > :after"
        f" AND {WITHOUT_COPY} ORDER BY r.id LIMIT :limit",
        after=after,
        letter=letter_id,
        limit=limit,
        **values,
    )
    return [UUID(str(it["id"])) for it in found]


def _conditions(event_id: UUID, audience: Audience) -> tuple[str, dict[str, object]]:
    where, values = conditions(event_id, audience.filters)
    states = "', '".join(state.value for state in audience.reached)
    where += f" AND r.state IN ('{states}') AND r.email <> '' AND {STILL_CONCERNED}"
    if audience.registration_id:
        where += " AND r.id = :person"
        values["person"] = audience.registration_id
    return where, values
