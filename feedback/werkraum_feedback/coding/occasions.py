"""Where something was said: at an event, or in a round that asks the network.

Statements, coding and themes are the same for both.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_feedback.asking import queries, rules
from werkraum_feedback.models import Round
from werkraum_feedback.statement_models import Statement
from werkraum_foundation.links import path_to
from werkraum_foundation.models import Organiser


@dataclass(frozen=True)
class Occasion:
    """An event, or a round of the network: one of the two is there."""

    id: UUID
    organiser: Organiser
    event: Event | None = None
    round: Round | None = None

    def path(self, name: str, **params: object) -> str:
        """Find one of the pages both have, such as "statements"."""
        route = f"desk:{name}" if self.event else f"desk:round_{name}"
        return path_to(route, id=self.id, **params)


def said_at(occasion_id: UUID, prefix: str = "") -> Q:
    """Ask for what was said at an event, or in a round of the network, by its id."""
    # Any: Tortoise takes values of columns and a connector by the same name.
    either: dict[str, Any] = {
        f"{prefix}event_id": occasion_id,
        f"{prefix}round_id": occasion_id,
    }
    return Q(join_type=Q.OR, **either)


def occasion_id_of(statement: Statement) -> UUID:
    """Say where a statement was made; a round of an event is part of the event."""
    found = statement.event_id or statement.round_id
    assert found is not None, "a statement belongs to an event or a round"
    return found


async def occasion_of(organiser_id: UUID, statement: Statement) -> Occasion:
    if statement.event_id:
        event = await event_of(organiser_id, statement.event_id)
        return Occasion(event.id, event.organiser, event=event)
    return await network_round(organiser_id, occasion_id_of(statement))


async def network_round(organiser_id: UUID, round_id: UUID) -> Occasion:
    asked = await queries.round_of(organiser_id, round_id)
    rules.must_be_of_the_network(asked)
    return Occasion(asked.id, asked.organiser, round=asked)
