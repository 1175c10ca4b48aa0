"""Tables that people send: CSV and XLSX as rows of text, with bounds for all of it.

Run as a program of its own, this reads a file from its input and writes what it
found as lines of JSON: a stranger's file is opened in a process that may neither
take much memory nor much time, and whose end ends nothing else.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000

# An XLSX holds a few dozen files; unpacked, 20,000 wide rows stay below this.
MOST_PARTS = 1_000
MOST_UNPACKED = 60 * 1024 * 1024
# What the process of its own may take.
MEMORY = 768 * 1024 * 1024
SECONDS = 20

DELIMITERS = (";", ",", "\t")
# Office files before 2007, and those with a password.
OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
LOOKED_AT = 20


class Unreadable(Exception):
    """The file is no table we can read; `code` says why, `line` where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code, line)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class SheetRow:
    """A row that holds something, and its line in the file."""

    line: int
    cells: tuple[str, ...]


def read_sheet(raw: bytes) -> list[SheetRow]:
    """Read the rows of a file, whatever it is called; raises `Unreadable`."""
    if not raw.strip():
        raise Unreadable("empty")
    if raw.startswith(OLE):
        raise Unreadable("old_office")
    found = _bounded(_xlsx(raw) if raw.startswith(ZIP) else _csv(_decoded(raw)))
    if not found:
        raise Unreadable("empty")
    return found


def _bounded(rows: Iterator[SheetRow]) -> list[SheetRow]:
    found: list[SheetRow] = []
    for row in rows:
        cells = _trimmed(row.cells)
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", row.line)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Unreadable("long_cell", row.line)
        # One more for the headings.
        if len(found) > MOST_ROWS:
            raise Unreadable("too_many_rows")
        found.append(SheetRow(row.line, cells))
    return found


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])


def _decoded(raw: bytes) -> str:
    text = _text(raw)
    if UNREADABLE.search(text):
        raise Unreadable("no_table")
    return text


def _text(raw: bytes) -> str:
    """Decode by the mark in front, then by what fits; Latin-1 fits everything."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(raw, "utf-16")
    if (guessed := _utf16_without_mark(raw)) is not None:
        return _utf16(raw, guessed)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _utf16(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("no_table") from None


def _utf16_without_mark(raw: bytes) -> str | None:
    """Every second byte of Latin letters in UTF-16 is zero."""
    head = raw[:2_000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and not even:
        return "utf-16-le"
    if even > len(head) // 4 and not odd:
        return "utf-16-be"
    return None


def _csv(text: str) -> Iterator[SheetRow]:
    skipped = 0
    if text[:4].lower() == "sep=" and len(text) > 4:
        # What Excel writes into the first line to name the delimiter.
        delimiter = text[4]
        _, _, text = text.partition("\n")
        skipped = 1
    else:
        delimiter = _delimiter(text)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise Unreadable("no_table", 1)
    csv.field_size_limit(4 * LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            # A quotation mark without its partner swallows what follows.
            quoted = '"' in text.split("\n", line)[line - 1]
            why = "quotes" if quoted else "long_cell"
            raise Unreadable(why, line + skipped) from None
        if cells is None:
            return
        yield SheetRow(line + skipped, tuple(cells))
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """Choose what parts the first lines into most columns, alike in all of them."""
    head = [it for it in text[:20_000].splitlines() if it.strip()][:LOOKED_AT]

    def score(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in head]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(DELIMITERS, key=score)


def _xlsx(raw: bytes) -> Iterator[SheetRow]:
    _must_be_harmless(raw)
    # Here, so that reading CSV needs nobody else's code.
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        sheet = book.get_sheet_by_index(0)
        if sheet.total_width > MOST_COLUMNS:
            raise Unreadable("too_many_columns", 1)
        if sheet.total_height > 10 * MOST_ROWS:
            raise Unreadable("too_many_rows")
        # Empty rows come along, those on top too.
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield SheetRow(number, tuple(_written(cell) for cell in cells))
    except Unreadable:
        raise
    # Whatever the library makes of a broken file, to us it is one.
    except Exception:
        raise Unreadable("no_table") from None


def _must_be_harmless(raw: bytes) -> None:
    """Look into the archive before anybody unpacks it."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable("bomb")
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable("bomb")
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("encrypted")
            names = {part.filename.lower() for part in parts}
            if "xl/workbook.xml" not in names:
                raise Unreadable("no_table")
            if any("vbaproject" in name for name in names):
                raise Unreadable("macros")
            if any(name.startswith("xl/externallinks/") for name in names):
                raise Unreadable("external_links")
            unpacked = 0
            for part in parts:
                unpacked += _look_through(archive, part, MOST_UNPACKED - unpacked)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise Unreadable("no_table") from None


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack a part in pieces: its stated size may lie, and XML may have entities."""
    size, tail = 0, b""
    with archive.open(part) as file:
        while piece := file.read(65_536):
            size += len(piece)
            if size > left:
                raise Unreadable("bomb")
            if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise Unreadable("entities")
            tail = piece[-10:]
    return size


def _written(cell: object) -> str:
    """Write a cell as people see it: 3.0 is 3, a date is a date."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 10**15:
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return "" if cell is None else str(cell)


def main() -> None:
    """Read the input under bounds; the answer is one line for each row, or why not."""
    _bound()
    try:
        for row in read_sheet(sys.stdin.buffer.read(MOST_BYTES + 1)):
            print(json.dumps([row.line, *row.cells]))
    except Unreadable as why:
        print(json.dumps({"code": why.code, "line": why.line}))
    except MemoryError:
        print(json.dumps({"code": "bomb", "line": 0}))
    else:
        print("{}")


def _bound() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # It has no reason to write a file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
