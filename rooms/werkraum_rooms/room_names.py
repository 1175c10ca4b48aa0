"""Names of rooms: our own slugs, and the form in which Jitsi writes any name."""

import re
import secrets
from unicodedata import normalize
from urllib.parse import quote, unquote_to_bytes

# 32 letters, 5 bits each, without those that are mistaken for one another.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 5

_SLUG = re.compile(r"[a-z0-9-]{16,64}")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What JavaScript's encodeURIComponent leaves alone (ECMA-262 19.2.6.4).
_UNRESERVED = "-_.!~*'()"


def new_slug() -> str:
    """Make a room name of 100 random bits that says nothing about the event.

    In groups so that it can be read out. Room claim, path, XMPP node and
    reservation are this one string, which no encoding changes.
    """
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)
    )


def is_slug(name: str) -> bool:
    """Tell whether the name can be one of our rooms: `[a-z0-9-]{16,64}`."""
    return _SLUG.fullmatch(name) is not None


def normalised(name: str) -> str:
    """Write a name as Jitsi's web client does before it asks the server.

    Percent-decoded where that gives UTF-8, NFKC, lower case, percent-encoded,
    lower case again. Raises ValueError for a lone surrogate.
    """
    composed = normalize("NFKC", _decoded(name)).lower()
    return quote(composed, safe=_UNRESERVED).lower()


def _decoded(name: str) -> str:
    """Undo percent-encoding, all of it or none."""
    if _BROKEN_ESCAPE.search(name):
        return name
    try:
        return unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        return name
