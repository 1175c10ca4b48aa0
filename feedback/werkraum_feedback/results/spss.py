"""Answers for SPSS: numbers in a table, and the syntax that reads and names them.

SPSS reads a text file by the order of its columns, one case per line, so line breaks
in texts become spaces. It takes labels up to a length in bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from werkraum_feedback.questions import Question, QuestionKind
from werkraum_feedback.results.exports import (
    Column,
    columns_of,
    label_of,
    place_or_mark,
)
from werkraum_feedback.results.small_groups import KINDS, SIZES, Group
from werkraum_feedback.results.voices import Line
from werkraum_foundation.language import gettext, in_language, pick
from werkraum_foundation.spreadsheets import Cell, csv_lines, guarded

NOT_ANSWERED = -9
LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_TEXT = 256, 120, 32_767
"""Bytes that SPSS takes of a variable's label, of a value's, and of a text."""

# A line of syntax has at most 256 bytes; a quotation mark is doubled.
LONGEST_PIECE = 100
# Tells SPSS that the syntax is UTF-8, in whichever mode it runs.
BOM = "\ufeff"

DATA = "answers.csv"


@dataclass(frozen=True)
class Variable:
    """A column of the table; `width` in bytes is that of a text, else 0."""

    name: str
    label: str
    values: tuple[tuple[int, str], ...] = ()
    missing: int | None = None
    width: int = 0
    level: str = "NOMINAL"


@dataclass(frozen=True)
class SpssTable:
    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(default=())

    def csv(self) -> str:
        names = tuple(it.name for it in self.variables)
        return "".join(csv_lines([names, *self.rows]))


def spss_table(
    questions: Sequence[Question], lines: Sequence[Line], language: str
) -> SpssTable:
    """Lay out the answers in numbers, with what they mean in a language."""
    columns = list(columns_of(questions))
    missing = {it.id: _missing(it, lines) for it in questions}
    rows = tuple(
        (
            line.number,
            _kind_number(line.group),
            _size_number(line.group),
            *(_cell(column, line, missing[column.question.id]) for column in columns),
        )
        for line in lines
    )
    with in_language(language):
        variables = (
            *_frame(),
            *(
                _variable(it, rows, place, missing[it.question.id])
                for place, it in enumerate(columns, start=3)
            ),
        )
    return SpssTable(variables, rows)


def _missing(question: Question, lines: Sequence[Line]) -> int:
    """Find a number that nobody has given, for those who gave none."""
    numbers = [
        answer.number
        for line in lines
        if (answer := line.answers.get(question.id)) and answer.number is not None
    ]
    return min(NOT_ANSWERED, *(number - 1 for number in numbers or [0]))


def _kind_number(group: Group) -> int:
    kinds = [it.org_kind for it in KINDS]
    return kinds.index(group.org_kind) + 1 if group.org_kind else NOT_ANSWERED


def _size_number(group: Group) -> int:
    sizes = [it.org_size for it in SIZES]
    return sizes.index(group.org_size) + 1 if group.org_size else NOT_ANSWERED


def _cell(column: Column, line: Line, missing: int) -> Cell:
    question, answer = column.question, line.answers.get(column.question.id)
    if question.is_text:
        text = " ".join(answer.text.split()) if answer else ""
        return _cut(guarded(text), LONGEST_TEXT)
    if answer is None:
        return missing
    if column.option is not None:
        found = place_or_mark(question, column.option, answer)
        return missing if found is None else found
    if answer.number is not None:
        return answer.number
    codes = [option.code for option in question.offered]
    return codes.index(answer.codes[0]) + 1


def _frame() -> tuple[Variable, ...]:
    kinds = tuple((number, it.words) for number, it in enumerate(KINDS, start=1))
    sizes = tuple((number, it.words) for number, it in enumerate(SIZES, start=1))
    unsaid = (NOT_ANSWERED, gettext("not said or not shown"))
    return (
        Variable("response", gettext("Number of the line, in no order")),
        Variable(
            "org_kind", gettext("Kind of organisation"), (*kinds, unsaid), NOT_ANSWERED
        ),
        Variable("org_size", gettext("Size of town"), (*sizes, unsaid), NOT_ANSWERED),
    )


def _variable(
    column: Column, rows: Sequence[Sequence[Cell]], place: int, missing: int
) -> Variable:
    question, option = column.question, column.option
    name, label = question.code, pick(question.text)[0]
    if option is not None:
        name = f"{name}_{question.options.index(option) + 1}"
        label = f"{label} [{label_of(option)}]"
    if question.is_text:
        longest = max((len(str(row[place]).encode()) for row in rows), default=1)
        return Variable(name, label, width=max(longest, 1))
    none = (missing, gettext("not answered or not shown"))
    values = (*_values(question), none)
    return Variable(name, label, values, missing, level=_level(question))


def _values(question: Question) -> Iterator[tuple[int, str]]:
    match question.kind:
        case QuestionKind.SCALE | QuestionKind.SCORE:
            yield from ((int(it.code), label_of(it)) for it in question.offered)
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            options = enumerate(question.offered, start=1)
            yield from ((number, label_of(option)) for number, option in options)
        case QuestionKind.CHOICES:
            yield from ((0, gettext("not picked")), (1, gettext("picked")))


def _level(question: Question) -> str:
    if question.kind is QuestionKind.NUMBER:
        return "SCALE"
    ordered = (QuestionKind.SCALE, QuestionKind.SCORE, QuestionKind.RANKING)
    return "ORDINAL" if question.kind in ordered else "NOMINAL"


READ = f"""\
{BOM}* Encoding: UTF-8.
* Reads {DATA} from the folder that SPSS works in (see CD).
SET DECIMAL=DOT.
GET DATA
  /TYPE=TXT
  /FILE='{DATA}'
  /ENCODING='UTF8'
  /ARRANGEMENT=DELIMITED
  /DELCASE=LINE
  /FIRSTCASE=2
  /DELIMITERS=','
  /QUALIFIER='"'
  /VARIABLES="""


def syntax_of(table: SpssTable) -> str:
    """Write the syntax: read the table, name everything, know what is missing."""
    variables = table.variables
    numbers = [it for it in variables if not it.width]
    missing = [it for it in variables if it.missing is not None]
    parts = [
        READ,
        *(f"    {it.name} {_format(it)}" for it in variables),
        "  .",
        "VARIABLE LABELS",
        *(f"  {it.name} {_quoted(it.label)}" for it in variables),
        "  .",
        *(line for it in variables for line in _value_labels(it)),
        *(f"MISSING VALUES {it.name} ({it.missing})." for it in missing),
        *(f"VARIABLE LEVEL {it.name} ({it.level})." for it in numbers),
        "EXECUTE.",
    ]
    return "\n".join(parts) + "\n"


def _format(variable: Variable) -> str:
    return f"A{variable.width}" if variable.width else "F12.0"


def _value_labels(variable: Variable) -> Iterator[str]:
    if variable.values:
        yield f"VALUE LABELS {variable.name}"
        for value, label in variable.values:
            yield f"  {value} {_quoted(label, LONGEST_VALUE_LABEL)}"
        yield "  ."


def _quoted(text: str, longest: int = LONGEST_LABEL) -> str:
    """Write a text in the syntax, its own quotation marks doubled; long ones in pieces.

    Pieces stand on lines of their own and are tied by a plus sign.
    """
    rest = _cut(" ".join(text.split()), longest)
    pieces: list[str] = []
    while rest or not pieces:
        piece = _cut(rest, LONGEST_PIECE)
        pieces.append("'" + piece.replace("'", "''") + "'")
        rest = rest[len(piece) :]
    return " +\n    ".join(pieces)


def _cut(text: str, longest: int) -> str:
    """Cut a text to so many bytes, not through a letter."""
    return text.encode()[:longest].decode(errors="ignore")
