"""One line of a sent list: cells of text → somebody to register, or what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from werkraum_events.models import Mode
from werkraum_foundation.faults import Fault, fault, faults_of
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress, normalised
from werkraum_foundation.plain_text import PersonName, line
from werkraum_foundation.spreadsheets import FORMULA_STARTS
from werkraum_registration.answer_reading import Value, field_name
from werkraum_registration.import_answers import read_cells
from werkraum_registration.import_columns import Column, wanted_of
from werkraum_registration.models import FormQuestion, Wanted

MOST_TAGS = 10

ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)
TEXTS: dict[str, TypeAdapter[str]] = {
    Column.NAME: TypeAdapter(PersonName),
    Column.ORGANISATION: TypeAdapter(Annotated[str, line(max_length=200)]),
    Column.NOTE: TypeAdapter(Annotated[str, line(max_length=500)]),
    Column.TAG: TypeAdapter(Annotated[str, line(max_length=40)]),
}


@dataclass(frozen=True)
class Layout:
    """How lines are to be read: what stands where, and what is said for all."""

    columns: tuple[str, ...]
    wanted: Wanted | None
    modes: tuple[Mode, ...]
    languages: tuple[str, ...]
    # Those of the event, retired ones too.
    questions: tuple[FormQuestion, ...] = ()


@dataclass(frozen=True)
class Entrant:
    """Somebody a line names; with faults nobody is registered by it."""

    name: str
    email: str
    wanted: Wanted | None
    language: str
    organisation: str
    tags: tuple[str, ...]
    note: str
    answers: Mapping[UUID, Value]
    faults: tuple[Fault, ...]

    @property
    def email_key(self) -> str:
        return normalised(self.email) if self.email else ""


def read_line(cells: Sequence[str], layout: Layout) -> Entrant:
    """Read a line; what cannot be read is empty and among the faults."""
    said = _by_column(cells, layout.columns)
    faults: list[Fault] = []

    def text(column: Column, *, required: bool = False) -> str:
        return _checked(TEXTS[column], said.get(column, ""), column, faults, required)

    name = " ".join(
        said[column]
        for column in (Column.FIRST_NAME, Column.LAST_NAME)
        if said.get(column)
    )
    said.setdefault(Column.NAME, name)
    entrant = Entrant(
        name=text(Column.NAME, required=True),
        email=_checked(ADDRESS, said.get(Column.EMAIL, ""), "email", faults, True),
        wanted=_wanted(said.get(Column.MODE, ""), layout, faults),
        language=_language(said.get(Column.LANGUAGE, ""), layout, faults),
        organisation=text(Column.ORGANISATION),
        tags=_tags(said.get(Column.TAG, ""), faults),
        note=text(Column.NOTE),
        answers={},
        faults=(),
    )
    answers = read_cells(layout.questions, _answered(cells, layout))
    faults += answers.faults
    if len(_filled(cells)) > len(layout.columns):
        faults.append(Fault("", "too_many_cells", _too_many_cells()))
    named = answers.organisation
    return replace(
        entrant,
        organisation=named.name if named else entrant.organisation,
        answers=answers.values,
        faults=tuple(faults),
    )


def _answered(cells: Sequence[str], layout: Layout) -> dict[UUID, str]:
    """Find the cells that answer a question; a text may have lines of its own."""
    ids = {field_name(it.id): it.id for it in layout.questions}
    return {
        ids[column]: _unguarded(cell.strip())
        for column, cell in zip(layout.columns, cells, strict=False)
        if column in ids and cell.strip()
    }


def _by_column(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        # A cell may have lines of its own; a name has none.
        text = _unguarded(" ".join(cell.split()))
        if column and text:
            said[column] = text
    return said


def _unguarded(text: str) -> str:
    """Take away the apostrophe that our own files put before a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _filled(cells: Sequence[str]) -> Sequence[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _checked(
    rule: TypeAdapter[Any],  # Any: each gives a text
    text: str,
    field: str,
    faults: list[Fault],
    required: bool,
) -> str:
    if not text:
        if required:
            faults.append(fault(field, "missing"))
        return ""
    try:
        return str(rule.validate_python(text))
    except ValidationError as error:
        faults += [Fault(field, it.code, it.message) for it in faults_of(error)[:1]]
        return ""


def _wanted(text: str, layout: Layout, faults: list[Fault]) -> Wanted | None:
    wanted = wanted_of(text) if text else layout.wanted
    if wanted is None:
        said = (
            gettext("We do not understand how this person takes part.")
            if text
            else gettext("It is not said how this person takes part.")
        )
        faults.append(Fault("mode", "unknown_choice", said))
    elif not set(wanted.modes) <= set(layout.modes):
        said = gettext("The event does not offer this way of taking part.")
        faults.append(Fault("mode", "mode_not_offered", said))
    return wanted


def _language(text: str, layout: Layout, faults: list[Fault]) -> str:
    code = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}.get(
        text.lower(), text.lower()
    )
    if code and code not in layout.languages:
        said = gettext("We do not write letters in this language.")
        faults.append(Fault("language", "unknown_choice", said))
    return code if code in layout.languages else layout.languages[0]


def _tags(text: str, faults: list[Fault]) -> tuple[str, ...]:
    """Read several tags, with commas or semicolons between them."""
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    checked = (
        _checked(TEXTS[Column.TAG], part, "tag", faults, False)
        for part in parts[:MOST_TAGS]
        if part
    )
    return tuple(dict.fromkeys(tag for tag in checked if tag))


def _too_many_cells() -> str:
    return gettext("This line has more cells than there are headings.")
