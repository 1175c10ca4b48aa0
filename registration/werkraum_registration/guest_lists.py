"""Questions about who was invited."""

from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_registration.models import Guest, GuestState

LARGEST_PAGE = 100


async def guests_listed(
    event_id: UUID, state: GuestState | None = None, *, skip: int = 0
) -> list[Guest]:
    """List at most a hundred invitations, in the order of inviting; one query."""
    found = Guest.filter(event_id=event_id)
    if state:
        found = found.filter(state=state)
    return await found.order_by("id").offset(skip).limit(LARGEST_PAGE)


async def guests_counted(event_id: UUID) -> dict[GuestState, int]:
    """Count the invitations of an event by their state; one query."""
    found = await rows(
        "SELECT state, count(*) AS n FROM guest WHERE event_id = :event GROUP BY state",
        event=event_id,
    )
    counted = {row["state"]: int(row["n"]) for row in found}
    return {state: counted.get(state.value, 0) for state in GuestState}
