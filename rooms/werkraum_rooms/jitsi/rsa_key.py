"""RS256: the private key stays here, the room server fetches the public one.

A module of its own because it loads cryptography (20 MB, 0.2 s), which nobody
with a shared secret needs.
"""

from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

# RFC 7518 3.3.
SHORTEST_KEY = 2048


class RsaKey:
    """Refuses (ValueError) what is no unencrypted PEM of an RSA key, or too short."""

    def __init__(self, pem: str) -> None:
        self._key = _loaded(pem)

    @property
    def header(self) -> Mapping[str, str]:
        return {"alg": "RS256", "typ": "JWT", "kid": self.kid}

    @property
    def kid(self) -> str:
        """Name the key after itself: servers keep a key for ever under its kid."""
        return sha256(self._public(Encoding.DER)).hexdigest()

    @property
    def file_name(self) -> str:
        """Name the file that servers ask for: the hash of the kid, in hex."""
        return f"{sha256(self.kid.encode()).hexdigest()}.pem"

    @property
    def public_pem(self) -> str:
        return self._public(Encoding.PEM).decode("ascii")

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text, PKCS1v15(), SHA256())

    def _public(self, encoding: Encoding) -> bytes:
        public = self._key.public_key()
        return public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def _loaded(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Not chained: what cryptography says may quote the key.
        raise ValueError("the private key is not an unencrypted PEM key") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the private key is not an RSA key")
    if key.key_size < SHORTEST_KEY:
        raise ValueError(f"the private key is shorter than {SHORTEST_KEY} bits")
    return key
