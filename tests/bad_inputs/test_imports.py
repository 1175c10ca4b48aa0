"""B61 and B62: bad lists are refused, or shown line by line; nobody gets in by them."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import httpx
import pytest
import xlsxwriter
from tests.bad_inputs.forms import Office
from tests.bad_inputs.trials import Trial

from werkraum_registration.models import (
    ImportBatch,
    ImportRow,
    Registration,
)

HEAD = "Name;E-Mail;Teilnahme\r\n"
GOOD = "Änne;aenne@x.example;online\r\n"
Fill = Callable[[xlsxwriter.Workbook], None]


def workbook(fill: Fill) -> bytes:
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw)
    fill(book)
    book.close()
    return raw.getvalue()


def plain(*rows: tuple[object, ...]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        dates = book.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, dates)
                else:
                    sheet.write(number, column, cell)

    return workbook(fill)


def wide(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().write(0, 16_383, "far out")


def merged(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "E-Mail", "Teilnahme"])
    sheet.merge_range(1, 0, 2, 0, "Anna")
    sheet.write_row(1, 1, ["anna@x.example", "online"])
    sheet.write_row(2, 1, ["berta@x.example", "online"])


def with_part(name: str, content: bytes, raw: bytes | None = None) -> bytes:
    """Put another file into a workbook, or in the place of one."""
    there, out = BytesIO(raw or plain(("Name",), ("Anna",))), BytesIO()
    with zipfile.ZipFile(there) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    return with_part("xl/worksheets/sheet1.xml", b"0" * 63_000_000)


def lying_bomb() -> bytes:
    """Say that the unpacked part is small, wherever the archive says it."""
    raw = bomb()
    return raw.replace(struct.pack("<I", 63_000_000), struct.pack("<I", 1_000))


def with_entity() -> bytes:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/x">]>'
        b"<worksheet><sheetData><row><c t='inlineStr'><is><t>&e;</t></is></c></row>"
        b"</sheetData></worksheet>"
    )
    return with_part("xl/worksheets/sheet1.xml", xml)


def encrypted() -> bytes:
    """Set the bit of every entry that says it has a password."""
    raw = bytearray(plain(("Name",), ("Anna",)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + at] |= 1
            place = raw.find(mark, place + 1)
    return bytes(raw)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1_000

# What is no list: name of the file, its content, the status.
REFUSED: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "B61 nothing": ("a.csv", lambda: b"", 422),
    "B61 blanks": ("a.csv", lambda: b" \r\n;;\r\n", 422),
    "B61 NUL": ("a.csv", lambda: b"Name;E-Mail\nAn\0na;a@x.example\n", 422),
    "B61 unclosed quote": (
        "a.csv",
        lambda: (HEAD + 'Anna;"a@x.example;online\r\n' + GOOD).encode(),
        422,
    ),
    "B61 unclosed quote, long": (
        "a.csv",
        lambda: (HEAD + '"Anna;' + GOOD * 100_000).encode(),
        422,
    ),
    "B61 200,000 rows": ("a.csv", lambda: (HEAD + "a;b;c\n" * 200_000).encode(), 413),
    "B61 20,001 rows": ("a.csv", lambda: (HEAD + "a;b;c\n" * 20_001).encode(), 413),
    "B61 more than 5 MB": ("a.csv", lambda: b"x" * (5 * 1024 * 1024 + 1), 413),
    "B61 one row of 5 MB": ("a.csv", lambda: b"x" * (5 * 1024 * 1024), 422),
    "B61 200 columns": ("a.csv", lambda: b";".join([b"x"] * 200) + b"\n", 422),
    "B61 a picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, 422),
    "B61 half a character of UTF-16": ("a.csv", lambda: b"\xff\xfeN\0a", 422),
    "B62 zip bomb": ("a.xlsx", bomb, 422),
    "B62 zip bomb that lies": ("a.xlsx", lying_bomb, 422),
    "B62 XXE": ("a.xlsx", with_entity, 422),
    "B62 external links": (
        "a.xlsx",
        lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
        422,
    ),
    "B62 macros": (
        "a.xlsm",
        lambda: with_part("xl/vbaProject.bin", b"Sub AutoOpen()"),
        415,
    ),
    "B62 encrypted": ("a.xlsx", encrypted, 415),
    "B62 with a password": ("a.xlsx", lambda: OLD, 415),
    "B62 .xls renamed": ("a.xlsx", lambda: OLD, 415),
    "B62 16,384 columns": ("a.xlsx", lambda: workbook(wide), 422),
    "B62 another archive": (
        "a.xlsx",
        lambda: with_part("x", b"y").replace(b"xl/workbook.xml", b"xl/something.el"),
        422,
    ),
    "B62 cut off": ("a.xlsx", lambda: plain(("Name",))[:-40], 422),
    "B62 no archive": ("a.xlsx", lambda: b"PK\x03\x04 nothing of it", 422),
}


async def sent(
    trial: Trial, office: Office, row: str, name: str, raw: bytes
) -> httpx.Response:
    path = f"/desk/events/{office.event.id}/import"
    return await trial.send(row, "POST", path, files={"file": (name, raw)})


async def test_what_is_no_list_is_refused_and_nothing_is_kept(
    trial: Trial, office: Office
) -> None:
    for row, (name, make, status) in REFUSED.items():
        answer = await sent(trial, office, row, name, make())
        got = answer.status_code
        trial.expect(got == status, row, f"status {got} instead of {status}")
        trial.expect("<h1>" in answer.text, row, "no words")
        await trial.nothing_changed(row)
    trial.end()


# What is a list, though an odd one: the lines it has, and those with faults.
READ: dict[str, tuple[bytes, list[int], list[int]]] = {
    "B61 UTF-8": ((HEAD + GOOD).encode(), [2], []),
    "B61 BOM": ((HEAD + GOOD).encode("utf-8-sig"), [2], []),
    "B61 UTF-16": ((HEAD + GOOD).encode("utf-16"), [2], []),
    "B61 UTF-16 without a mark": ((HEAD + GOOD).encode("utf-16-le"), [2], []),
    "B61 Latin-1": ((HEAD + GOOD).encode("latin-1"), [2], []),
    "B61 commas": ((HEAD + GOOD).replace(";", ",").encode(), [2], []),
    "B61 tabs": ((HEAD + GOOD).replace(";", "\t").encode(), [2], []),
    "B61 sep=": (("sep=|\r\n" + HEAD + GOOD).replace(";", "|").encode(), [3], []),
    "B61 old line ends": ((HEAD + GOOD).replace("\r\n", "\r").encode(), [2], []),
    "B61 CRLF in a cell": (
        (HEAD + '"Änne\r\nBerg";a@x.example;online\r\n' + GOOD).encode(),
        [2, 4],
        [],
    ),
    "B61 ragged rows": (
        (HEAD + "Anna\r\nBerta;b@x.example;online;zu;viel\r\n\r\n" + GOOD).encode(),
        [2, 3, 5],
        [2, 3],
    ),
    "B61 the same address": (
        (HEAD + GOOD + "Otto;AENNE@X.EXAMPLE;online\r\n").encode(),
        [2, 3],
        [3],
    ),
    "B61 formulas": (
        (HEAD + '=HYPERLINK("http://x");f@x.example;online\r\n').encode(),
        [2],
        [],
    ),
    "B61 hidden direction": (
        (HEAD + "An\u202ena;a@x.example;online\r\n").encode(),
        [2],
        [2],
    ),
    "B61 answers": (
        (
            "Name;E-Mail;Teilnahme;Was brauchen Sie?\r\n"
            "Anna;a@x.example;online;An\u202ena\r\n"
            f"Berta;b@x.example;online;{'x' * 1_001}\r\n"
            'Cem;c@x.example;online;"=HYPERLINK(""http://x"")\r\n<script>"\r\n'
        ).encode(),
        [2, 3, 4],
        [2, 3],
    ),
    "B62 dates as numbers": (
        plain(
            ("Name", "E-Mail", "Teilnahme"),
            (44_927, "a@x.example", "online"),
            (date(2026, 1, 2), "b@x.example", "online"),
            ("Anna", date(2026, 1, 2), "online"),
        ),
        [2, 3, 4],
        [4],
    ),
    "B62 merged cells": (workbook(merged), [2, 3], [3]),
}


@pytest.mark.parametrize("row", READ)
async def test_an_odd_list_is_shown_line_by_line(
    client: httpx.AsyncClient, office: Office, row: str
) -> None:
    raw, lines, faulty = READ[row]
    people = await Registration.all().count()
    path = f"/desk/events/{office.event.id}/import"
    answer = await client.post(path, files={"file": ("a.csv", raw)})
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert page.status_code == 200
    found = await ImportRow.all().order_by("line")
    assert [it.line for it in found] == lines
    assert [it.line for it in found if it.faulty] == faulty
    # Nobody is registered before somebody says so.
    assert await Registration.all().count() == people


async def test_without_headings_the_first_line_is_somebody(
    client: httpx.AsyncClient, office: Office
) -> None:
    raw = b"Anna;anna@x.example\nBerta;berta@x.example\n"
    path = f"/desk/events/{office.event.id}/import"
    await client.post(path, files={"file": ("a.csv", raw)})
    batch = await ImportBatch.get()
    assert (batch.headings, batch.columns) == ([], ["name", "email"])
    assert [it.line for it in await ImportRow.all().order_by("line")] == [1, 2]


# What no browser sends.
BROKEN: dict[str, tuple[dict[str, str], bytes, int]] = {
    "no form": ({"content-type": "text/csv"}, b"Name", 415),
    "urlencoded": (
        {"content-type": "application/x-www-form-urlencoded"},
        b"file=x",
        415,
    ),
    "no boundary": ({"content-type": "multipart/form-data"}, b"x", 400),
    "cut off": (
        {"content-type": "multipart/form-data; boundary=xx"},
        b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nN',
        400,
    ),
    "no file": (
        {"content-type": "multipart/form-data; boundary=xx"},
        b'--xx\r\nContent-Disposition: form-data; name="file"\r\n\r\nN\r\n--xx--\r\n',
        400,
    ),
    "another field": (
        {"content-type": "multipart/form-data; boundary=xx"},
        b'--xx\r\nContent-Disposition: form-data; name="x"; filename="a"\r\n\r\nN\r\n'
        b"--xx--\r\n",
        400,
    ),
}


async def test_what_no_browser_sends_is_refused(trial: Trial, office: Office) -> None:
    path = f"/desk/events/{office.event.id}/import"
    for row, (headers, content, status) in BROKEN.items():
        answer = await trial.send(row, "POST", path, headers=headers, content=content)
        got = answer.status_code
        trial.expect(got == status, row, f"status {got} instead of {status}")
    await trial.nothing_changed("B61")
    trial.end()
