"""The door of 8x8's JaaS, played: what it wants of a token.

Follows its documentation and Jitsi's web client (fact sheet of the rooms, 9), and
knows nothing of the code that makes our tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from tests.rooms.jitsi_verifier import (
    Claims,
    ClientComplains,
    LoginRefused,
    RoomMismatch,
    check_as_web_client,
)


@dataclass(frozen=True)
class JaasVerifier:
    """`keys` are the public keys (PEM) that were uploaded, by key id."""

    keys: Mapping[str, str]

    def enter(self, token: str, place: str, *, now: float) -> Claims:
        """Go the whole way of a person with a link to `<app id>/<room>`."""
        claims = self._read(token)
        app_id, _, room = place.partition("/")
        if claims["sub"] != app_id:
            raise LoginRefused("the tenant of another")
        if not claims["nbf"] <= now < claims["exp"]:
            raise LoginRefused("not now")
        check_as_web_client(claims, now=now)
        _check_context(claims)
        if claims["room"] != room:
            raise RoomMismatch("Room and token mismatched")
        return claims

    # Any: JSON of whoever made it.
    def _read(self, token: str) -> dict:  # type: ignore[type-arg]
        header = jwt.get_unverified_header(token)
        if set(header) != {"alg", "kid", "typ"} or header["typ"] != "JWT":
            raise LoginRefused("header")
        if header["alg"] != "RS256" or header["kid"] not in self.keys:
            raise LoginRefused("key")
        try:
            claims = jwt.decode(
                token,
                self.keys[header["kid"]],
                algorithms=["RS256"],
                audience="jitsi",
                issuer="chat",
                options={
                    "require": ["aud", "iss", "sub", "room", "exp", "nbf"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
        except jwt.InvalidTokenError as fault:
            raise LoginRefused(str(fault)) from None
        if claims["sub"] != header["kid"].partition("/")[0]:
            raise LoginRefused("the key of another tenant")
        return claims


def _check_context(claims: Claims) -> None:
    context = claims.get("context")
    if not isinstance(context, dict) or not isinstance(context.get("features"), dict):
        raise ClientComplains("features are required")
    if "room" in context:
        raise RoomMismatch("regex")
    if context["user"].get("moderator") not in (True, False, "true", "false"):
        raise ClientComplains("moderator is true or false")
