"""What a token is signed with, and how; RSA keys are in `rsa_key`."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

# RFC 7518 3.2: a key for HS256 is at least as long as the hash.
SHORTEST_SECRET = 32


class SigningKey(Protocol):
    @property
    def header(self) -> Mapping[str, str]:
        """The JOSE header; `typ` is exactly JWT, the room server insists on it."""

    def sign(self, text: bytes) -> bytes:
        """Sign the text, raw bytes out."""


@dataclass(frozen=True)
class SharedSecret:
    """HS256: the room server holds the same secret and could sign as well."""

    secret: bytes = field(repr=False)

    @property
    def header(self) -> Mapping[str, str]:
        return {"alg": "HS256", "typ": "JWT"}

    def sign(self, text: bytes) -> bytes:
        return hmac.digest(self.secret, text, "sha256")


def signed(claims: Mapping[str, object], key: SigningKey) -> str:
    """Write the claims as a signed token (RFC 7515 7.1)."""
    text = b".".join(_base64url(_json(part)) for part in (key.header, claims))
    return b".".join((text, _base64url(key.sign(text)))).decode("ascii")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _base64url(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
