"""Letters to people without a registration: where they come back to, whose they are.

Those to the list of a round have none of it: nothing that names somebody may outlive
the list, and the audit does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.letters import Letter
from werkraum_foundation.letters.coming_back import (
    note_in_audit,
    read_return_path,
    return_path,
)
from werkraum_foundation.models import Membership, Person
from werkraum_foundation.settings import settings
from werkraum_registration.models import AddressChange, Guest


@dataclass(frozen=True)
class Stranger:
    """Whose letter it is, and which organisers can do something about it.

    `noted_at` is the row that the desk shows it at.
    """

    email: str
    noted_at: UUID
    organisers: Sequence[UUID]


def returning(letter: Letter, owner: UUID) -> Letter:
    """Have a letter come back to an address of its own; note where none takes it."""
    email = letter.to.address
    return replace(
        letter,
        return_path=return_path(owner, email) if settings().takes_mail else None,
        note_refused=partial(_note_refused, owner, email),
    )


async def _note_refused(owner: UUID, email: str, message_id: str, code: int) -> None:
    to = await _stranger(owner)
    if to is not None and to.email == email:
        await note(
            to, status=str(code), is_final=True, message_id=message_id, now=clock.now()
        )


async def stranger_at(address: str) -> Stranger | None:
    """Find whose letter comes back to an address; None for any other."""
    read = read_return_path(address)
    found = await _stranger(read.owner) if read else None
    return found if read and found and read.is_for(found.email) else None


async def note(
    to: Stranger, *, status: str, is_final: bool, message_id: str, now: datetime
) -> None:
    """Note that a letter did not arrive, where each organiser sees it."""
    for organiser_id in to.organisers:
        await note_in_audit(
            organiser_id,
            to.noted_at,
            status=status,
            is_final=is_final,
            message_id=message_id,
            now=now,
        )


async def _stranger(owner: UUID) -> Stranger | None:
    """Ask one table after the other: an id is in one of them."""
    if guest := await Guest.filter(id=owner).select_related("event").first():
        return Stranger(guest.email, guest.id, [guest.event.organiser_id])
    changes = AddressChange.filter(id=owner, confirmed_at=None)
    if change := await changes.select_related("registration__event").first():
        at = change.registration
        return Stranger(change.email, at.id, [at.event.organiser_id])
    if person := await Person.get_or_none(id=owner):
        teams = await Membership.filter(person_id=person.id)
        return Stranger(person.email, person.id, [it.organiser_id for it in teams])
    return None
