"""The code of a registration for the entrance, as a QR shows it.

It names the registration and proves that we made it; it opens nothing to whoever
does not work at the entrance. A new generation of the personal link revokes it.
"""

import base64
import binascii
import hmac
from uuid import UUID

from werkraum_foundation.tokens import derived_token
from werkraum_registration.models import Registration

CHECK_IN = "check-in"
# 16 bytes each, in base64 without padding: the id, and 128 bits of proof.
PART = 22


def code_of(registration: Registration) -> str:
    """Make the code of a registration: 44 characters."""
    name = base64.urlsafe_b64encode(registration.id.bytes).decode()[:PART]
    proof = derived_token(CHECK_IN, registration.id, registration.generation)
    return name + proof[:PART]


async def registration_by(code: str) -> Registration | None:
    """Find whose code it is, with event, organiser and organisation; one query."""
    if len(code) != 2 * PART or not code.isascii():
        return None
    try:
        identifier = UUID(bytes=base64.urlsafe_b64decode(code[:PART] + "=="))
    except (binascii.Error, ValueError):
        return None
    found = Registration.filter(id=identifier)
    registration = await found.select_related(
        "event__organiser", "organisation"
    ).first()
    if registration is None:
        return None
    right = hmac.compare_digest(code, code_of(registration))
    return registration if right else None
