"""Jitsi Meet: the server, tokens for its rooms, links into them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from werkraum_foundation.setting_addresses import is_loopback
from werkraum_rooms.jitsi.signing_keys import (
    SHORTEST_SECRET,
    SharedSecret,
    SigningKey,
    signed,
)
from werkraum_rooms.participants import Participant
from werkraum_rooms.room_names import is_slug
from werkraum_rooms.rules import Opening, must_be_open

if TYPE_CHECKING:
    from werkraum_rooms.jitsi.rsa_key import RsaKey

# A string, never a list: the room server refuses lists.
AUDIENCE = "jitsi"
LONGEST = timedelta(hours=4)
# The room server knows no leeway, and its clock may be a little behind.
CLOCK_SKEW = timedelta(seconds=30)

_NETLOC = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")

# Convenience only, as a person can change it: what must hold is in the token.
_OVERRIDES: Mapping[str, object] = {
    "startWithAudioMuted": True,
    # A link without a token leads nobody in.
    "disableInviteFunctions": True,
    # No requests to avatar or analytics services of others.
    "disableThirdPartyRequests": True,
    # Phones go straight in instead of being asked to install something.
    "disableDeepLinking": True,
    # Nothing stays in the list of past rooms of a shared computer.
    "doNotStoreRoom": True,
    # Our door has asked for the name and tried the camera: one button is enough.
    "prejoinConfig.enabled": False,
    # The token's feature governs the recorder of the server alone; without this,
    # everybody in the room can record it in their own browser.
    "localRecording.disable": True,
}


@dataclass(frozen=True)
class JitsiServer:
    """A Jitsi Meet server with token authentication.

    `url` is its https origin; plain http only for this very machine. `secret` (HS256)
    and `private_key` (RS256, PEM) exclude each other. `domain` is the XMPP domain
    where it is not the host of `url` (the official containers call it meet.jitsi).
    Refuses with a ValueError naming all faults and repeating no secret.
    """

    url: str
    app_id: str
    secret: bytes | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    domain: str | None = None

    def __post_init__(self) -> None:
        faults = [*_faults_of_address(self.url), *_faults_of_keys(self)]
        if faults:
            raise ValueError("; ".join(faults))
        # Loads a private key now, so that a bad one is refused at the start.
        _ = self.rsa_key

    @property
    def subject(self) -> str:
        """What the server's domain verification compares with the room's address."""
        return self.domain or urlsplit(self.url).hostname or ""

    @property
    def kid(self) -> str | None:
        """The name of the signing key; a shared secret has none."""
        return self.rsa_key.kid if self.rsa_key else None

    @property
    def signing_key(self) -> SigningKey:
        return self.rsa_key or SharedSecret(self.secret or b"")

    @cached_property
    def rsa_key(self) -> "RsaKey | None":
        if self.private_key is None:
            return None
        # Here, so that only those who have a private key load cryptography.
        from werkraum_rooms.jitsi.rsa_key import RsaKey

        return RsaKey(self.private_key)


def mint(
    server: JitsiServer,
    *,
    room: str,
    participant: Participant,
    opening: Opening,
    now: datetime,
) -> str:
    """Sign the token that lets this participant into this room, from now on.

    It holds until the room closes and four hours at most; it is checked at
    entering only, nobody is thrown out when it ends. Refuses (TooEarly, TooLate)
    while the room is not open, so no token for a shut door exists. Every value
    is present or left out: a null makes the server fall silent.
    """
    must_be_open(opening, now=now)
    if not is_slug(room):
        raise ValueError("a token names one room of ours, by its slug")
    claims = {
        "iss": server.app_id,
        "aud": AUDIENCE,
        "sub": server.subject,
        "room": room,
        **lifetime(opening, now=now),
        "context": {
            "user": _user(participant),
            "features": participant.features,
        },
    }
    return signed(claims, server.signing_key)


def lifetime(opening: Opening, *, now: datetime) -> Mapping[str, int]:
    """Say from when until when a token holds, in whole seconds as clients insist."""
    return {
        "iat": int(now.timestamp()),
        "nbf": int((now - CLOCK_SKEW).timestamp()),
        "exp": int(min(opening.closes_at, now + LONGEST).timestamp()),
    }


def link(place: str, *, room: str, token: str, subject: str, language: str) -> str:
    """Lead into the room, with the event's title as its subject.

    `place` is what its address begins with, without a slash at the end.

    The token is in the fragment only, which no web server sees or logs. The
    language is in the query, the one place where Jitsi looks for it.
    """
    settings: dict[str, object] = {"config.subject": subject}
    settings |= {f"config.{key}": value for key, value in _OVERRIDES.items()}
    settings["jwt"] = token
    fragment = "&".join(f"{key}={_encoded(value)}" for key, value in settings.items())
    return f"{place}/{room}?lang={quote(language, safe='')}#{fragment}"


def frame_origin(server: JitsiServer) -> str:
    """Name the origin that the Content-Security-Policy lets into a frame."""
    parts = urlsplit(server.url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def public_key_file(server: JitsiServer) -> tuple[str, str] | None:
    """Give name and PEM of the file in which the server looks up our key.

    The name is the hash of the kid as the server asks for it. None with a
    shared secret.
    """
    key = server.rsa_key
    if key is None:
        return None
    return key.file_name, key.public_pem


def _user(participant: Participant) -> Mapping[str, object]:
    """Say who it is; everybody in the room sees every key, so few and no address."""
    user: dict[str, object] = {"id": participant.ref, "name": participant.name}
    if participant.is_host:
        user["moderator"] = True
    if participant.passes_lobby:
        user["lobby_bypass"] = True
    return user


def _encoded(value: object) -> str:
    """Write a value of the fragment: JSON (so a token stands in quotes), encoded."""
    # Jitsi's client drops a backslash before "&", which would break the JSON.
    return quote(json.dumps(value).replace("&", r"\u0026"), safe="")


def _faults_of_address(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a number that is no port
    except ValueError:
        yield "the room server's address cannot be read"
        return
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not local:
        yield "the room server's address must begin with https://"
    if "@" in parts.netloc:
        yield "the room server's address must not contain a user or password"
    elif not _NETLOC.fullmatch(parts.netloc.lower()):
        yield "the room server's address needs a host name (a-z, 0-9, dot, hyphen)"
    if parts.query or parts.fragment:
        yield "the room server's address must end before any ? or #"
    if parts.path not in ("", "/"):
        yield "the room server's address must end before any path"


def _faults_of_keys(server: JitsiServer) -> Iterator[str]:
    if not server.app_id.strip():
        yield "the room server's app id is missing"
    if (server.secret is None) == (server.private_key is None):
        yield "the room server needs a secret or a private key, and only one of them"
    elif server.secret is not None and len(server.secret) < SHORTEST_SECRET:
        yield f"the room server's secret is shorter than {SHORTEST_SECRET} bytes"
