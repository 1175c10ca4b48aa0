"""The letters that lie in the folder, read as a person or a program would."""

import email
import email.policy
import re
from collections.abc import Awaitable
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar, Event
from tests.server.letter_rules import must_read_well

from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.settings import settings


def folder() -> Path:
    return settings().data_dir / "letters"


def throw_away() -> None:
    """Forget what lies there."""
    for path in folder().glob("*.eml"):
        path.unlink()


async def delivered() -> list[EmailMessage]:
    """Let everything happen that is due; the letters of it, in their order."""
    return await written_by(drain())


async def written_by(deed: Awaitable[object]) -> list[EmailMessage]:
    """Let something happen; the letters of it, in their order.

    Each is held to what holds for every letter.
    """
    before = set(folder().glob("*.eml"))
    await deed
    come = [_read(path) for path in sorted(set(folder().glob("*.eml")) - before)]
    for letter in come:
        must_read_well(letter)
    return come


def _read(path: Path) -> EmailMessage:
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def unwrapped(letter: EmailMessage) -> str:
    """The text on one line, as a reader takes it in."""
    return " ".join(text_of(letter).split())


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def everything_in(letter: EmailMessage) -> str:
    """All a person might find: the headers and every part, decoded and unfolded."""
    parts = [p for p in letter.walk() if not p.is_multipart()]
    contents = [p.get_payload(decode=True) for p in parts]
    # A calendar file breaks lines in the middle of a word (RFC 5545 3.1).
    words = [c.decode().replace("\r\n ", "") for c in contents if isinstance(c, bytes)]
    return "\n".join([*(str(value) for value in letter.values()), *words])


def calendar_bytes(letter: EmailMessage) -> bytes | None:
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    return None


def calendar_of(letter: EmailMessage) -> tuple[str, Event]:
    """Read the calendar message: its method and its one entry."""
    content = calendar_bytes(letter)
    assert content is not None
    calendar = Calendar.from_ical(content)
    (event,) = calendar.events
    return str(calendar["METHOD"]), event


def links_in(letter: EmailMessage) -> list[str]:
    return re.findall(r"https?://[^\s>)\"]+", text_of(letter))


def link_in(letter: EmailMessage, piece: str) -> str:
    (found,) = {link for link in links_in(letter) if piece in link}
    return found
