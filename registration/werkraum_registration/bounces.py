"""Letters that come back: the address they come back to, and what is noted of it.

Each letter to somebody has a return address of its own. It says whose letter it was
and proves that we wrote it, so that nobody can make another's address look dead.
"""

import hmac
import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash
from werkraum_registration.models import Bounce, Registration

PURPOSE = "bounce"
PREFIX = "bounce+"
# 32 digits of the id, 20 of the proof: with the prefix 59 characters of the 64 that
# may stand before the @ (RFC 5321 4.5.3.1.1). Some servers lower the letters.
LOCAL_PART = re.compile(r"bounce\+([0-9a-f]{32})([0-9a-f]{20})")
# <letter.registration@…>
COPY = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.")
# More letters than anybody gets come back only where somebody sends them.
MOST_BOUNCES = 30


def return_path(registration: Registration) -> Mailbox:
    """Make the address that a letter to somebody comes back to.

    Another address of the same person has another one.
    """
    proof = _proof(registration.id, normalised(registration.email))
    local_part = f"{PREFIX}{registration.id.hex}{proof}"
    return Mailbox(f"{local_part}@{settings().mail_domain}")


def _proof(registration_id: UUID, email_key: str) -> str:
    return keyed_hash(PURPOSE, f"{registration_id}:{email_key}")[:20]


async def registration_at(address: str) -> Registration | None:
    """Find whose letter comes back to an address, event with it.

    None for what is not ours, and for the letters to an address somebody has left.
    """
    local_part, _, domain = address.lower().rpartition("@")
    read = LOCAL_PART.fullmatch(local_part)
    if read is None or domain != settings().mail_domain:
        return None
    found = Registration.filter(id=UUID(read[1])).select_related("event")
    registration = await found.first()
    if registration is None or not registration.email:
        return None
    right = _proof(registration.id, registration.email_key)
    return registration if hmac.compare_digest(right, read[2]) else None


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
