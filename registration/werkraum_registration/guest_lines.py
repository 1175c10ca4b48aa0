"""A list of people as it is pasted: one a line, an address with or without a name."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import Fault, faults_of
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress, normalised
from werkraum_foundation.plain_text import PersonName

MOST = 500
# Beyond these nobody reads on; putting them right shows the next.
MOST_FAULTS = 20
SEPARATORS = ";\t,"
QUOTES = "\"' \u201c\u201d\u201e"

ADDRESS, NAME = TypeAdapter(MailAddress), TypeAdapter(PersonName)


@dataclass(frozen=True)
class Invitee:
    """Somebody to invite; the name may be empty."""

    email: str
    name: str = ""


def read_lines(typed: str) -> tuple[list[Invitee], list[Fault]]:
    """Read "Name <address>", "Name; address", "address, Name" or an address alone.

    An address that comes twice counts once. The faults name their line, all of
    them at the field `people`.
    """
    found: dict[str, Invitee] = {}
    faults: list[Fault] = []
    for number, line in _filled_lines(typed):
        try:
            each = _invitee(line)
        except ValidationError as error:
            faults.append(_fault(number, faults_of(error)[0]))
        else:
            found.setdefault(normalised(each.email), each)
    if len(found) > MOST:
        said = gettext("Please invite at most %(most)s people at once.", most=MOST)
        faults.insert(0, Fault("people", "too_many", said))
    return list(found.values()), faults[:MOST_FAULTS]


def _filled_lines(typed: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(typed.splitlines(), start=1):
        text = line.strip(QUOTES + SEPARATORS)
        if text and not (number == 1 and _is_heading(text)):
            yield number, text


def _is_heading(line: str) -> bool:
    """Whether the first line of a list says what its columns are."""
    return "@" not in line and "mail" in line.lower()


def _invitee(line: str) -> Invitee:
    name, address = _parts(line)
    email = ADDRESS.validate_python(address)
    return Invitee(email, NAME.validate_python(name) if name else "")


def _parts(line: str) -> tuple[str, str]:
    """Take a line apart: the name and the address, either as it was written."""
    if "<" in line:
        name, _, rest = line.partition("<")
        return name.strip(QUOTES + SEPARATORS), rest.partition(">")[0].strip()
    for separator in SEPARATORS:
        if separator in line:
            cells = [cell.strip(QUOTES) for cell in line.split(separator)]
            address = next((cell for cell in cells if "@" in cell), cells[-1])
            names = [cell for cell in cells if cell and cell != address]
            return " ".join(names), address
    return "", line


def _fault(number: int, fault: Fault) -> Fault:
    said = gettext("Line %(number)s: %(reason)s", number=number, reason=fault.message)
    return Fault("people", fault.code, said)
