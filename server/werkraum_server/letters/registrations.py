"""Letters about one registration: confirm, seat, queue, other mode, the end, back."""

from datetime import timedelta
from uuid import UUID

from werkraum_foundation import audit, clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.letters import Link, deliver
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.outbox import current_job, enqueue, job
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration, State
from werkraum_registration.rules import HOLD, UNDO, WITH_SEAT
from werkraum_server.letters.calendar_messages import (
    is_owed_the_end,
    send_request_again,
    send_taking_out,
    send_with_cancellation,
    send_with_request,
)
from werkraum_server.letters.chosen import sessions_of
from werkraum_server.letters.first_letters import limited
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    place_of_wish,
    recipient,
)
from werkraum_server.letters.sent_letters import SENT

# From the last change until the letter about it.
CALM = timedelta(minutes=3)

# The letter about a seat, by the deed that gave it.
HOW_SEATED = {
    "registration.move_up": "promoted",
    "registration.accept_offer": "promoted",
    "registration.promote_by_hand": "promoted",
    "registration.approve": "approved",
}


@limited
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


@limited
async def confirmed(registration_id: UUID) -> None:
    """Tell somebody of the seat, at once or after waiting, with the invitation."""
    to = await recipient(registration_id, State.CONFIRMED)
    if to is not None and is_ahead(to.event, clock.now()):
        place = await place_of_wish(to)
        await send_with_request(to, await _how_seated(to), place=place)


async def _how_seated(to: Registration) -> str:
    """Name the letter about a seat: at once, after waiting, or admitted."""
    return HOW_SEATED.get(await _last_deed(to.id, "state"), "confirmed")


@limited
async def waitlisted(registration_id: UUID) -> None:
    """Tell somebody of their place in the queue; there is nothing for a calendar."""
    to = await recipient(registration_id, State.WAITLISTED)
    if to is not None and is_ahead(to.event, clock.now()):
        place = await place_of_wish(to)
        await deliver(letter_to(to, "waitlisted", place=place))


async def mode_switched(registration_id: UUID) -> None:
    """Tell somebody how they take part from now on; the calendar follows."""
    to = await recipient(registration_id, *WITH_SEAT)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.state is State.PENDING_APPROVAL:
        await deliver(letter_to(to, "approval_awaited"))
        return
    by_oneself = await _last_deed(to.id, "mode") == "registration.switch_mode"
    await send_with_request(to, "mode_switched" if by_oneself else "converted")


@limited
async def link_again(registration_id: UUID) -> None:
    """Send the personal link to the owner of an address that takes part already."""
    to = await recipient(registration_id, *TAKING_PART)
    if to is not None and is_ahead(to.event, clock.now()):
        await deliver(letter_to(to, "link_again"))


@job("letter:again")
async def again(registration_id: str) -> None:
    """Say once more how things stand, because the organiser has asked for it."""
    to = await recipient(registration_id, *TAKING_PART)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.state is State.CONFIRMED:
        await send_request_again(to, "sent_again", name=str(current_job()), seated=1)
    else:
        await deliver(letter_to(to, "sent_again", seated=0))


async def cancelled(registration_id: UUID) -> None:
    """Tell somebody that they are out, and take the entry out of the calendar.

    Where the event itself is off by now, there is nothing to come back to.
    """
    to = await recipient(registration_id, State.CANCELLED)
    if to is not None and await is_owed_the_end(to):
        ended = to.ended_at or to.created_at
        await send_with_cancellation(
            to,
            "cancelled",
            plain_id=f"{to.id}.cancelled.{int(ended.timestamp())}",
            by_organiser=int(to.ended_by != audit.ATTENDEE),
            until=ended + UNDO if is_ahead(to.event, clock.now()) else None,
            waited=await _waited(to),
        )


async def restored(registration_id: UUID) -> None:
    """Tell somebody what they have after all: a seat, or the head of the queue.

    Where the cancellation has never left, nobody knows of it, and a seat is no news.
    """
    to = await recipient(registration_id, *TAKING_PART)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.state is State.CONFIRMED:
        await send_with_request(to, "restored", place=await place_of_wish(to))
    elif to.state is State.PENDING_APPROVAL:
        await deliver(letter_to(to, "approval_awaited"))
    else:
        place = await place_of_wish(to)
        await send_taking_out(to, "restored_waiting", place=place)


@unit_of_work
async def plan_changed(organiser_id: UUID, registration_id: UUID) -> None:
    """Have one letter written about all that somebody changes within a few minutes."""
    await enqueue(
        "letter:registration_changed",
        {"registration_id": str(registration_id)},
        due=clock.now() + CALM,
        dedupe=f"registration_changed:{registration_id}",
        organiser_id=organiser_id,
    )


@job("letter:registration_changed")
async def registration_changed(registration_id: str) -> None:
    """Write down how things stand now, unless another letter will say so."""
    to = await recipient(registration_id, *TAKING_PART)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.state is not State.PENDING_APPROVAL:
        sessions = await sessions_of(to)
        await deliver(letter_to(to, "registration_changed", sessions=sessions))


async def _last_deed(registration_id: UUID, field: str) -> str:
    """Name what changed a column of a registration last."""
    deeds = AuditEntry.filter(subject_id=registration_id).exclude(action=SENT)
    latest = await deeds.order_by("-id").limit(20)
    named = (it.action for it in latest if field in it.changes)
    return next(named, "")


async def _waited(to: Registration) -> bool:
    """Whether somebody who cancelled had no seat then: the calendar knows nothing."""
    cancelled = AuditEntry.filter(subject_id=to.id, action="registration.cancel")
    last = await cancelled.order_by("-id").first()
    before = last.changes.get("state", [None])[0] if last else None
    return before in (State.WAITLISTED, State.OFFERED)
