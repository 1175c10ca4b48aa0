"""Tokens in links, cookies and forms: 256 bits, stored as hashes only."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from functools import cache
from uuid import UUID

from werkraum_foundation.settings import settings

# How long a form may stay open in a browser, and how fast nobody types.
FORM_LIFE = 2 * 24 * 3600
FASTEST = 2.0


@cache
def purpose_key(purpose: str) -> bytes:
    """Derive the key of one purpose from the secret (RFC 5869 2.3, one block)."""
    return hmac.digest(settings().secret_key, purpose.encode() + b"\x01", "sha256")


def new_token() -> str:
    """Make a random one-time token: 43 characters."""
    return secrets.token_urlsafe(32)


def derived_token(purpose: str, identifier: UUID, generation: int) -> str:
    """Rebuild the token of a row: no row and no job carries it.

    A new generation revokes the old token.
    """
    text = f"{identifier}:{generation}".encode()
    return _text(hmac.digest(purpose_key(purpose), text, "sha256"))


def hashed(token: str) -> str:
    """Hash a token for its column: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(purpose: str, text: str) -> str:
    """Hash what has too little chance in it to be hashed plainly, such as a code."""
    return hmac.new(purpose_key(purpose), text.encode(), "sha256").hexdigest()


def new_form_token(form: str, now: datetime) -> str:
    """Sign when a form was loaded; `form` says which one it is."""
    loaded = f"{now.timestamp():.1f}"
    return f"{loaded}.{_signature(form, loaded)}"


def form_age(token: str, form: str, now: datetime) -> float | None:
    """Tell how many seconds ago a form was loaded; None if it is not ours."""
    loaded, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(form, loaded).encode()):
        return None
    return now.timestamp() - float(loaded)


def _signature(form: str, loaded: str) -> str:
    digest = hmac.digest(purpose_key("form"), f"{form}:{loaded}".encode(), "sha256")
    return _text(digest[:18])


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
