"""The letter that answers what somebody needs to take part."""

from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.letters import OrganiserText, deliver
from werkraum_registration.models import Need, NeedState, State
from werkraum_server.letters.recipients import is_ahead, letter_to, recipient

TAKING_PART = (
    State.CONFIRMED,
    State.WAITLISTED,
    State.OFFERED,
    State.PENDING_APPROVAL,
)


async def need_answered(need_id: UUID) -> None:
    """Tell somebody what the organiser says; the need itself is not repeated.

    Who has not confirmed the address reads it on the personal page.
    """
    need = await Need.get_or_none(id=need_id)
    if need is None or need.state is NeedState.OPEN:
        return
    to = await recipient(need.registration_id, *TAKING_PART)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    await deliver(
        letter_to(
            to,
            "need_answered",
            granted=int(need.state is NeedState.GRANTED),
            answer=OrganiserText(need.answer),
        )
    )
