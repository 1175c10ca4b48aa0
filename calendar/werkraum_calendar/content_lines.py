"""Text as it stands in a calendar file (RFC 5545 3.1 and 3.3.11)."""

import re
from collections.abc import Iterable

BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# C0 without tab and newline, DEL, C1; halves of characters, which UTF-8 lacks; and the
# mark of byte order that spreadsheets leave, which some readers drop and some do not.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
BREAKING = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
LONGEST = 75


def readable(text: str) -> str:
    """Bring all kinds of line break to newline and drop what no file may hold."""
    return UNWANTED.sub("", BREAKS.sub("\n", text))


def escaped(text: str) -> str:
    """Write a TEXT value; colon and quote stay as they are."""
    # The backslash first: it must not escape the escapes.
    plain = readable(text).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def octets(lines: Iterable[str]) -> bytes:
    """Fold the lines and end each with CRLF.

    Raises ValueError for a line that would become two: the last guard against
    somebody's text becoming a property.
    """
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    """Fold to 75 octets, the leading space counted."""
    if BREAKING.search(line):
        raise ValueError(f"not a content line: {line!r}")
    rest = line.encode()
    pieces, room = [], LONGEST
    while len(rest) > room:
        cut = _cut(rest, room)
        pieces.append(rest[:cut])
        rest, room = rest[cut:], LONGEST - 1
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def _cut(line: bytes, at: int) -> int:
    """Step back to where no character and no escape pair is split."""
    while line[at] & 0xC0 == 0x80:
        at -= 1
    before = line[:at]
    # An odd run of escape marks: the last one needs what follows.
    for mark in (b"\\", b"^"):
        if (at - len(before.rstrip(mark))) % 2:
            return at - 1
    return at
