"""Hostile inputs, row by row, for each kind of field.

Each row has a number; the numbers stand in the names of the cases. These rows, or
parts of them, have nothing here that they could be sent to:

| row | what | why not |
|-----|------|---------|
| B08 | letters outside ASCII before the @ | refused as such: B03 |
| B13 | XLSX | lists are written as CSV |
| B14 | PDF | no page is written as PDF |
| B18 | the id of a mode | a mode is a word, not a row; tried as a number all the same |
| B22 | no cookie | attendees have none |
| B28-B30, B32-B34 | bytes on the wire | tests/server/test_{bad_requests,edge}.py |
| B38-B41 | publish, cancel a registration | these endpoints read no body |
| B46 | after a change of address | nobody can change the address they sign in with |
| B52 | time spent in the parser | tests/foundation/test_markdown.py |
| B56-B57, B59, B61-B68 | | not built yet, or tested where it is |
| B58 | marks in letters | tests/registration/test_letter_pages.py |

Buttons without a field (publish, remove, revoke, sign out …) have nothing to type
into; they are tried with foreign methods and paths only. So is the door's form,
which is there while a room is open.
"""

from enum import Enum, auto


class Kind(Enum):
    """What belongs into a field."""

    ADDRESS = auto()
    LINE = auto()
    PARAGRAPHS = auto()
    CHOICE = auto()
    FLAG = auto()
    NUMBER = auto()
    MOMENT = auto()
    ZONE = auto()
    CODE = auto()
    SLUG = auto()
    LINK = auto()


# A browser shows these again as they were typed; a list offers its own words only.
WRITTEN = frozenset(Kind) - {Kind.CHOICE, Kind.FLAG, Kind.ZONE}

HIDDEN = {
    "B10 only NUL": "\0",
    "B10 NUL inside": "A\0B",
    "B12 turned round": "Alice\u202eevil",
    "B12 isolated": "\u2066Alice",
    "B12 nothing to see": "\u200b\u200d",
    "B15 500 accents": "a" + "\u0301" * 500,
}
LINE = HIDDEN | {
    "B09 10,000 letters": "a" * 10_000,
    "B51 a second line": "Talk\r\nATTENDEE:x",
    "B51 U+2028": "Talk\u2028ATTENDEE:x",
    "B51 C1": "Talk\x85ATTENDEE:x",
    "B51 C0": "Talk\x1b[31m",
}
PARAGRAPHS = HIDDEN | {
    "B51 10,001 letters": "a" * 10_001,
    "B51 C0": "Talk\x1b[31m",
    "B52 20,000 stars": "*a" * 10_000,
    "B52 15,000 brackets": "[" * 15_000,
}
ADDRESS = {
    "B02 no dot": "a@b",
    "B02 localhost": "a@localhost",
    "B02 computer": "a@127.0.0.1",
    "B02 computer in brackets": "a@[127.0.0.1]",
    "B03 second header": "a@b.example\r\nBcc: x@y.example",
    "B03 two addresses": "a@x.org,b@x.org",
    "B03 in angles": "<a@x.org>",
    "B03 quoted": '"a b"@x.org',
    "B04 invisible mark": "a@x.org\u200b",
    "B07 65 before the sign": "a" * 65 + "@x.org",
    "B07 255 in all": "a@" + ".".join(letter * 62 for letter in "xyzw") + ".o",
    "B08 letters before the sign": "ä@x.org",
    "B09 10,000 letters": "a" * 10_000 + "@x.org",
    "B10 NUL": "a\0@x.org",
    "B12 turned round": "a\u202e@x.org",
}
NUMBER_WORDS = {
    "B18 underscore": "1_000",
    "B18 digits of another script": "٣",
    "B18 space": " 1",
    "B18 point": "1.0",
    "B18 exponent": "1e3",
    "B18 hexadecimal": "0x1",
    "B18 more than 64 bits": str(2**70),
    "B18 5,000 digits": "9" * 5_000,
    "B19 -1": "-1",
    "B19 not a number": "NaN",
    "B19 1e999": "1e999",
}
NUMBER = NUMBER_WORDS | {"B18 32 bits": "2147483648", "B19 0": "0"}
CHOICE = NUMBER_WORDS | {
    "B10 NUL": "\0",
    "B12 turned round": "online\u202e",
    "B18 id": "0190f3c4-0000-7000-8000-000000000000",
    "B18 other case": "ONLINE",
    "B51 line break": "online\r\n",
}
FLAG = {"B18 2": "2", "B19 maybe": "maybe", "B10 NUL": "\0"}
MOMENT = {
    "B53 year 1": "0001-01-01T00:00",
    "B53 year 9999": "9999-12-31T23:59",
    "B53 no such day": "2026-02-30T10:00",
    "B53 24:00": "2027-03-04T24:00",
    "B53 a week": "2026-W01-1",
    "B53 no hyphens": "20261025",
    "B53 with an offset": "2027-03-04T14:00+14:00",
    "B53 seconds and more": "2027-03-04T14:00:00.1",
    "B18 digits of another script": "٢٠٢٧-03-04T14:00",
    "B54 gap": "2027-03-28T02:30",
    "B54 fold": "2027-10-31T02:30",
    "B09 10,000 digits": "2" * 10_000,
    "B10 NUL": "2027-03-04T14:00\0",
    "B51 line break": "2027-03-04T14:00\n",
}
ZONE = {
    "B55 path": "../../etc/passwd",
    "B55 file": "/etc/localtime",
    "B55 folder": "America",
    "B55 NUL": "\0",
    "B55 3,000 letters": "x" * 3_000,
    "B55 line break": "Europe/Berlin\n",
    "B55 other case": "europe/berlin",
    "B55 factory": "Factory",
    "B55 rules": "posixrules",
}
CODE = {
    "B46 5 digits": "12345",
    "B46 7 digits": "1234567",
    "B46 digits of another script": "٣٣٣٣٣٣",
    "B46 letters": "abcdef",
    "B46 line break": "123456\n",
    "B46 10,000 digits": "1" * 10_000,
    "B10 NUL": "12345\0",
}
SLUG = HIDDEN | {
    "B51 line break": "forum\r\nx",
    "B18 digits of another script": "forum-٣",
    "B34 path": "../../etc/passwd",
    "B09 10,000 letters": "a" * 10_000,
}
LINK = HIDDEN | {
    "B14 script": "javascript:alert(1)",
    "B51 second line": "https://a.example/\r\nX: y",
    "B09 10,000 letters": "https://a.example/" + "a" * 10_000,
    "B60 password": "https://u:p@a.example",
    "B60 half an address": "https://[::1",
    "B60 http": "http://meet.example.org/room",
    "B60 5 kB": "https://meet.example.org/" + "a" * 5_000,
}

BAD = {kind: globals()[kind.name] for kind in Kind}
