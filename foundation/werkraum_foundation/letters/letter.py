"""A finished letter, and the message that travels."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.settings import settings


@dataclass(frozen=True)
class Letter:
    """One letter to one mailbox. Nothing of it is shown in logs but its id.

    `references` names earlier letters of the same matter, the first one first;
    the last is the one this letter answers. `finish` may add parts to the message
    once its words are in it, such as a calendar message. `return_path` is where it
    comes back to if nobody takes it, the installation's own address unless named;
    `note_refused` is told its name and the code of a server that will never take it,
    `note_sent` is called once it has left.
    """

    to: Mailbox
    sender: Mailbox
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str
    reply_to: Mailbox | None = None
    references: tuple[str, ...] = ()
    finish: Callable[[EmailMessage], None] | None = None
    return_path: Mailbox | None = None
    note_refused: Callable[[str, int], Awaitable[object]] | None = None
    note_sent: Callable[[], Awaitable[object]] | None = None


def message_id(job: UUID | str) -> str:
    """Name a letter by the job that sends it, the same at every try."""
    return f"<{job}@{settings().mail_from.domain}>"


class MessageIds(UnstructuredHeader, BaseHeader):
    """Message-IDs, one a line, the first beside the name of the header.

    The usual way encodes one that is longer than a line, or leaves the line of the
    name empty, which some programs take for a letter without a name.
    """

    def fold(self, *, policy: Policy) -> str:
        ids = f"{policy.linesep} ".join(str(self).split())
        return f"{self.name}: {ids}{policy.linesep}"


def _policy() -> Policy:
    registry = HeaderRegistry()
    for name in ("message-id", "references", "in-reply-to"):
        registry.map_to_type(name, MessageIds)
    return SMTP.clone(header_factory=registry)


POLICY = _policy()


def as_message(letter: Letter) -> EmailMessage:
    """Write the message: seven bits and CRLF, so that no server rewrites it.

    Text and HTML are alternatives; the program that answers by itself is told
    that nobody waits for it (RFC 3834 5).
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = letter.sender.header()
    message["To"] = letter.to.header()
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to.header()
    message["Subject"] = letter.subject
    message["Date"] = clock.now()
    message["Message-ID"] = letter.message_id
    if letter.references:
        message["In-Reply-To"] = letter.references[-1]
        message["References"] = " ".join(letter.references)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.finish:
        letter.finish(message)
    return message
