"""XLSX files of any length, written by a process of their own.

A large table costs seconds of processor time; here they are not those of the pages.
Every text stays the text it is: no formula, no link, no number made of digits.
"""

import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

Cell = str | int | float | bool | None

# Follows the last row. Without it nothing is written: we were killed, or gave up.
END = b"end\n"

# What a spreadsheet program shows of a column before somebody widens it.
NARROW, WIDE = 10, 40
LONGEST_TITLE = 31


class WorkbookFailed(Exception):
    """The process that writes a file has ended before its time."""


class Workbook:
    """A file that is being written, row by row; the first row are the headings.

    async with Workbook(path, "Registrations") as book:
        await book.write([["Name"], ["Anna"]])
        await book.begin("Notes")
    """

    def __init__(self, path: Path, title: str) -> None:
        self._path, self._title = path, title

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-X", "utf8", "-m", "werkraum_foundation.workbooks"),
            *(str(self._path), self._title),
            stdin=asyncio.subprocess.PIPE,
            env={},
        )
        return self

    async def begin(self, title: str) -> None:
        """Begin another sheet; what comes next is written there."""
        await self._hand_over(json.dumps({"sheet": title}) + "\n")

    async def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Hand over some rows; waits while the process has enough to do."""
        await self._hand_over("".join(json.dumps(list(row)) + "\n" for row in rows))

    async def _hand_over(self, lines: str) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(lines.encode())
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise WorkbookFailed from None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError, ConnectionResetError):
            if error is None:
                self._process.stdin.write(END)
            self._process.stdin.close()
        if await self._process.wait() and error is None:
            raise WorkbookFailed


def write_lines(path: Path, title: str, lines: Iterable[str]) -> None:
    """Write the rows that stand in these lines of JSON, holding one at a time."""
    # Beside the file, where only we look, and gone with this block: rows are names.
    with TemporaryDirectory(dir=path.parent) as place:
        written = Path(place) / path.name
        if _write_lines(written, title, lines):
            written.replace(path)


def _write_lines(path: Path, title: str, lines: Iterable[str]) -> bool:
    """Write a file, or leave it and say False where the rows break off."""
    # Here, so that only the process that writes pays for it.
    import xlsxwriter

    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    bold = book.add_format({"bold": True})
    sheet, number = _sheet(book, title), 0
    for line in lines:
        if line == END.decode():
            book.close()
            return True
        told: list[Cell] | dict[str, str] = json.loads(line)
        if isinstance(told, dict):
            sheet, number = _sheet(book, told["sheet"]), 0
            continue
        if number == 0:
            _widen(sheet, told)
        _write_row(sheet, number, told, bold if number == 0 else None)
        number += 1
    return False


# Any: the library has no types, and only the process that writes knows it.
def _sheet(book: Any, title: str) -> Any:
    sheet = book.add_worksheet(title[:LONGEST_TITLE])
    sheet.freeze_panes(1, 0)
    return sheet


def _widen(sheet: Any, headings: Sequence[Cell]) -> None:
    for column, cell in enumerate(headings):
        width = min(max(len(str(cell)) + 2, NARROW), WIDE)
        sheet.set_column(column, column, width)


def _write_row(sheet: Any, number: int, cells: Sequence[Cell], style: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(number, column, cell, style)
        elif isinstance(cell, bool):
            sheet.write_boolean(number, column, cell, style)
        elif cell is not None:
            sheet.write_number(number, column, cell, style)


def main() -> None:
    import os

    # The pages come first.
    os.nice(5)
    # Only we may read it, from the first byte on.
    os.umask(0o077)
    write_lines(Path(sys.argv[1]), sys.argv[2], sys.stdin)


if __name__ == "__main__":
    main()
