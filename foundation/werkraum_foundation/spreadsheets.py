"""Write tables for spreadsheet programs without letting a cell run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

Cell = str | int | None
Delimiter = Literal[",", ";"]

BOM = "\ufeff"

# What makes a spreadsheet program read a cell as a formula; the second line are
# the full-width forms that some programs fold to the first.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet program would compute."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_lines(
    rows: Iterable[Sequence[Cell]], *, delimiter: Delimiter = ",", bom: bool = False
) -> Iterator[str]:
    """Yield one text per row, as RFC 4180 has it: quoted where needed, CRLF.

    Every text cell is guarded, numbers stay numbers, None is an empty cell.
    German Excel wants `;` and the byte order mark to open the file by a click.
    """
    if bom:
        yield BOM
    writer = csv.writer(_Passed(), delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        yield writer.writerow([_written(cell) for cell in row])


def write_csv(
    rows: Iterable[Sequence[Cell]], *, delimiter: Delimiter = ",", bom: bool = False
) -> Iterator[bytes]:
    """Yield the rows of `csv_lines` as UTF-8, ready to be streamed."""
    for line in csv_lines(rows, delimiter=delimiter, bom=bom):
        yield line.encode()


def _written(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


class _Passed:
    """Hands each line back through `writerow`, so that nothing is collected."""

    def write(self, line: str) -> str:
        return line
