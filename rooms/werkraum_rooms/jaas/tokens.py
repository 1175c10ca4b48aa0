"""Jitsi as a Service of 8x8: tokens for its rooms, links into them.

Fact sheet of the rooms, 9. The same web client as Jitsi's, on a server of theirs
that knows us by a key; there is no call to make a room and none to end one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from werkraum_rooms.jitsi import tokens as jitsi
from werkraum_rooms.jitsi.signing_keys import signed
from werkraum_rooms.jitsi.tokens import AUDIENCE, lifetime
from werkraum_rooms.participants import Participant
from werkraum_rooms.room_names import is_slug
from werkraum_rooms.rules import Opening, must_be_open

if TYPE_CHECKING:
    from werkraum_rooms.jitsi.rsa_key import RsaKey

# The same for all who rent rooms there; the key says who it is.
ISSUER = "chat"


@dataclass(frozen=True)
class JaasServer:
    """`app_id` is our tenant there, `key_id` the name of our key in it."""

    url: str
    app_id: str
    key_id: str
    private_key: str = field(repr=False)

    @cached_property
    def signing_key(self) -> "NamedKey":
        # Here, so that only those who have a private key load cryptography.
        from werkraum_rooms.jitsi.rsa_key import RsaKey

        return NamedKey(self.key_id, RsaKey(self.private_key))


@dataclass(frozen=True)
class NamedKey:
    """A key under the name that it was given over there."""

    kid: str
    key: "RsaKey"

    @property
    def header(self) -> Mapping[str, str]:
        return {**self.key.header, "kid": self.kid}

    def sign(self, text: bytes) -> bytes:
        return self.key.sign(text)


def mint(
    server: JaasServer,
    *,
    room: str,
    participant: Participant,
    opening: Opening,
    now: datetime,
) -> str:
    """Sign the token that lets this participant into this room, from now on.

    It holds as long as one for a Jitsi of our own (`jitsi.mint`), and refuses the
    same. The features have to be there, and who is no host has none of a host's.
    """
    must_be_open(opening, now=now)
    if not is_slug(room):
        raise ValueError("a token names one room of ours, by its slug")
    claims = {
        "aud": AUDIENCE,
        "iss": ISSUER,
        "sub": server.app_id,
        "room": room,
        **lifetime(opening, now=now),
        "context": {
            "user": {
                "id": participant.ref,
                "name": participant.name,
                "moderator": participant.is_host,
            },
            "features": participant.features,
        },
    }
    return signed(claims, server.signing_key)


def link(
    server: JaasServer, *, room: str, token: str, subject: str, language: str
) -> str:
    """Lead into the room `https://8x8.vc/<app id>/<room>`, as with any Jitsi."""
    place = f"{server.url}/{server.app_id}"
    return jitsi.link(place, room=room, token=token, subject=subject, language=language)
