"""The letter to somebody an organiser has registered: by whom, and the way out."""

from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.letters import OrganiserText, deliver
from werkraum_foundation.models import AuditEntry, Person
from werkraum_registration.models import Registration, Source, State
from werkraum_server.letters.calendar_messages import send_with_request
from werkraum_server.letters.recipients import (
    is_ahead,
    letter_to,
    place_of_wish,
    recipient,
)


async def entered(registration_id: UUID) -> bool:
    """Tell somebody of the seat or the queue they did not ask for themselves.

    False where this is not what happened: then another letter says what did.
    """
    to = await recipient(registration_id, State.CONFIRMED, State.WAITLISTED)
    if to is None or not _was_entered(to):
        return False
    if is_ahead(to.event, clock.now()):
        place, by = await place_of_wish(to), await _who_did_it(to)
        if to.state is State.CONFIRMED:
            await send_with_request(to, "entered", place=place, by=by)
        else:
            await deliver(letter_to(to, "entered_waiting", place=place, by=by))
    return True


def _was_entered(to: Registration) -> bool:
    """Whether how it stands goes back to the entry itself, not to a later seat."""
    at_once = to.confirmed_at is None or to.confirmed_at <= to.created_at
    return to.source is Source.DESK and at_once


async def _who_did_it(to: Registration) -> OrganiserText:
    """Name the person of the organiser who registered them, or the organiser."""
    noted = await AuditEntry.filter(
        subject_id=to.id, action="registration.register"
    ).first()
    kind, _, identifier = noted.actor.partition(":") if noted else ("", "", "")
    person = await Person.get_or_none(id=identifier) if kind == "person" else None
    return OrganiserText(person.name if person else to.event.organiser.name)
