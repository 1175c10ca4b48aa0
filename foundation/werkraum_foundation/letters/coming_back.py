"""Letters that come back: the address they come back to, and a note that one did.

Each letter has a return address of its own. It says whose letter it was and proves
that we wrote it, so that nobody can make another's address look dead. Whose it is,
an id tells: of a registration, an invitation, a colleague.
"""

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash

PURPOSE = "bounce"
PREFIX = "bounce+"
# 32 digits of the id, 20 of the proof: with the prefix 59 characters of the 64 that
# may stand before the @ (RFC 5321 4.5.3.1.1). Some servers lower the letters.
LOCAL_PART = re.compile(r"bounce\+([0-9a-f]{32})([0-9a-f]{20})")
CAME_BACK, DELAYED = "letter.bounce", "letter.delay"
# More letters than anybody gets come back only where somebody sends them.
MOST = 30


@dataclass(frozen=True)
class ReturnAddress:
    """Whose letter came back, by what its address says."""

    owner: UUID
    proof: str

    def is_for(self, email: str) -> bool:
        """Whether it was made for letters to this address."""
        right = _proof(self.owner, normalised(email))
        return bool(email) and hmac.compare_digest(right, self.proof)


def return_path(owner: UUID, email: str) -> Mailbox:
    """Make the address that a letter comes back to; another for each address."""
    local_part = f"{PREFIX}{owner.hex}{_proof(owner, normalised(email))}"
    return Mailbox(f"{local_part}@{settings().mail_domain}")


def read_return_path(address: str) -> ReturnAddress | None:
    """Take an address apart; None for what is not of this kind."""
    local_part, _, domain = address.lower().rpartition("@")
    read = LOCAL_PART.fullmatch(local_part)
    if read is None or domain != settings().mail_domain:
        return None
    return ReturnAddress(UUID(read[1]), read[2])


def _proof(owner: UUID, email_key: str) -> str:
    return keyed_hash(PURPOSE, f"{owner}:{email_key}")[:20]


@unit_of_work
async def note_in_audit(
    organiser_id: UUID,
    owner: UUID,
    *,
    status: str,
    is_final: bool,
    message_id: str,
    now: datetime,
) -> bool:
    """Note a letter to somebody without a registration; False where it is noted.

    The audit has no address: what it notes goes with the row it is about.
    """
    action = CAME_BACK if is_final else DELAYED
    changes = {"status": [None, status], "letter": [None, message_id]}
    earlier = AuditEntry.filter(organiser_id=organiser_id, subject_id=owner)
    there = [it.changes for it in await earlier.filter(action=action).limit(MOST)]
    if changes in there or len(there) >= MOST:
        return False
    await audit.record(
        organiser_id, action, owner, actor=audit.SYSTEM, now=now, changes=changes
    )
    return True


async def came_back(
    organiser_id: UUID, owners: Collection[UUID]
) -> dict[UUID, AuditEntry]:
    """Find of which of these the last letter came back, and when; one query."""
    found = AuditEntry.filter(
        organiser_id=organiser_id, action=CAME_BACK, subject_id__in=list(owners)
    )
    return {it.subject_id: it for it in await found.order_by("at", "id")}
