"""What feedback tells the others: facts of ids, stored with the deed."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class RoundOpened:
    """A round takes answers now: everybody with a ballot gets it by letter."""

    organiser_id: UUID
    round_id: UUID


@dataclass(frozen=True)
class RoundClosed:
    """A round takes no more answers; its results can be read."""

    organiser_id: UUID
    round_id: UUID
