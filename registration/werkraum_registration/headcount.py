"""How many people come from where: counted in seats, by kind and size."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_registration.models import OrganisationKind, OrganisationSize


@dataclass(frozen=True)
class Count:
    """People of one kind and size; of those who named nothing, both are None.

    `organisations` counts each once; it is 0 where none was named.
    """

    kind: OrganisationKind | None
    size: OrganisationSize | None
    organisations: int
    registered: int
    attended: int


@dataclass(frozen=True)
class Headcount:
    """The counts of an event, the kinds in their order; for organisers alone."""

    counts: Sequence[Count]

    @property
    def organisations(self) -> int:
        return sum(it.organisations for it in self.counts)

    @property
    def registered(self) -> int:
        return sum(it.registered for it in self.counts)

    @property
    def attended(self) -> int:
        return sum(it.attended for it in self.counts)

    @property
    def knows_more(self) -> bool:
        """Whether anybody named an organisation at all."""
        return self.organisations > 0


async def headcount_of(event_id: UUID) -> Headcount:
    """Count who has a seat and who was there, by where they come from; one query.

    A party counts with all its seats, and was there if any record says so.
    """
    found = await rows(
        "SELECT o.kind, o.size, count(DISTINCT o.id) AS organisations,"
        " sum(r.seats) AS registered, sum(CASE WHEN EXISTS (SELECT 1 FROM attendance a"
        " WHERE a.registration_id = r.id AND a.undone_at IS NULL) THEN r.seats ELSE 0"
        " END) AS attended FROM registration r"
        # Somebody may have named a double while it was being merged.
        " LEFT JOIN organisation d ON d.id = r.organisation_id"
        " LEFT JOIN organisation o ON o.id = coalesce(d.merged_into_id, d.id)"
        " WHERE r.event_id = :event AND r.state = 'confirmed' GROUP BY o.kind, o.size",
        event=event_id,
    )
    counts = [
        Count(
            OrganisationKind(it["kind"]) if it["kind"] else None,
            OrganisationSize(it["size"]) if it["size"] else None,
            int(it["organisations"]),
            int(it["registered"]),
            int(it["attended"]),
        )
        for it in found
    ]
    return Headcount(sorted(counts, key=_order))


def _order(count: Count) -> tuple[int, int]:
    kinds, sizes = list(OrganisationKind), list(OrganisationSize)
    return (
        kinds.index(count.kind) if count.kind else len(kinds),
        sizes.index(count.size) if count.size else len(sizes),
    )
