"""Settings of the room server: where it is and what we sign tokens with."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from werkraum_foundation.environment import Variables
from werkraum_foundation.setting_addresses import web_origin

# What a Content-Security-Policy can name (CSP 3, 2.3.1): no IPv6, no underscore.
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
# RFC 7518 3.2: a key for HS256 is at least as long as the hash.
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class RoomServer:
    """A Jitsi server as the settings describe it; all empty where there is none."""

    url: str = ""
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    api_token: str = field(default="", repr=False)
    domain: str = ""


def room_server(given: Variables, strict: bool) -> RoomServer:
    """Read the six settings of Jitsi; half of them is a fault."""
    found = RoomServer(
        url=_url(given),
        app_id=given.text("WERKRAUM_JITSI_APP_ID"),
        app_secret=given.secret("WERKRAUM_JITSI_APP_SECRET"),
        private_key=given.secret("WERKRAUM_JITSI_PRIVATE_KEY", lines=True),
        api_token=given.secret("WERKRAUM_JITSI_API_TOKEN"),
        domain=_domain(given),
    )
    if strict:
        given.refuse_weak("WERKRAUM_JITSI_APP_SECRET", found.app_secret)
        given.refuse_weak("WERKRAUM_JITSI_API_TOKEN", found.api_token)
    _check_keys(given, found)
    if found != RoomServer():
        _refuse_half(given, found)
    return found


def _url(given: Variables) -> str:
    """Read an address that browsers let into a frame and give a camera to.

    Those need https in development too; only this very machine does without.
    """
    name = "WERKRAUM_JITSI_URL"
    written = given.text(name)
    url = web_origin(given, name, written, strict=True) if written else ""
    if url and not HOST.fullmatch(urlsplit(url).hostname or ""):
        given.fault(name, "names a host by more than letters, digits, dot and hyphen.")
    return url


def _domain(given: Variables) -> str:
    name = "WERKRAUM_JITSI_DOMAIN"
    domain = given.text(name).lower()
    if domain and not HOST.fullmatch(domain):
        given.fault(name, "is no domain such as meet.jitsi.")
    return domain


def _check_keys(given: Variables, found: RoomServer) -> None:
    name = "WERKRAUM_JITSI_PRIVATE_KEY"
    if found.app_secret and found.private_key:
        given.fault(name, "and WERKRAUM_JITSI_APP_SECRET exclude each other. Keep one.")
    secret = "WERKRAUM_JITSI_APP_SECRET"
    short = 0 < len(found.app_secret.encode()) < SHORTEST_SECRET
    if short and not given.blames(secret):
        given.fault(secret, f"is too short: it needs at least {SHORTEST_SECRET} bytes.")
    if found.private_key and not _is_rsa_key(found.private_key):
        given.fault(
            name, "is no RSA key of 2048 bits or more in PEM form without a password."
        )


def _is_rsa_key(pem: str) -> bool:
    # Imported with the first key: 20 MB that nobody with a shared secret needs.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= 2048


def _refuse_half(given: Variables, found: RoomServer) -> None:
    """A room server is its address, our name there and one key, or nothing."""
    key = found.app_secret or found.private_key
    for name, value in (
        ("WERKRAUM_JITSI_URL", found.url),
        ("WERKRAUM_JITSI_APP_ID", found.app_id),
        ("WERKRAUM_JITSI_APP_SECRET", key),
    ):
        # A value that was refused before has its fault already.
        if not value and not given.blames(name):
            given.fault(name, "is missing: the room server is only half described.")
