"""The codebook as a REFI-QDA file, held against the structure of its standard."""

import re
from xml.etree import ElementTree as ET

import httpx
import pytest
from tests.feedback.conftest import ACTOR
from tests.feedback.statement_rows import a_theme
from tests.people import olga_signed_in

from werkraum_feedback.coding import codebook, codebook_deeds, refi_qda
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.coding.coding_rules import COLOURS, MOST_THEMES
from werkraum_feedback.coding.refi_qda import Code, NotACodebook
from werkraum_feedback.statement_models import Theme
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

NS = "{urn:QDA-XML:codebook:1.0}"
# Of the standard: which attributes an element has, and which of them it must have.
ATTRIBUTES = {
    "CodeBook": ({"origin"}, set[str]()),
    "Codes": (set[str](), set[str]()),
    "Code": ({"guid", "name", "isCodable", "color"}, {"guid", "name", "isCodable"}),
    "Description": (set[str](), set[str]()),
}
INSIDE = {
    "CodeBook": ["Codes"],
    "Codes": ["Code"],
    "Code": ["Description", "Code"],
    "Description": [],
}
# GUIDType and RGBType of the standard.
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
RGB = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def must_be_valid(element: ET.Element) -> None:
    name = element.tag.removeprefix(NS)
    allowed, needed = ATTRIBUTES[name]
    assert needed <= set(element.attrib) <= allowed
    assert element.tag == NS + name
    if name == "Code":
        assert GUID.fullmatch(element.attrib["guid"])
        assert element.attrib["isCodable"] in ("true", "false", "0", "1")
        assert RGB.fullmatch(element.attrib["color"])
    inside = [it.tag.removeprefix(NS) for it in element]
    assert set(inside) <= set(INSIDE[name])
    # A sequence: one list of codes with one code at least, one description first.
    if name in ("CodeBook", "Codes"):
        assert inside
    assert sorted(inside, key=INSIDE[name].index) == inside
    assert name == "Codes" or inside.count(INSIDE[name][0] if inside else "") <= 1
    for inner in element:
        must_be_valid(inner)


def book(inside: str) -> bytes:
    namespace = 'xmlns="urn:QDA-XML:codebook:1.0"'
    return f"{HEAD}<CodeBook {namespace}><Codes>{inside}</Codes></CodeBook>".encode()


async def test_what_goes_out_is_valid_and_comes_in_again(
    olgas_office: Organiser,
) -> None:
    youth = await a_theme(
        olgas_office,
        "Jugend & <Junge>",
        definition={"de": "Wer nachkommt 👩‍👩‍👧"},
        includes={"de": "Nachwuchs"},
        colour=COLOURS - 1,
    )
    await a_theme(olgas_office, "الشباب", position=1)

    written = refi_qda.write(await codebook.themes_of(olgas_office.id))

    must_be_valid(ET.fromstring(written))
    codes = refi_qda.read(written)
    assert [it.name for it in codes] == ["Jugend & <Junge>", "الشباب"]
    assert codes[0].guid == str(youth.id)
    assert codes[0].description == "Wer nachkommt 👩‍👩‍👧\nIncludes: Nachwuchs"


async def test_a_codebook_without_a_theme_is_no_file(
    client: httpx.AsyncClient,
) -> None:
    office = await olga_signed_in(client)
    assert "codebook.qdc" not in (await client.get("/desk/codebook")).text
    assert (await client.get("/desk/codebook.qdc")).status_code == 404

    await a_theme(office, "Youth")

    assert "codebook.qdc" in (await client.get("/desk/codebook")).text
    file = await client.get("/desk/codebook.qdc")
    assert file.content.startswith(HEAD.encode())
    must_be_valid(ET.fromstring(file.content))


def test_the_file_of_another_program_is_read() -> None:
    """Codes inside of codes, sets, and a byte order mark."""
    inside = (
        '<Code guid="{2C6F1A0E-1111-4222-8333-944444444444}" name="Youth"'
        ' isCodable="true" color="#ff0000"><Description>Who follows</Description>'
        '<Code guid="x" name=" School \n exchange" isCodable="true"/></Code>'
    )
    content = book(inside).replace(
        b"</Codes>", b'</Codes><Sets><Set guid="s" name="All"/></Sets>'
    )

    codes = refi_qda.read(b"\xef\xbb\xbf" + content)

    assert [(it.name, it.description) for it in codes] == [
        ("Youth", "Who follows"),
        ("School exchange", ""),
    ]


A_CODE = '<Code guid="1" name="A" isCodable="true"/>'
HOSTILE = {
    "nothing": b"",
    "no xml": b"PK\x03\x04 hello",
    "html": b"<html><body/></html>",
    "another namespace": b'<CodeBook xmlns="urn:other"><Codes/></CodeBook>',
    "a document type": HEAD.encode() + b"<!DOCTYPE CodeBook>" + book(A_CODE)[38:],
    "an outside entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "secret.txt">]>'
    + book('<Code guid="1" name="&x;" isCodable="true"/>')[38:],
    "a billion laughs": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    + book('<Code guid="1" name="&b;" isCodable="true"/>')[38:],
    "an instruction": book("<?php evil ?>" + A_CODE),
    "no name": book('<Code guid="1" isCodable="true"/>'),
    "cut off": book(A_CODE)[:-12],
    "too deep": book('<Code guid="1" name="A" isCodable="true">' * 30 + "</Code>" * 30),
    "too many": book(A_CODE * (MOST_THEMES + 1)),
    "too large": book("<!--" + "x" * refi_qda.LARGEST + "-->"),
    "a NUL": book(A_CODE.replace("A", "\0")),
    "not its encoding": book(A_CODE).replace(b"utf-8", b"utf-16"),
    "an unknown encoding": book(A_CODE).replace(b"utf-8", b"klingon"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_codebook_is_refused(content: bytes) -> None:
    with pytest.raises(NotACodebook):
        refi_qda.read(content)


async def test_only_what_is_not_there_is_taken_in_and_back(
    olgas_office: Organiser,
) -> None:
    by = By(olgas_office.id, ACTOR, clock.now())
    known = await a_theme(olgas_office, "Förderung")
    codes = [
        Code("1", "FORDERUNG", "another meaning"),
        Code(f"{{{str(known.id).upper()}}}", "Geld", ""),
        Code("3", "Jugend", "Who follows"),
        Code("4", "jugend", ""),
    ]

    assert await codebook.take_in(by, codes) == 1

    new = await Theme.get(id__not=known.id)
    assert (new.name, new.definition) == ({"en": "Jugend"}, {"en": "Who follows"})
    assert await codebook.take_in(by, codes) == 0
    await codebook_deeds.undo(by)
    assert await Theme.all().count() == 1
