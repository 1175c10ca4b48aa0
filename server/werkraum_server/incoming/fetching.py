"""Looking into the mailbox every minute, as a job: one process at a time does it.

A mail is noted first and put away then. If the process ends in between, it is read
once more and says nothing new.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from werkraum_calendar.mail_reading import MOST_BYTES, ReadingTakesLong
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import Busy, Refused
from werkraum_foundation.settings import ImapMailbox, settings
from werkraum_server.incoming.imap_mailbox import TROUBLE, OpenMailbox
from werkraum_server.incoming.taking import Taken, take

log = logging.getLogger("werkraum.incoming")

FETCH = "mail:fetch"
# So many at once; the others are there a minute later.
MOST_MAILS = 200
# A mail that can be read is read within seconds of this.
LONGEST_READING = timedelta(hours=1)

Take = Callable[..., Awaitable[Taken]]


@unit_of_work
async def look_for_mail(now: datetime) -> None:
    """Have somebody look, unless somebody is looking; for the sweep."""
    if settings().imap is not None:
        await enqueue(FETCH, {}, dedupe=FETCH, alone=True)


@job(FETCH)
async def fetch() -> None:
    """Take what has come; whatever goes wrong, the mailbox is asked a minute later.

    A job that fails for good would stand at nobody's desk: it has no organiser.
    """
    mailbox = settings().imap
    if mailbox is None:
        return
    try:
        await _fetch(mailbox)
    except TROUBLE as trouble:
        log.warning("mailbox is away", extra={"error": type(trouble).__name__})
    except Exception:
        log.exception("mailbox could not be looked into")


async def _fetch(mailbox: ImapMailbox) -> None:
    box = await asyncio.to_thread(OpenMailbox, mailbox)
    try:
        for uid in (await asyncio.to_thread(box.new))[:MOST_MAILS]:
            await take_one(box, uid)
        await asyncio.to_thread(box.throw_away_old, clock.now().date())
        await asyncio.to_thread(box.client.logout)
    finally:
        # Also ends what a thread still waits for, when the process is to stop.
        box.hang_up()


async def take_one(box: OpenMailbox, uid: str, *, take: Take = take) -> None:
    """Take one mail; where we have no time for it, it stays and comes again.

    One that takes long to read is left to a person after an hour.
    """
    if await asyncio.to_thread(box.size, uid) > MOST_BYTES:
        await asyncio.to_thread(box.leave_to_a_person, uid)
        return
    raw = await asyncio.to_thread(box.read, uid)
    if raw is None:
        return
    now = clock.now()
    try:
        await take(raw, recipient=None, now=now)
    except Busy as trouble:
        log.warning("mail stays for later", extra={"why": type(trouble).__name__})
        if isinstance(trouble, ReadingTakesLong) and await _is_old(box, uid, now):
            await asyncio.to_thread(box.leave_to_a_person, uid)
    except Refused as refusal:
        log.info("mail left to a person", extra={"why": refusal.code})
        await asyncio.to_thread(box.leave_to_a_person, uid)
    except Exception:
        # It stays as it is, and the others have their turn.
        log.exception("mail could not be taken")
    else:
        await asyncio.to_thread(box.put_away, uid)


async def _is_old(box: OpenMailbox, uid: str, now: datetime) -> bool:
    came = await asyncio.to_thread(box.came_at, uid)
    return came is None or came < now - LONGEST_READING
