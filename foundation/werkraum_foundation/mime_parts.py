"""The parts of a mail from outside, found without trusting it."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

# Ours have three levels, forwarded ones a few more.
DEEPEST = 10
MOST_PARTS = 100


class MailUnreadable(Exception):
    """A mail nobody can have written for us to read; says why in a word."""


def parse(raw: bytes) -> "Message[str, str]":
    """Read the mail as it is; the old policy forgives whatever its headers hold."""
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError):
        raise MailUnreadable("no_mail") from None


def parts_of(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Go through the parts, the mail itself first; never into a mail that is enclosed.

    Raises `MailUnreadable` for more levels or parts than a mail program makes.
    """
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise MailUnreadable("nested")
        yield part
        if part.get_content_maintype() == "multipart":
            waiting[:0] = [(it, depth + 1) for it in inside_of(part)]


def inside_of(part: "Message[str, str]") -> "list[Message[str, str]]":
    """List what a part holds, be it parts, an enclosed mail or blocks of fields."""
    inside = part.get_payload()
    if isinstance(inside, str):
        return []
    return [it for it in inside if isinstance(it, Message)]


def header(message: "Message[str, str]", name: str) -> str:
    """Read one header as text; empty where it is missing."""
    return " ".join(str(message.get(name, "")).split())


def content_of(part: "Message[str, str]") -> bytes:
    """Undo the transfer encoding of a part; empty where it has no content."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
