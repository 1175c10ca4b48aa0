"""Letters about one registration: confirm, confirmed, waiting, switched, cancelled."""

from uuid import UUID

from werkraum_foundation import audit, clock
from werkraum_foundation.letters import Link, deliver
from werkraum_foundation.models import AuditEntry
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import place_in_queue
from werkraum_registration.rules import HOLD
from werkraum_server.letters.calendar_messages import (
    send_with_cancellation,
    send_with_request,
)
from werkraum_server.letters.recipients import (
    is_ahead,
    letter_to,
    recipient,
)


async def confirm_address(registration_id: UUID) -> None:
    """Ask the owner of an address to press the button, and say until when."""
    to = await recipient(registration_id, State.UNCONFIRMED)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    letter = letter_to(
        to,
        "confirm_address",
        confirm=confirm_link(to),
        until=to.created_at + HOLD,
    )
    await deliver(letter)


def confirm_link(to: Registration) -> Link:
    return Link.to("registration:confirm", lang=to.language, token=confirm_token(to))


async def confirmed(registration_id: UUID) -> None:
    """Tell somebody of the seat, at once or after waiting, with the invitation."""
    to = await recipient(registration_id, State.CONFIRMED)
    if to is not None and is_ahead(to.event, clock.now()):
        await send_with_request(to, "promoted" if has_moved_up(to) else "confirmed")


def has_moved_up(registration: Registration) -> bool:
    """Whether the seat came later than what the person did for it."""
    made, vouched = registration.created_at, registration.vouched_at
    seated = registration.confirmed_at
    return seated is not None and seated > max(made, vouched or made)


async def waitlisted(registration_id: UUID) -> None:
    """Tell somebody of their place in the queue; there is nothing for a calendar."""
    to = await recipient(registration_id, State.WAITLISTED)
    if to is not None and is_ahead(to.event, clock.now()):
        place = await place_in_queue(to)
        await deliver(letter_to(to, "waitlisted", place=place))


async def mode_switched(registration_id: UUID) -> None:
    """Tell somebody how they take part from now on; the calendar follows."""
    to = await recipient(registration_id, State.CONFIRMED)
    if to is not None and is_ahead(to.event, clock.now()):
        await send_with_request(to, "mode_switched")


async def link_again(registration_id: UUID) -> None:
    """Send the personal link to the owner of an address that takes part already."""
    to = await recipient(registration_id, State.CONFIRMED, State.WAITLISTED)
    if to is not None and is_ahead(to.event, clock.now()):
        await deliver(letter_to(to, "link_again"))


async def cancelled(registration_id: UUID) -> None:
    """Tell somebody that they are out, and take the entry out of the calendar.

    Where the whole event is off, the letter about that says it all.
    """
    to = await recipient(registration_id, State.CANCELLED)
    if to is not None and is_ahead(to.event, clock.now()):
        await send_with_cancellation(
            to,
            "cancelled",
            plain_id=f"{to.id}.cancelled",
            by_organiser=int(await _was_organiser(registration_id)),
        )


async def _was_organiser(registration_id: UUID) -> bool:
    """Ask the audit who cancelled a registration."""
    entry = (
        await AuditEntry.filter(
            subject_id=registration_id, action="registration.cancel"
        )
        .order_by("-at")
        .first()
    )
    return entry is not None and entry.actor != audit.ATTENDEE
