"""A list of whom to ask: one a line, a name, an address, a language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import Fault, faults_of
from werkraum_foundation.language import DEFAULT, gettext
from werkraum_foundation.mail_addresses import MailAddress, normalised
from werkraum_foundation.plain_text import PersonName
from werkraum_foundation.settings import settings

MOST = 2_000
# Beyond these nobody reads on; putting them right shows the next.
MOST_FAULTS = 20
QUOTES = "\"' \u201c\u201d\u201e"

ADDRESS, NAME = TypeAdapter(MailAddress), TypeAdapter(PersonName)


@dataclass(frozen=True)
class Listed:
    """Somebody to ask; the name may be empty."""

    email: str
    name: str
    language: str

    @property
    def key(self) -> str:
        return normalised(self.email)


def cells_of(typed: str) -> list[list[str]]:
    """Take a pasted list apart: by tabs or semicolons, by commas where neither is."""
    return [_cells(line) for line in typed.splitlines()]


def _cells(line: str) -> list[str]:
    separator = next((it for it in "\t;" if it in line), ",")
    return line.split(separator)


def read_rows(rows: Iterable[Sequence[str]]) -> tuple[list[Listed], list[Fault]]:
    """Read the rows of a list, whatever the order of their cells.

    An address that comes twice counts once, an empty row not at all, nor the first
    one if it says what the columns are. The faults name their line, all of them at
    the field `people`.
    """
    found: dict[str, Listed] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=1):
        cells = [text for cell in row if (text := cell.strip(QUOTES))]
        if not cells or (number == 1 and _is_heading(cells)):
            continue
        try:
            each = _listed(cells)
        except ValidationError as error:
            faults.append(_fault(number, faults_of(error)[0]))
        else:
            found.setdefault(each.key, each)
    if len(found) > MOST:
        said = gettext("A list has at most %(most)s people.", most=MOST)
        faults.insert(0, Fault("people", "too_many", said))
    return list(found.values()), faults[:MOST_FAULTS]


def _is_heading(cells: Sequence[str]) -> bool:
    return not any("@" in cell for cell in cells) and len(cells) > 1


def _listed(cells: Sequence[str]) -> Listed:
    languages = [it.lower() for it in cells if it.lower() in settings().languages]
    rest = [it for it in cells if it.lower() not in settings().languages]
    address = next((it for it in rest if "@" in it), rest[0] if rest else "")
    # "First; Last" makes one name, in the order it stands there.
    name = " ".join(it for it in rest if it != address)
    if not name and address.endswith(">") and "<" in address:
        name, _, address = address.rstrip(">").rpartition("<")
    return Listed(
        ADDRESS.validate_python(address.strip(QUOTES)),
        NAME.validate_python(name.strip(QUOTES)) if name.strip(QUOTES) else "",
        languages[0] if languages else _own_language(),
    )


def _own_language() -> str:
    offered = settings().languages
    return DEFAULT if DEFAULT in offered else offered[0]


def _fault(number: int, found: Fault) -> Fault:
    said = gettext("Line %(number)s: %(fault)s", number=number, fault=found.message)
    return Fault("people", found.code, said)
