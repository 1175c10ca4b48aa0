"""Letters to registrations that come back, and what is noted of it."""

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.letters import coming_back
from werkraum_foundation.mailboxes import Mailbox
from werkraum_registration.models import Bounce, Registration

# <letter.registration@…>
COPY = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.")
MOST_BOUNCES = coming_back.MOST


def return_path(registration: Registration) -> Mailbox:
    """Make the address that a letter to somebody comes back to.

    Another address of the same person has another one.
    """
    return coming_back.return_path(registration.id, registration.email)


async def registration_at(address: str) -> Registration | None:
    """Find whose letter comes back to an address, event with it.

    None for what is not ours, and for the letters to an address somebody has left.
    """
    read = coming_back.read_return_path(address)
    if read is None:
        return None
    found = Registration.filter(id=read.owner).select_related("event")
    registration = await found.first()
    return registration if registration and read.is_for(registration.email) else None


@unit_of_work
async def note(
    registration: Registration,
    *,
    status: str,
    is_final: bool,
    message_id: str = "",
    now: datetime,
) -> bool:
    """Note that a letter did not arrive; False where that was noted before."""
    if await Bounce.filter(registration_id=registration.id).count() >= MOST_BOUNCES:
        return False
    made = await changed(
        "INSERT INTO bounce (id, registration_id, email, status, is_final, message_id,"
        " at) VALUES (:id, :registration, :email, :status, :final, :message, :now)"
        " ON CONFLICT DO NOTHING",
        id=uuid7(),
        registration=registration.id,
        email=registration.email,
        status=status,
        final=is_final,
        message=message_id,
        now=now,
    )
    if made:
        await audit.record(
            registration.event.organiser_id,
            "letter.bounce" if is_final else "letter.delay",
            registration.id,
            actor=audit.SYSTEM,
            now=now,
        )
    return made > 0


async def bounces_of(registration: Registration) -> list[Bounce]:
    """List what came back from the address of now, the latest first."""
    found = Bounce.filter(registration_id=registration.id, email=registration.email)
    return await found.order_by("-id")


async def bounces_by_letter(event_id: UUID) -> dict[UUID, list[Bounce]]:
    """List what came back of the letters to many, by their ids, registrations with it.

    Their names say which letter a copy is of.
    """
    found = Bounce.filter(registration__event_id=event_id, is_final=True)
    by_letter: dict[UUID, list[Bounce]] = {}
    for each in await found.select_related("registration").order_by("id"):
        if letter := COPY.match(each.message_id):
            by_letter.setdefault(UUID(letter[1]), []).append(each)
    return by_letter


async def bounces_at(event_ids: Collection[UUID]) -> list[Bounce]:
    """List the latest final failure of each address of now, registration with it."""
    found = Bounce.filter(registration__event_id__in=list(event_ids), is_final=True)
    latest: dict[UUID, Bounce] = {}
    for each in await found.select_related("registration").order_by("id"):
        if each.email == each.registration.email:
            latest[each.registration_id] = each
    return list(latest.values())
