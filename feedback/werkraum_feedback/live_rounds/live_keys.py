"""Keys of a live round: what makes a device, or a personal link, one voice.

A key is signed, so that nobody makes up another's; no row keeps one. That of a
device is drawn when its page is loaded, that of a person follows from their
registration: it stays the same on every device of theirs.
"""

import base64
import hmac
import secrets
from uuid import UUID

from werkraum_foundation.tokens import hashed, purpose_key

DEVICE, PERSON = "d", "p"
# Bytes of the body and of the signature: 22 characters each.
BYTES = 16
LENGTH = 45


def device_key(round_id: UUID) -> str:
    """Draw a key for a page of a round that was just loaded."""
    return _signed(round_id, DEVICE + _text(secrets.token_bytes(BYTES)))


def personal_key(round_id: UUID, registration_id: UUID) -> str:
    """Rebuild the key of somebody of the event, for pages behind their own link."""
    return _signed(round_id, PERSON + _mac(f"{round_id}:{registration_id}"))


def is_key_of(round_id: UUID, key: str) -> bool:
    """Whether we have given out this key, and for this round."""
    if len(key) != LENGTH or not key.isascii():
        return False
    return hmac.compare_digest(key, _signed(round_id, key[: LENGTH // 2 + 1]))


def is_personal(key: str) -> bool:
    return key.startswith(PERSON)


def mark_of(round_id: UUID) -> str:
    """Name a round where a browser keeps its key: codes are used again one day."""
    return _mac(f"{round_id}:mark")


def voice_hash(key: str, question_id: UUID, once: str = "") -> str:
    """Name the one voice of a key for a question, or (`once`) one card of several."""
    return hashed(f"live:{key}:{question_id}:{once}")


def voter_hash(key: str, question_id: UUID) -> str:
    """Name who votes for the cards of a question."""
    return hashed(f"live-vote:{key}:{question_id}")


def _signed(round_id: UUID, body: str) -> str:
    return body + _mac(f"{round_id}:key:{body}")


def _mac(text: str) -> str:
    return _text(hmac.digest(purpose_key("live"), text.encode(), "sha256")[:BYTES])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
