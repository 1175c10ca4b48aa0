"""Letters that a form may cause to an address whose owner has pressed no button yet.

    @limited
    async def confirm_address(registration_id: UUID) -> None: ...

Beyond the limit of a day such a letter waits, and goes out the next day, or as soon
as the owner of the address has pressed the button of an earlier one.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import current_job, enqueue, job, reschedule
from werkraum_registration.letter_limits import (
    full_until,
    held_back_until,
    is_vouched,
)
from werkraum_registration.models import AddressChange, Registration

Send = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to: the address as it is compared, at whose event."""

    email_key: str
    organiser_id: UUID


Find = Callable[[UUID], Awaitable[Addressee | None]]

_letters: dict[str, Send] = {}


async def of_registration(identifier: UUID) -> Addressee | None:
    found = await Registration.get_or_none(id=identifier).select_related("event")
    if found is None:
        return None
    return Addressee(found.email_key, found.event.organiser_id)


async def of_change(identifier: UUID) -> Addressee | None:
    """Find the new address that somebody has entered for a registration."""
    found = await AddressChange.get_or_none(id=identifier).select_related(
        "registration__event"
    )
    if found is None:
        return None
    organiser_id = found.registration.event.organiser_id
    return Addressee(normalised(found.email), organiser_id)


def limited(send: Send, *, find: Find = of_registration) -> Send:
    """Send a letter only as far as its address may be written to today."""
    name = send.__name__

    @wraps(send)
    async def within(identifier: UUID) -> None:
        to = await find(identifier)
        if to is not None and not await _held_back(name, identifier, to):
            await send(identifier)

    _letters[name] = within
    return within


def limited_to_change(send: Send) -> Send:
    """Do the same for the letter to a new address of a registration."""
    return limited(send, find=of_change)


async def _held_back(name: str, identifier: UUID, to: Addressee) -> bool:
    until = await held_back_until(to.email_key, current_job(), now=clock.now())
    if until is None:
        return False
    args = {"letter": name, "identifier": str(identifier)}
    await unit_of_work(enqueue)(
        "letter:held_back",
        args,
        due=until,
        dedupe=_key(name, identifier, until),
        organiser_id=to.organiser_id,
    )
    return True


def _key(name: str, identifier: UUID, until: datetime) -> str:
    # With the moment: the job that is being tried must not be taken for the next.
    return f"held_back:{name}:{identifier}:{clock.milliseconds(until)}"


@job("letter:held_back")
async def send_held_back(letter: str, identifier: str) -> None:
    """Try once more; where the letter has lost its cause, it stays unwritten."""
    await _letters[letter](UUID(identifier))


@unit_of_work
async def release(registration_id: UUID) -> None:
    """Let go what waited for the owner of an address to press a button."""
    to = await of_registration(registration_id)
    until = await full_until(to.email_key) if to else None
    if to is None or until is None or not await is_vouched(to.email_key):
        return
    for found in await Registration.filter(email_key=to.email_key):
        for name in _letters:
            await reschedule(_key(name, found.id, until), clock.now())
