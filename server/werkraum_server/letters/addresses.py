"""Letters about another address: to its owner, to the one left, and the last one."""

import logging
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from werkraum_calendar.queries import invited_generation
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import (
    Letter,
    Link,
    Mailbox,
    compose,
    deliver,
    letterhead_of,
    message_id,
)
from werkraum_foundation.letters.mail_server import MailServerRefused
from werkraum_foundation.outbox import GivesUp, enqueue, job
from werkraum_registration import addresses
from werkraum_registration.models import AddressChange, Registration, State
from werkraum_server.letters import sent_letters
from werkraum_server.letters.calendar_messages import (
    is_owed_the_end,
    plan_to_leave,
    send_with_cancellation,
    send_with_request,
)
from werkraum_server.letters.first_letters import limited_to_change
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    recipient,
    words_of,
)
from werkraum_server.letters.strangers import returning
from werkraum_server.retention import wipe

log = logging.getLogger("werkraum.letters")

# Until an address left is tried again that takes no letter for now.
LATER = timedelta(minutes=1)


@job("letter:new_address")
async def confirm_new_address(change_id: str) -> None:
    await ask_new_address(UUID(change_id))


@limited_to_change
async def ask_new_address(change_id: UUID) -> None:
    """Ask the owner of a new address to press the button; they may know nothing."""
    change = await AddressChange.get_or_none(id=change_id, confirmed_at=None)
    to = await _taking_part(change)
    if change is None or to is None:
        return
    name = "confirm_new_address"
    note = partial(sent_letters.note, to.event.organiser_id, to.id, name)
    letter = returning(_first_letter(to, change), change.id)
    await deliver(replace(letter, note_sent=note))


def _first_letter(to: Registration, change: AddressChange) -> Letter:
    confirm = Link.to(
        "address:show", lang=to.language, token=addresses.token_of(change)
    )
    with in_language(to.language):
        return compose(
            "letters/confirm_new_address",
            to=Mailbox(change.email),
            language=to.language,
            organiser=letterhead_of(to.event.organiser),
            first_contact=True,
            context={
                "event": words_of(to.event),
                "name": None,
                "confirm": confirm,
                "until": change.created_at + addresses.VALID,
            },
        )


@dataclass(frozen=True)
class Left:
    """The address left that has the entry, of which generation; None without entry."""

    change: AddressChange
    generation: int | None


@job("letter:address_changed")
async def address_changed(change_id: str) -> None:
    """Take the entry out of the calendar left behind, then invite the new address.

    In this order, or a calendar that both addresses lead to would end without it: so
    where no mail leaves at all, both wait. But an address that takes no letter keeps
    none from the other: there it is tried again by itself.
    """
    change = await AddressChange.get_or_none(id=change_id)
    if change is None or change.confirmed_at is None:
        return
    left, late = await _left_by(change), None
    try:
        if left is not None:
            await _take_leave(left)
    except GivesUp:
        # Often a dead mailbox is why somebody has another address.
        log.info("the address left takes no letter", extra={"change": change_id})
    except MailServerRefused:
        log.info("the address left takes no letter yet", extra={"change": change_id})
        late = left
    await _go_on(change, late)


@unit_of_work
async def _go_on(change: AddressChange, late: Left | None) -> None:
    """Write to the new address now, and to the one left again where that failed."""
    to = await recipient(change.registration_id, *State)
    if to is None:
        return
    if late is not None:
        due = clock.now() + LATER
        await plan_to_leave(late.change, to, late.generation, due=due)
    await enqueue(
        "letter:address_taken",
        {"change_id": str(change.id)},
        dedupe=f"address_taken:{change.id}",
        organiser_id=to.event.organiser_id,
    )


async def _left_by(change: AddressChange) -> Left | None:
    """Find who must be written to; None if the entry has followed to the new address.

    Of several addresses left in a row, the one that has the entry; whatever has become
    of the registration since.
    """
    to = await recipient(change.registration_id, *State)
    if to is None or not await is_owed_the_end(to):
        return None
    generation = await invited_generation(to.id)
    if generation is None:
        return Left(change, None)
    if generation >= to.generation:
        return None
    return Left(await addresses.change_from(to, generation) or change, generation)


@job("letter:address_left")
async def address_left(change_id: str, generation: int | None) -> None:
    """Write to the address left on its own, be it after the new one was invited."""
    change = await AddressChange.get_or_none(id=change_id)
    if change is None:
        return
    try:
        await _take_leave(Left(change, generation))
    except GivesUp:
        log.info("the address left takes no letter", extra={"change": change_id})


async def _take_leave(left: Left) -> None:
    change = left.change
    to = await recipient(change.registration_id, *State)
    # Who has come back to it has the entry there again.
    if to is None or to.email == change.email or to.event.is_past(clock.now()):
        return
    before = copy(to)
    before.email = change.email
    # Its links no longer work.
    before.generation = left.generation or to.generation - 1
    plain_id = f"{change.id}.left"
    if left.generation is None:
        letter = letter_to(before, "address_left", invited=0)
        await deliver(replace(letter, message_id=message_id(plain_id)))
        return
    seated = to.state is State.CONFIRMED and is_ahead(to.event, clock.now())
    await send_with_cancellation(
        before, "address_left", plain_id=plain_id, follows=int(seated)
    )


@job("letter:address_taken")
async def address_taken(change_id: str) -> None:
    """Invite the new address, or say there how things stand."""
    change = await AddressChange.get_or_none(id=change_id)
    to = await _taking_part(change)
    if change is None or to is None:
        return
    if to.state is State.CONFIRMED:
        await send_with_request(to, "address_taken", seated=1)
    else:
        letter = letter_to(to, "address_taken", seated=0)
        name = message_id(f"{change.id}.taken")
        await deliver(replace(letter, message_id=name))


@job("letter:erased")
async def erased(change_id: str) -> None:
    """Write for the last time; then the address is forgotten as well."""
    change = await AddressChange.get_or_none(id=change_id)
    if change is None:
        return
    found = Registration.filter(id=change.registration_id)
    to = await found.select_related("event", "event__organiser").get()
    to.email = change.email
    plain_id = f"{to.id}.erased"
    if await is_owed_the_end(to):
        await send_with_cancellation(to, "erased", plain_id=plain_id, waited=True)
    else:
        # What is over stays in the calendar, and what is off was taken out of it.
        letter = letter_to(to, "erased", invited=0)
        await deliver(replace(letter, message_id=message_id(plain_id)))
    await change.delete()
    await wipe()


async def _taking_part(change: AddressChange | None) -> Registration | None:
    if change is None:
        return None
    to = await recipient(change.registration_id, *TAKING_PART)
    return to if to is not None and is_ahead(to.event, clock.now()) else None
