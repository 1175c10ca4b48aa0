import csv
from collections.abc import Iterator
from io import StringIO

import pytest

from werkraum_foundation.spreadsheets import Delimiter, csv_lines, guarded, write_csv


@pytest.mark.parametrize("start", list("=+-@\t\r＝＋－＠"), ids=ascii)
def test_a_cell_that_would_be_computed_gets_an_apostrophe(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "Jugend", "1+1", "a@b.example", "'=1", " =1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


def test_every_text_cell_of_a_table_is_guarded() -> None:
    lines = list(csv_lines([("@name", "=1+1"), ("anna", "+49 211")]))

    assert lines == ["'@name,'=1+1\r\n", "anna,'+49 211\r\n"]


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert list(csv_lines([(-5, None, "x")])) == ["-5,,x\r\n"]


@pytest.mark.parametrize("delimiter", [",", ";"], ids=["comma", "semicolon"])
def test_commas_quotes_and_line_breaks_come_back(delimiter: Delimiter) -> None:
    row = ["a,b;c", 'sie sagte "ja"', "zwei\nZeilen", "Düren", ""]

    text = "".join(csv_lines([row], delimiter=delimiter))

    assert next(csv.reader(StringIO(text, newline=""), delimiter=delimiter)) == row


def test_german_excel_gets_semicolons_and_a_byte_order_mark() -> None:
    written = b"".join(write_csv([("Ort", "Zahl")], delimiter=";", bom=True))

    assert written == b"\xef\xbb\xbfOrt;Zahl\r\n"


def test_without_a_wish_the_file_is_plain_utf_8_with_commas() -> None:
    assert b"".join(write_csv([("Köln", 3)])) == "Köln,3\r\n".encode()


def test_rows_are_written_as_they_come() -> None:
    asked: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(3):
            asked.append(number)
            yield (number,)

    lines = write_csv(rows())
    next(lines)

    assert asked == [0]
