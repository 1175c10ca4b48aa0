"""A telephone number and a PIN, found in what an organiser typed in one line."""

import re
from dataclasses import dataclass

# At least six digits, spaced, dotted or in brackets as people write them.
_NUMBER = re.compile(r"(?<![\w+])(\+?\(?\d[\d\s()./\u2011-]{4,}\d)")
_PIN = re.compile(
    r"\b(pin|code|kennung|kenncode|zugangscode|konferenznummer|meeting[- ]?id)\b"
    r"[^\d\n]{0,12}?((?:\d[ \u2009\u202f-]?){2,14}\d)\s*(#?)",
    re.IGNORECASE,
)
SHORTEST, LONGEST = 6, 15  # digits (E.164)


@dataclass(frozen=True)
class DialIn:
    """What to dial, and what to type then; `text` is all that was written.

    `number` is for people, `dialled` for a `tel:` link (RFC 3966), `pin` in groups
    that can be read aloud.
    """

    text: str
    number: str = ""
    dialled: str = ""
    pin: str = ""


def read_dial_in(text: str) -> DialIn:
    """Find the first number and the PIN; what cannot be told apart stays a text."""
    said = _PIN.search(text)
    pin = _grouped(_digits(said[2])) + said[3] if said else ""
    # The digits of the PIN are no number to dial.
    rest = text.replace(said[0], " ; ") if said else text
    for found in _NUMBER.findall(rest):
        digits = _digits(found)
        if SHORTEST <= len(digits) <= LONGEST:
            plus = "+" if found.startswith("+") else ""
            dialled = plus + (_without_trunk(found) if plus else digits)
            return DialIn(text, found.strip(), dialled, pin)
    return DialIn(text, pin=pin)


def _digits(text: str) -> str:
    return "".join(it for it in text if it.isascii() and it.isdigit())


def _without_trunk(number: str) -> str:
    """Leave out the "(0)" that only those within the country dial."""
    return _digits(number.replace("(0)", ""))


def _grouped(digits: str) -> str:
    """Write 4711 as "47 11" and 123456789 as "123 456 789"."""
    step = 2 if len(digits) <= 4 else 3
    return " ".join(digits[at : at + step] for at in range(0, len(digits), step))
