"""A mail that has come: whose it is, what it says, and what is noted of it.

The address it came to tells whose it is and proves that the sender has had a letter
of ours. Everything may come twice and is noted once; nothing is answered.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from enum import StrEnum

from werkraum_calendar import replies
from werkraum_calendar.mail_reading import MOST_BYTES, AutomaticAnswer, read_apart
from werkraum_calendar.reply_rules import is_standing
from werkraum_calendar.reply_text import Said
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.delivery_reports import DeliveryReport
from werkraum_foundation.language import gettext
from werkraum_foundation.mime_parts import MailUnreadable
from werkraum_foundation.refusals import Refused, TooLarge
from werkraum_registration import bounces, calendar_answers
from werkraum_registration.models import CalendarAnswer, Registration
from werkraum_server.letters import strangers
from werkraum_server.letters.strangers import Stranger

log = logging.getLogger("werkraum.incoming")

# Where a mail says to whom it was handed over, before it says whom it names.
RECIPIENTS = (
    "X-Original-To",
    "Delivered-To",
    "Envelope-To",
    "X-Envelope-To",
    "To",
    "Cc",
)
# Each costs a query; a mail names one of ours.
MOST_ADDRESSES = 10
LONGEST_HEADERS = 128 * 1024
# Only what we make: the library's reading of address lists can be nested to death.
OURS = re.compile(r"(?:rsvp|bounce)\+[0-9a-f]{32,60}@[a-z0-9.-]{1,253}", re.IGNORECASE)


class Taken(StrEnum):
    """What became of a mail."""

    COUNTED = "counted"
    # Noted, and shown as an answer to something older.
    OUTDATED = "outdated"
    REPEATED = "repeated"
    RETURNED = "returned"
    # An answering machine, for example.
    IGNORED = "ignored"


class NoSuchAddress(Refused):
    """Nobody's, or that of somebody who has been deleted."""

    status = 404
    code = "no_such_address"

    def message(self) -> str:
        return gettext("Nothing is received at this address.")


class MailNotUnderstood(Refused):
    """Neither an answer of a calendar nor a report of a failed delivery."""

    status = 422
    code = "mail_not_understood"

    def message(self) -> str:
        return gettext(
            "This address takes answers of calendars only. Please write to the"
            " organiser."
        )


@dataclass(frozen=True)
class Owner:
    """Whose letter or item the address is for."""

    registration: Registration
    takes_answers: bool


async def take(raw: bytes, *, recipient: str | None, now: datetime) -> Taken:
    """Note what a mail says.

    `recipient` is the address it was handed over for, else the headers are asked.
    Raises `TooLarge`, `NoSuchAddress`, `MailNotUnderstood`, and the refusals of
    `werkraum_calendar.reply_rules`.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge
    addresses = [recipient] if recipient else list(recipients_in(raw))
    owner = await owner_of(addresses)
    try:
        read = await read_apart(raw)
    except AutomaticAnswer:
        return Taken.IGNORED
    except MailUnreadable as why:
        log.info("mail not understood", extra={"why": str(why)})
        raise MailNotUnderstood from None
    takes_answers = isinstance(owner, Owner) and owner.takes_answers
    if not isinstance(read, Said):
        # Whoever sees the entry knows where answers go: that proves no failed letter.
        if takes_answers:
            return Taken.IGNORED
        await _note_returned(owner, read, now=now)
        return Taken.RETURNED
    if isinstance(owner, Stranger) or not takes_answers:
        raise MailNotUnderstood
    return await _note_answer(owner.registration, read, now=now)


def recipients_in(raw: bytes) -> Iterator[str]:
    """Name the addresses of ours in the headers of a mail, the surest first."""
    headers = BytesHeaderParser().parsebytes(raw[:LONGEST_HEADERS])
    found: dict[str, None] = {}
    for name in RECIPIENTS:
        for value in headers.get_all(name, []):
            found |= dict.fromkeys(it.lower() for it in OURS.findall(str(value)))
    yield from list(found)[:MOST_ADDRESSES]


async def owner_of(addresses: Sequence[str]) -> Owner | Stranger:
    """Find whose the first address of ours is; raises `NoSuchAddress`."""
    for address in addresses:
        if registration := await bounces.registration_at(address):
            return Owner(registration, takes_answers=False)
        invitation = await replies.invitation_at(address)
        if invitation is not None:
            found = Registration.filter(id=invitation.registration_id, email__not="")
            if registration := await found.select_related("event").first():
                return Owner(registration, takes_answers=True)
        if stranger := await strangers.stranger_at(address):
            return stranger
    raise NoSuchAddress


async def _note_returned(
    owner: Owner | Stranger, read: DeliveryReport, *, now: datetime
) -> None:
    if isinstance(owner, Stranger):
        await strangers.note(
            owner,
            status=read.status,
            is_final=read.is_final,
            message_id=read.message_id,
            now=now,
        )
        return
    await bounces.note(
        owner.registration,
        status=read.status,
        is_final=read.is_final,
        message_id=read.message_id,
        now=now,
    )


@unit_of_work
async def _note_answer(to: Registration, said: Said, *, now: datetime) -> Taken:
    reply = await replies.note(to.id, said, attendee_key=to.email_key, now=now)
    if reply is None:
        return Taken.REPEATED
    if reply.outdated:
        return Taken.OUTDATED
    if is_standing(reply.kind):
        await calendar_answers.note_answer(to.id, CalendarAnswer(reply.kind.value))
    return Taken.COUNTED
