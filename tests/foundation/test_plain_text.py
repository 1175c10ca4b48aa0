"""Bad inputs B09-B15 and B51 at the level of one text field."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import faults_of
from werkraum_foundation.plain_text import Line, Paragraphs, PersonName, line

NAME: TypeAdapter[str] = TypeAdapter(PersonName)
LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Paragraphs)
TITLE: TypeAdapter[str] = TypeAdapter(
    Annotated[str, line(max_length=120, min_length=2)]
)


def code_of(rule: TypeAdapter[str], typed: object) -> str:
    with pytest.raises(ValidationError) as refused:
        rule.validate_python(typed)
    (fault,) = faults_of(refused.value)
    return fault.code


NAMES = [
    "O'Brien",
    "Nguyễn",
    "محمد",
    "李",
    "👩‍👩‍👧‍👦",
    "Null",
    "None",
    "undefined",
    "true",
    "NaN",
    "-0",
    "1E2",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${7*7}",
    "javascript:alert(1)",
    "</title><svg/onload=alert(1)>",
    "x" * 200,
]


@pytest.mark.parametrize("typed", NAMES, ids=[name[:20] for name in NAMES])
def test_a_name_is_kept_byte_for_byte(typed: str) -> None:
    assert NAME.validate_python(typed) == typed


REFUSED_ON_A_LINE = {
    "B09 10,000 characters": ("x" * 10_000, "too_long"),
    "B09 1 MB of marks": ("\u0301\u0316" * 500_000, "too_long"),
    "B09 201 characters": ("x" * 201, "too_long"),
    "B10 NUL": ("\x00", "unprintable"),
    "B10 NUL inside": ("A\x00B", "unprintable"),
    "B11 lone surrogate": ("\ud800", "unprintable"),
    "B12 override": ("Alice\u202eevil", "hidden_direction"),
    "B12 isolate": ("\u2066Alice", "hidden_direction"),
    "B12 zero width": ("\u200b\u200d", "invisible"),
    "B12 Hangul filler": ("\u3164", "invisible"),
    "B12 no-break space": ("\u00a0", "invisible"),
    "B15 500 marks": ("Z" + "\u0301" * 500, "too_many_marks"),
    "B15 9 marks": ("Z" + "\u0301" * 9, "too_many_marks"),
    "B15 marks around a joiner": ("Z" + "\u0301\u200d" * 9, "too_many_marks"),
    "B51 empty": ("", "missing"),
    "B51 only spaces": ("   ", "missing"),
    "B51 line break": ("Forum\r\nATTENDEE:mailto:x@y", "line_break"),
    "B51 line separator": ("a\u2028b", "line_break"),
    "B51 paragraph separator": ("a\u2029b", "line_break"),
    "B51 next line": ("a\x85b", "line_break"),
    "B51 vertical tab": ("a\x0bb", "line_break"),
    "B51 tab": ("a\tb", "line_break"),
    "B51 escape": ("a\x1bb", "unprintable"),
    "B51 delete": ("a\x7fb", "unprintable"),
    "B51 C1": ("a\x9bb", "unprintable"),
    "noncharacter": ("a\uffffb", "unprintable"),
    "B39 number": (5, "wrong_type"),
    "B39 list": (["a"], "wrong_type"),
    "B39 nothing": (None, "wrong_type"),
}


@pytest.mark.parametrize(
    ("typed", "code"), REFUSED_ON_A_LINE.values(), ids=REFUSED_ON_A_LINE
)
def test_a_line_refuses(typed: object, code: str) -> None:
    assert code_of(LINE, typed) == code


def test_a_title_of_one_letter_is_too_short() -> None:
    assert code_of(TITLE, "x") == "too_short"


def test_spaces_around_a_line_are_left_out() -> None:
    assert LINE.validate_python("  Anna Beispiel ") == "Anna Beispiel"


def test_letters_typed_in_two_pieces_become_one() -> None:
    assert LINE.validate_python("Mu\u0308ller") == "M\u00fcller"


def test_eight_marks_on_a_letter_are_possible() -> None:
    typed = "q" + "\u0325" * 8
    assert LINE.validate_python(typed) == typed


def test_marks_that_only_order_neighbours_are_possible() -> None:
    assert LINE.validate_python("\u200fA1") == "\u200fA1"


def test_paragraphs_keep_tabs_and_get_plain_line_ends() -> None:
    typed = "\r\n  Ort:\tRathaus\r\nMarkt 1\rNeuss\u2028Ende \r\n\r\n"
    assert TEXT.validate_python(typed) == "  Ort:\tRathaus\nMarkt 1\nNeuss\nEnde"


REFUSED_IN_PARAGRAPHS = {
    "too long": ("x" * 10_001, "too_long"),
    "5 MB": ("x" * 5_000_000, "too_long"),
    "only line ends": ("\r\n\r\n", "missing"),
    "NUL": ("a\x00", "unprintable"),
    "vertical tab": ("a\x0bb", "unprintable"),
    "override": ("a\n\u202eb", "hidden_direction"),
    "marks": ("a\nZ" + "\u0301" * 9, "too_many_marks"),
}


@pytest.mark.parametrize(
    ("typed", "code"), REFUSED_IN_PARAGRAPHS.values(), ids=REFUSED_IN_PARAGRAPHS
)
def test_paragraphs_refuse(typed: str, code: str) -> None:
    assert code_of(TEXT, typed) == code


def test_the_schema_of_the_api_tells_the_lengths() -> None:
    schema = TITLE.json_schema()
    assert schema == {"type": "string", "minLength": 2, "maxLength": 120}
