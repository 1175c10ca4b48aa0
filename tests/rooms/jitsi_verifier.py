"""The door of a Jitsi server, played: what its XMPP server does with a token.

Follows Jitsi's token plugins of August 2026 to the letter, with domain
verification on and wildcards off (token_no_wildcard), and the checks of its web
client. Knows nothing of the code that makes our tokens.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

# What a token says: JSON of whoever made it.
Claims = dict[str, object]

FEATURES = frozenset(
    "branding calendar create-polls file-upload flip inbound-call livestreaming "
    "live-translation lobby moderation outbound-call recording room screen-sharing "
    "send-groupchat list-visitors sip-inbound-call sip-outbound-call "
    "transcription".split()
)


class LoginRefused(Exception):
    """SASL not-allowed with this reason: the person is not even connected."""


class RoomMismatch(Exception):
    """The person is connected but may not enter this room."""


class Hangs(Exception):
    """The server raises inside and answers nothing: the browser waits for ever."""


class ClientComplains(Exception):
    """The web client shows the token as broken before it asks the server."""


@dataclass(frozen=True)
class Verifier:
    """A server with `secret` (HS256), or with `key_files` by name (RS256)."""

    app_id: str
    secret: bytes | None = None
    key_files: Mapping[str, str] = field(default_factory=dict)
    domain: str = "meet.jitsi"
    audience: str = "jitsi"

    def login(self, token: str | None, *, now: float) -> Claims:
        """Check what is checked at connecting; the room is not compared yet."""
        if not token:
            raise LoginRefused("token required")
        header, claims, signed, signature = _taken_apart(token)
        check = self._check_for(header)
        if header.get("typ") != "JWT":
            raise LoginRefused("Invalid typ")
        if header.get("alg") != ("HS256" if self.secret else "RS256"):
            raise LoginRefused("Invalid or incorrect alg")
        if not check(signed, signature):
            raise LoginRefused("Invalid signature")
        _check_times(claims, now)
        self._check_parties(claims)
        if "context" in claims and claims["context"] is None:
            raise Hangs("context is null")
        return claims

    def join(self, claims: Claims, room: str, *, tenant: str = "") -> None:
        """Check what is checked at entering a room that exists."""
        said = claims["room"]
        if said is None:
            raise Hangs("room is null")
        if not isinstance(said, str) or _lower(said) != room.lower():
            raise RoomMismatch("Room and token mismatched")
        subject = claims["sub"]
        if not isinstance(subject, str) or "*" in (said, subject):
            raise RoomMismatch("wildcard")
        if _lower(subject) != (tenant or self.domain).lower():
            raise RoomMismatch("Room and token mismatched")
        context = claims.get("context")
        if isinstance(context, dict) and context.get("room"):
            raise RoomMismatch("regex")

    def enter(
        self, token: str | None, room: str, *, now: float, tenant: str = ""
    ) -> Claims:
        """Go the whole way of a person with a link: client, login, room."""
        claims = self.login(token, now=now)
        check_as_web_client(claims, now=now)
        self.join(claims, room, tenant=tenant)
        return claims

    def _check_for(self, header: Claims) -> Callable[[bytes, bytes], bool]:
        if self.secret is not None:
            return _shared(self.secret)
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise LoginRefused("'kid' claim is missing")
        if not str(header.get("alg")).startswith("RS"):
            raise LoginRefused("'kid' claim only support with RS family")
        pem = self.key_files.get(f"{hashlib.sha256(kid.encode()).hexdigest()}.pem")
        if pem is None:
            raise LoginRefused("could not obtain public key")
        return _public(pem)

    def _check_parties(self, claims: Claims) -> None:
        if claims.get("iss") != self.app_id:
            raise LoginRefused("Issuer not accepted")
        # A list fails even with the right name in it.
        if claims.get("aud") != self.audience:
            raise LoginRefused("Audience not accepted")
        if "room" not in claims or "sub" not in claims:
            raise LoginRefused("not-authorized")


def check_as_web_client(claims: Claims, *, now: float) -> None:
    """Complain about times that are no whole seconds and features unknown to it."""
    for name in ("exp", "nbf"):
        if not isinstance(claims.get(name), int):
            raise ClientComplains(f"{name} is no whole number")
    if not _number(claims["nbf"]) <= now < _number(claims["exp"]):
        raise ClientComplains("not now")
    context = claims.get("context")
    features = context.get("features", {}) if isinstance(context, dict) else {}
    if unknown := set(features) - FEATURES:
        raise ClientComplains(f"unknown features: {unknown}")


def _taken_apart(
    token: str,
) -> tuple[Claims, Claims, bytes, bytes]:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise LoginRefused("Invalid token")
    header, claims, signature = (_decoded(part) for part in parts)
    try:
        read = json.loads(header), json.loads(claims)
    except ValueError:
        raise LoginRefused("Invalid token") from None
    if not all(isinstance(part, dict) for part in read):
        raise LoginRefused("Invalid token")
    return *read, token.rpartition(".")[0].encode(), signature


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(
            part + "=" * (-len(part) % 4), altchars=b"-_", validate=True
        )
    except ValueError:
        raise LoginRefused("Invalid token") from None


def _shared(secret: bytes) -> Callable[[bytes, bytes], bool]:
    return lambda signed, signature: hmac.compare_digest(
        hmac.digest(secret, signed, "sha256"), signature
    )


def _public(pem: str) -> Callable[[bytes, bytes], bool]:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey)

    def check(signed: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True

    return check


def _check_times(claims: Claims, now: float) -> None:
    """Without any leeway; a missing exp is no fault for the server."""
    if "exp" in claims and now >= _number(claims["exp"], "exp"):
        raise LoginRefused("Not acceptable by exp")
    if "nbf" in claims and now < _number(claims["nbf"], "nbf"):
        raise LoginRefused("Not acceptable by nbf")


def _number(value: object, name: str = "time") -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LoginRefused(f"{name} must be number")
    return value


def _lower(text: str) -> str:
    """Lower-case as Lua does: ASCII only."""
    return "".join(c.lower() if c.isascii() else c for c in text)
