"""The mailbox that answers come to, over IMAP (RFC 3501, RFC 4315, RFC 6851).

It is its own queue: what is new lies in its folder without a flag. What was
understood goes into a folder of its own, and from there after a month; what was not
gets a flag and stays, so that a person finds it. Blocking: called from a thread.
"""

import contextlib
import imaplib
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkraum_foundation.settings import ImapMailbox

ANSWER = 30  # seconds for one answer of the server
# Where mail is put that was understood; below the inbox where nothing else may be.
DONE = ("Werkraum", "INBOX.Werkraum", "INBOX/Werkraum")
KEPT = timedelta(days=30)
# The names that IMAP has for months, whatever language the machine speaks.
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

TROUBLE = (imaplib.IMAP4.error, OSError)


class MailboxRefused(imaplib.IMAP4.error):
    """The server said no; never its words, which may repeat a name."""


class OpenMailbox:
    """A mailbox while it is open."""

    def __init__(self, mailbox: ImapMailbox, *, patience: float = ANSWER) -> None:
        self.mailbox = mailbox
        self.done = ""
        self.client = _connect(mailbox, patience)
        try:
            self._sign_in()
            self._select(mailbox.folder)
        except BaseException:
            self.client.shutdown()
            raise

    def _sign_in(self) -> None:
        name, password = self.mailbox.user, self.mailbox.password
        if "AUTH=PLAIN" in self.client.capabilities:
            # LOGIN takes ASCII only.
            secret = f"\0{name}\0{password}".encode()
            self.client.authenticate("PLAIN", lambda _: secret)
        else:
            self.client.login(name, password)
        # Some servers say what they can only to those they know (RFC 3501 6.2.3).
        said = self._ask("CAPABILITY", *self.client.capability())
        self.client.capabilities = tuple(said[0].decode().upper().split())

    def _select(self, folder: str) -> None:
        self._ask("SELECT", *self.client.select(_quoted(folder)))

    def new(self) -> list[str]:
        """Name the mails that nobody has looked at yet."""
        return self._search("UNFLAGGED", "UNDELETED")

    def size(self, uid: str) -> int:
        """Tell how many bytes a mail has, without getting it."""
        said = self._ask("FETCH", *self.client.uid("FETCH", uid, "(RFC822.SIZE)"))
        words = said[0].upper() if said and isinstance(said[0], bytes) else b""
        _, found, rest = words.partition(b"RFC822.SIZE ")
        return int(rest.split(b" ")[0].rstrip(b")")) if found else 0

    def read(self, uid: str) -> bytes | None:
        """Get a mail and leave it as it is; None if it has gone meanwhile."""
        said = self._ask("FETCH", *self.client.uid("FETCH", uid, "(BODY.PEEK[])"))
        parts = [it[1] for it in said if isinstance(it, tuple)]
        return parts[0] if parts else None

    def came_at(self, uid: str) -> datetime | None:
        """Tell when a mail came, as the server has noted; None if it does not say."""
        said = self._ask("FETCH", *self.client.uid("FETCH", uid, "(INTERNALDATE)"))
        here = imaplib.Internaldate2tuple(said[0]) if said and said[0] else None
        return datetime.fromtimestamp(time.mktime(here), UTC) if here else None

    def put_away(self, uid: str) -> None:
        """Move a mail that was understood out of the way."""
        folder = _quoted(self.done or self._make_folder())
        if "MOVE" in self.client.capabilities:
            self._ask("MOVE", *self.client.uid("MOVE", uid, folder))
            return
        self._ask("COPY", *self.client.uid("COPY", uid, folder))
        self._ask("STORE", *self.client.uid("STORE", uid, *_plus("\\Deleted")))
        # Without UIDPLUS this would take along what others have marked.
        if "UIDPLUS" in self.client.capabilities:
            self._ask("EXPUNGE", *self.client.uid("EXPUNGE", uid))

    def leave_to_a_person(self, uid: str) -> None:
        """Put a flag on a mail that is not for us."""
        self._ask("STORE", *self.client.uid("STORE", uid, *_plus("\\Flagged")))

    def throw_away_old(self, today: date) -> int:
        """Delete what was put away a month ago; how many mails."""
        self._select(self.done or self._make_folder())
        before = today - KEPT
        when = f"{before.day}-{MONTHS[before.month - 1]}-{before.year}"
        old = self._search("BEFORE", when)
        for uid in old:
            self._ask("STORE", *self.client.uid("STORE", uid, *_plus("\\Deleted")))
        if old:
            self._ask("EXPUNGE", *self.client.expunge())
        return len(old)

    def _make_folder(self) -> str:
        for name in DONE:
            made, _ = self.client.create(_quoted(name))
            there, _ = self.client.status(_quoted(name), "(MESSAGES)")
            if "OK" in (made, there):
                self.done = name
                return name
        raise MailboxRefused("CREATE")

    def _search(self, *criteria: str) -> list[str]:
        said = self._ask("SEARCH", *self.client.uid("SEARCH", *criteria))
        return said[0].decode().split() if said and said[0] else []

    # Any: imaplib's answers are lists of bytes, pairs and None.
    def _ask(self, what: str, status: str, said: list[Any]) -> list[Any]:
        if status != "OK":
            raise MailboxRefused(what)
        return said

    def hang_up(self) -> None:
        """End the connection, whatever is under way on it."""
        with contextlib.suppress(*TROUBLE):
            self.client.shutdown()


def _connect(mailbox: ImapMailbox, patience: float) -> imaplib.IMAP4:
    if mailbox.tls == "implicit":
        return imaplib.IMAP4_SSL(
            mailbox.host,
            mailbox.port,
            ssl_context=ssl.create_default_context(),
            timeout=patience,
        )
    client = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=patience)
    if mailbox.tls == "starttls":
        try:
            client.starttls(ssl.create_default_context())
        except BaseException:
            client.shutdown()
            raise
    return client


@contextlib.contextmanager
def opened(mailbox: ImapMailbox) -> Iterator[OpenMailbox]:
    """Open a mailbox for a block and say goodbye after it."""
    box = OpenMailbox(mailbox)
    try:
        yield box
        box.client.logout()
    finally:
        box.hang_up()


def _plus(flag: str) -> tuple[str, str]:
    return "+FLAGS.SILENT", f"({flag})"


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
