"""Letters where the organiser looks at every registration."""

from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.letters import deliver
from werkraum_registration.models import State
from werkraum_server.letters.calendar_messages import (
    is_owed_the_end,
    send_with_cancellation,
)
from werkraum_server.letters.first_letters import limited
from werkraum_server.letters.recipients import is_ahead, letter_to, recipient


@limited
async def approval_awaited(registration_id: UUID) -> None:
    """Tell somebody that the organiser decides; there is nothing for a calendar."""
    to = await recipient(registration_id, State.PENDING_APPROVAL)
    if to is not None and is_ahead(to.event, clock.now()):
        await deliver(letter_to(to, "approval_awaited"))


async def rejected(registration_id: UUID) -> None:
    """Tell somebody that the organiser has said no; an entry is taken back."""
    to = await recipient(registration_id, State.REJECTED)
    if to is not None and await is_owed_the_end(to):
        await send_with_cancellation(to, "rejected", plain_id=f"{to.id}.rejected")
