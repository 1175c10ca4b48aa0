"""Who agreed to what: for the people of an event, and for its organisers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import moment, rows
from werkraum_registration.consent_wishes import Purpose
from werkraum_registration.organisation_names import sort_key

# More names than one page shows at once.
PAGE = 500


@dataclass(frozen=True)
class Person:
    """Somebody who agreed to be seen, as other people of the event see them."""

    name: str
    organisation: str


@dataclass(frozen=True)
class Agreed:
    """How many agree to a purpose now, and how many have taken it back."""

    standing: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class Consenting:
    """Somebody who agrees, as organisers see them."""

    registration_id: UUID
    name: str
    email: str
    language: str
    given_at: datetime


# Whoever only typed a name and an address has agreed to nothing yet: it takes the
# button that the owner of the address presses.
HOLDS = (
    "c.withdrawn_at IS NULL AND r.vouched_at IS NOT NULL AND r.name <> ''"
    " AND r.state NOT IN ('unconfirmed', 'expired')"
)


async def people_of(event_id: UUID) -> list[Person]:
    """List those with a seat who agreed to be seen, by name; one query."""
    found = await rows(
        "SELECT DISTINCT r.id, r.name, coalesce(o.name, '') AS organisation"
        " FROM registration r JOIN consent c ON c.registration_id = r.id"
        " LEFT JOIN organisation d ON d.id = r.organisation_id"
        " LEFT JOIN organisation o ON o.id = coalesce(d.merged_into_id, d.id)"
        " WHERE r.event_id = :event AND r.state = 'confirmed'"
        f" AND c.purpose = :purpose AND {HOLDS}",
        event=event_id,
        purpose=Purpose.LIST_VISIBILITY.value,
    )
    people = [Person(it["name"], it["organisation"]) for it in found]
    return sorted(people, key=lambda it: (sort_key(it.name), it.organisation))


async def agreed_of(event_id: UUID) -> dict[str, Agreed]:
    """Count who agrees, by purpose, those asked for no longer too; one query."""
    found = await rows(
        "SELECT c.purpose, count(DISTINCT CASE WHEN c.withdrawn_at IS NULL THEN r.id"
        " END) AS standing, count(DISTINCT CASE WHEN c.withdrawn_at IS NOT NULL AND"
        " NOT EXISTS (SELECT 1 FROM consent n WHERE n.registration_id = r.id"
        " AND n.purpose = c.purpose AND n.withdrawn_at IS NULL) THEN r.id END)"
        " AS withdrawn FROM consent c JOIN registration r ON r.id = c.registration_id"
        " WHERE r.event_id = :event AND r.vouched_at IS NOT NULL AND r.name <> ''"
        " AND r.state NOT IN ('unconfirmed', 'expired') GROUP BY c.purpose",
        event=event_id,
    )
    return {it["purpose"]: Agreed(it["standing"], it["withdrawn"]) for it in found}


async def consenting(
    event_id: UUID, purpose: str, *, skip: int = 0, limit: int = PAGE
) -> list[Consenting]:
    """List who agrees to a purpose now, in the order of registering; one query."""
    found = await rows(
        "SELECT r.id, r.name, r.email, c.language, c.given_at FROM consent c"
        " JOIN registration r ON r.id = c.registration_id WHERE r.event_id = :event"
        f" AND c.purpose = :purpose AND {HOLDS} ORDER BY r.id, c.id"
        " LIMIT :limit OFFSET :skip",
        event=event_id,
        purpose=purpose,
        limit=limit,
        skip=skip,
    )
    return [
        Consenting(
            UUID(str(it["id"])),
            it["name"],
            it["email"],
            it["language"],
            moment(it["given_at"]),
        )
        for it in found
    ]
