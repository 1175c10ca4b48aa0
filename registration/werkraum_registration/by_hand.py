"""Registering on behalf of somebody: the organiser's word stands for theirs."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_registration import registrations
from werkraum_registration.approvals import approve_now
from werkraum_registration.models import State
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.registrations import Applicant, Application, Registered
from werkraum_registration.submissions import coming_from


@unit_of_work
async def register(
    event_id: UUID,
    applicant: Applicant,
    application: Application,
    *,
    note: str,
    organisation: TypedOrganisation | None = None,
    actor: str,
    now: datetime,
) -> Registered:
    """Give the person a seat or a place in the queue, without asking to confirm.

    At any time until the end of the event; a code, an invitation and the largest
    party are not asked for. Somebody who is registered already stays as they are.
    `organisation` is the one they come from. Raises as `registrations.register`
    does.
    """
    event = await Event.get_or_none(id=event_id)
    if event is None:
        raise NotFound
    made = await registrations.enter(
        event,
        applicant,
        await coming_from(event, application, organisation, now=now),
        vouched=True,
        now=now,
        actor=actor,
        by_hand=True,
    )
    if made.created and made.state is State.PENDING_APPROVAL:
        # Whoever registers somebody has looked at it.
        await approve_now(event_id, [made.id], actor=actor, now=now)
        made = replace(made, state=State.CONFIRMED)
    if made.created and note:
        await changed(
            "UPDATE registration SET note = :note WHERE id = :id",
            note=note,
            id=made.id,
        )
    return made
