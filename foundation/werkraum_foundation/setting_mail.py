"""Settings of letters: the server that takes them and the sender they name."""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from werkraum_foundation.environment import Variables
from werkraum_foundation.mail_addresses import mail_address
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.setting_addresses import is_loopback, split

# The sender while no letter leaves, and while a fault waits to be told.
MADE_UP = Mailbox("werkraum@werkraum.example", "Werkraum")


@dataclass(frozen=True)
class SmtpServer:
    """Where letters are handed over. `starttls` means: with it or not at all."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Literal["none", "starttls", "implicit"] = "none"


SMTP_TLS: dict[str, Literal["none", "starttls"]] = {
    "tls=none": "none",
    "tls=starttls": "starttls",
}


def smtp_server(given: Variables, strict: bool) -> SmtpServer | None:
    name = "WERKRAUM_SMTP_URL"
    written = given.secret(name)
    if not written:
        return None
    parts = split(given, name, written)
    if parts is None or parts.hostname is None:
        return None
    if parts.scheme not in ("smtp", "smtps") or parts.path.strip("/"):
        given.fault(name, "has the form smtp://user:password@host:port or smtps://….")
        return None
    server = _server(parts)
    if server is None:
        given.fault(name, "understands only ?tls=starttls and ?tls=none after smtp://.")
    elif strict and server.tls == "none" and not is_loopback(server.host):
        given.fault(
            name,
            "would send letters in the clear: use smtps://, port 587 or ?tls=starttls.",
        )
    return server


def _server(parts: SplitResult) -> SmtpServer | None:
    host = parts.hostname or ""
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if parts.scheme == "smtps":
        if parts.query:
            return None
        return SmtpServer(host, parts.port or 465, user, password, "implicit")
    # A server of this machine listens on 25; others take letters on 587, where
    # STARTTLS is the custom (RFC 6409 3.1, RFC 8314 3.3).
    port = parts.port or (25 if is_loopback(host) else 587)
    query = parts.query or ("tls=starttls" if port == 587 else "tls=none")
    if query not in SMTP_TLS:
        return None
    return SmtpServer(host, port, user, password, SMTP_TLS[query])


def mail_from(given: Variables, base_url: str, *, needed: bool) -> Mailbox:
    """Read `Name <address>` or the address alone.

    Without one it is made of the host people visit. Where that is no domain name
    letters can come from, one is `needed` as soon as letters really leave.
    """
    name = "WERKRAUM_MAIL_FROM"
    written = given.text(name)
    host = (urlsplit(base_url).hostname or "").removeprefix("www.")
    if not written:
        if made := _mailbox(f"werkraum@{host}"):
            return made
        if needed:
            given.fault(name, "is missing: letters need a sender that can be answered.")
        return MADE_UP
    sender = _mailbox(written)
    if sender is None:
        given.fault(name, "is no sender: Name <address@domain>, or the address alone.")
    return sender or MADE_UP


def _mailbox(written: str) -> Mailbox | None:
    shape = re.fullmatch(r'(?:"?([^<>"]*?)"? *<([^<>]+)>|([^<>\s]+))', written)
    if shape is None:
        return None
    try:
        address = mail_address(shape[2] or shape[3])
    except ValueError:
        return None
    return Mailbox(address, shape[1] or "Werkraum")
