"""Taking an event off the programme that nobody has registered for."""

from datetime import datetime
from uuid import UUID

from werkraum_events import events
from werkraum_events.models import Event
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.locked_pools import lock_pools
from werkraum_registration.models import ENDED, Guest, Registration


class SomebodyKnows(Refused):
    """Somebody is registered, waits, or has an invitation."""

    status = 409
    code = "somebody_registered"

    def message(self) -> str:
        return gettext(
            "Somebody is registered or invited already. Call the event off instead: "
            "then they are told."
        )


@unit_of_work
async def withdraw(
    organiser_id: UUID, event_id: UUID, *, actor: str, now: datetime
) -> Event:
    """Make an event a draft again; raises `SomebodyKnows` and as `events.withdraw`."""
    # Whoever registers decides under these locks, on the version of the event.
    await lock_pools(event_id)
    if await somebody_knows(event_id):
        raise SomebodyKnows
    return await events.withdraw(organiser_id, event_id, actor=actor, now=now)


async def somebody_knows(event_id: UUID) -> bool:
    """Whether anybody counts on an event, beyond having seen it on the programme."""
    people = Registration.filter(event_id=event_id).exclude(state__in=ENDED)
    invited = Guest.filter(event_id=event_id).exclude(sent_at=None)
    return await people.exists() or await invited.exists()
