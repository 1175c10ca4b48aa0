"""What the columns of a sent list hold: guessed by their headings, chosen by people."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from werkraum_registration.answer_reading import field_name
from werkraum_registration.models import FormQuestion, Wanted


class Column(StrEnum):
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    MODE = "mode"
    ORGANISATION = "organisation"
    LANGUAGE = "language"
    TAG = "tag"
    NOTE = "note"


# As people write them in German and English, letters and digits alone.
HEADINGS = {
    Column.EMAIL: "email mail emailadresse mailadresse emailaddress mailaddress"
    " kontaktemail",
    Column.FIRST_NAME: "vorname vornamen firstname givenname forename",
    Column.LAST_NAME: "nachname familienname zuname lastname surname familyname",
    Column.NAME: "name vollstandigername vorundnachname vornameundnachname"
    " vornamenachname fullname teilnehmer teilnehmerin teilnehmende"
    " teilnehmerinnen person ansprechpartner ansprechperson",
    Column.MODE: "teilnahme teilnahmeart artderteilnahme modus mode howtheytakepart"
    " format vorortoderonline",
    Column.ORGANISATION: "organisation organization einrichtung institution verein"
    " kommune stadt gemeinde stadtgemeinde behorde firma schule company"
    " municipality association",
    Column.LANGUAGE: "sprache language",
    Column.TAG: "schlagwort schlagworter schlagworte schlusselwort tag tags gruppe"
    " group",
    Column.NOTE: "notiz notizen bemerkung bemerkungen anmerkung anmerkungen note"
    " notes comment kommentar",
}
KNOWN = {word: column for column, words in HEADINGS.items() for word in words.split()}
# What tells who somebody is.
WHO = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL)

MODES = {
    Wanted.ONSITE: "onsite vorort prasenz inprasenz inperson",
    Wanted.ONLINE: "online digital remote virtuell",
    Wanted.ONSITE_ELSE_ONLINE: "onsiteelseonline vorortsonstonline"
    " onsiteifpossibleelseonline vorortwennmoglichsonstonline",
}
SAID = {word: wanted for wanted, words in MODES.items() for word in words.split()}


def looks_like_headings(cells: Sequence[str]) -> bool:
    """Whether a first row names the columns: it holds no address, but a word."""
    return not any("@" in cell for cell in cells) and any(
        cell.strip() and not cell.strip().isdigit() for cell in cells
    )


def guess(headings: Sequence[str], questions: Sequence[FormQuestion] = ()) -> list[str]:
    """Say what each column holds by its heading, "" where that is not clear.

    The text of a question in any language stands for the question, unless it tells
    who somebody is. Of two columns with the same meaning the first counts.
    """
    asked = {
        letters(text): field_name(it.id)
        for it in reversed(questions)
        for text in it.label.values()
        if letters(text)
    }
    found: list[str] = []
    for heading in headings:
        column = KNOWN.get(letters(heading), "")
        if column not in WHO:
            column = asked.get(letters(heading), column)
        found.append("" if column in found else column)
    return found


def guess_by_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Say it by the first rows where there are no headings: addresses, and a name."""
    width = max(map(len, rows), default=0)
    found = [""] * width
    for number in range(width):
        cells = [row[number] for row in rows if number < len(row) and row[number]]
        if cells and all("@" in cell for cell in cells) and Column.EMAIL not in found:
            found[number] = Column.EMAIL
    names = [number for number in range(width) if not found[number]]
    if names:
        found[names[0]] = Column.NAME
    return found


def wanted_of(cell: str) -> Wanted | None:
    """Understand how somebody takes part, in German or English."""
    return SAID.get(letters(cell))


def letters(text: str) -> str:
    """Leave the letters and digits, small and without marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
