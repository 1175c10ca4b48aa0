"""Settings of mail that comes to us: a mailbox to look into, a gateway that calls."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote

from werkraum_foundation.environment import Variables
from werkraum_foundation.setting_addresses import is_loopback, split

IMAP_TLS: dict[str, Literal["none", "starttls"]] = {
    "tls=none": "none",
    "tls=starttls": "starttls",
}


@dataclass(frozen=True)
class ImapMailbox:
    """A folder that answers and failed letters come to."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: Literal["none", "starttls", "implicit"] = "implicit"


def imap_mailbox(given: Variables, strict: bool) -> ImapMailbox | None:
    name = "WERKRAUM_IMAP_URL"
    written = given.secret(name)
    if not written:
        return None
    parts = split(given, name, written)
    if parts is None or parts.hostname is None:
        return None
    mailbox = _mailbox(parts)
    if mailbox is None:
        given.fault(name, "has the form imaps://user:password@host/INBOX.")
    elif strict and mailbox.tls == "none" and not is_loopback(mailbox.host):
        given.fault(
            name, "would read mail in the clear: use imaps:// or ?tls=starttls."
        )
    return mailbox


def _mailbox(parts: SplitResult) -> ImapMailbox | None:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    # Other letters are written in an alphabet of IMAP's own (RFC 3501 5.1.3).
    if not (user and password and folder.isascii() and '"' not in folder):
        return None
    host = parts.hostname or ""
    if parts.scheme == "imaps" and not parts.query:
        return ImapMailbox(host, parts.port or 993, user, password, folder)
    tls = IMAP_TLS.get(parts.query or "tls=none")
    if parts.scheme != "imap" or tls is None:
        return None
    return ImapMailbox(host, parts.port or 143, user, password, folder, tls)


def gateway_token(given: Variables, strict: bool) -> str | None:
    name = "WERKRAUM_MAIL_GATEWAY_TOKEN"
    token = given.secret(name)
    if strict:
        given.refuse_weak(name, token)
    return token or None
