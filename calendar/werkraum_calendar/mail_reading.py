"""A mail from outside → what it says: an answer of a calendar, or a failed delivery.

Run as a program it reads the mail from its input, within bounds, and writes one JSON
object. `read_apart` runs it so; nothing else reads such mail.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from werkraum_calendar.reply_text import Answering, Said, method_of, read_reply
from werkraum_foundation.delivery_reports import DeliveryReport, read_report
from werkraum_foundation.mime_parts import (
    MailUnreadable,
    content_of,
    header,
    parse,
    parts_of,
)
from werkraum_foundation.reading_process import answer_of, bound_this_process
from werkraum_foundation.refusals import Busy

PROGRAM = "werkraum_calendar.mail_reading"
MOST_BYTES = 1024 * 1024
MEMORY = 512 * 1024 * 1024
SECONDS = 5
# Seconds on the clock, for a machine with much else to do.
PATIENCE = 3 * SECONDS
# Side by side in one process: mail can wait, people cannot.
AT_ONCE = 2
CALENDARS = ("text/calendar", "application/ics")
MOMENTS = ("stamp", "starts_at", "ends_at")


class AutomaticAnswer(Exception):
    """Somebody is out of office, or a list is closed: nothing for us to do."""


class ReadingTakesLong(Busy):
    """The machine had no time to read a mail; it may have some later."""


def read_mail(raw: bytes) -> Said | DeliveryReport:
    """Read a mail of at most 1 MiB.

    Raises `AutomaticAnswer` for answering machines, and `MailUnreadable` for what is
    neither an answer of a calendar nor a report of a failure. `auto-generated` alone
    does not make it one: some web calendars send their answers so.
    """
    if len(raw) > MOST_BYTES:
        raise MailUnreadable("too_large")
    message = parse(raw)
    if report := read_report(message):
        return report
    if message.get_content_type() == "multipart/report":
        # Read, displayed, delivered after all.
        raise AutomaticAnswer
    automatic = header(message, "Auto-Submitted").casefold()
    if automatic.startswith("auto-replied"):
        raise AutomaticAnswer
    for part in parts_of(message):
        if part.get_content_type() in CALENDARS:
            ics = content_of(part)
            if method := method_of(ics):
                return read_reply(ics, method)
    if automatic not in ("", "no") or _is_bulk(header(message, "Precedence")):
        raise AutomaticAnswer
    raise MailUnreadable("no_answer")


def _is_bulk(precedence: str) -> bool:
    return precedence.casefold() in ("bulk", "junk", "list", "auto_reply")


async def read_apart(
    raw: bytes, *, patience: float = PATIENCE
) -> Said | DeliveryReport:
    """Do what `read_mail` does, in a process that may be killed.

    Raises `ReadingTakesLong` as well.
    """
    async with _gate():
        try:
            answer = await answer_of(PROGRAM, raw, patience=patience)
        except TimeoutError:
            raise ReadingTakesLong from None
    if answer is None:
        raise MailUnreadable("bomb")
    match answer.pop("kind", ""):
        case "reply":
            return _reply(answer)
        case "report":
            return DeliveryReport(**answer)
        case "automatic":
            raise AutomaticAnswer
    raise MailUnreadable(str(answer.get("why")))


# Any: JSON.
def _reply(answer: dict[str, Any]) -> Said:
    for name in MOMENTS:
        answer[name] = datetime.fromisoformat(answer[name]) if answer[name] else None
    answer["method"] = Answering(answer["method"])
    return Said(**answer)


_gates: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def _gate() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    if loop not in _gates:
        _gates.clear()
        _gates[loop] = asyncio.Semaphore(AT_ONCE)
    return _gates[loop]


def main() -> None:
    """Read the input within bounds; the answer is one JSON object."""
    bound_this_process(memory=MEMORY, seconds=SECONDS)
    print(json.dumps(_answer(sys.stdin.buffer.read(MOST_BYTES + 1)), default=str))


def _answer(raw: bytes) -> dict[str, object]:
    try:
        read = read_mail(raw)
    except AutomaticAnswer:
        return {"kind": "automatic"}
    except MailUnreadable as why:
        return {"kind": "unreadable", "why": str(why)}
    except MemoryError:
        return {"kind": "unreadable", "why": "bomb"}
    kind = "reply" if isinstance(read, Said) else "report"
    return {"kind": kind, **asdict(read)}


if __name__ == "__main__":
    main()
