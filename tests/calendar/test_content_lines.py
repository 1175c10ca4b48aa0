import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_calendar.content_lines import escaped, octets, readable

# Text that people paste, thick with what breaks calendar files.
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\\;,:\"'^nN\r\n\t\x00\x85\u2028\u2029\x1c👩\u200d\u0301ßü"),
    ),
    max_size=400,
)


def unescaped(value: str) -> str:
    """Read a TEXT value in one pass, as RFC 5545 3.3.11 has it."""
    return re.sub(
        r"\\(.)", lambda pair: "\n" if pair[1] in "nN" else pair[1], value, flags=re.S
    )


@given(NASTY)
def test_text_comes_back_but_for_what_no_file_may_hold(text: str) -> None:
    assert unescaped(escaped(text)) == readable(text)


@given(NASTY)
def test_a_folded_line_holds_its_text(text: str) -> None:
    folded = octets([f"SUMMARY:{escaped(text)}"])

    assert folded.replace(b"\r\n ", b"") == f"SUMMARY:{escaped(text)}\r\n".encode()


@given(NASTY)
def test_no_piece_of_a_line_is_too_long_or_torn(text: str) -> None:
    pieces = octets([f"SUMMARY:{escaped(text)}"]).removesuffix(b"\r\n").split(b"\r\n")

    for piece in pieces:
        assert len(piece) <= 75
        assert not re.search(r"(?<!\\)(\\\\)*\\$", piece.decode())
    assert all(piece.startswith(b" ") for piece in pieces[1:])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("C:\\New", r"C:\\New", id="the eaten capital N"),
        pytest.param("a;b,c\\", r"a\;b\,c\\", id="separators"),
        pytest.param('"Forum": ja', '"Forum": ja', id="colon and quote stay"),
        pytest.param("a\r\nb\rc\nd", r"a\nb\nc\nd", id="line breaks"),
        pytest.param("a\u2028b\u2029c\x85d", r"a\nb\nc\nd", id="rare line breaks"),
        pytest.param("a\x00b\x0bc\x7fd\x9fe\ud800f\tg", "abcdef\tg", id="controls"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@pytest.mark.parametrize("length", range(60, 80))
def test_an_escape_pair_stays_together(length: int) -> None:
    for pair in ("\\\\", "\\n", "^n"):
        pieces = octets(["X" * length + pair * 99]).decode().split("\r\n")

        assert all(len(piece.lstrip(" X").replace(pair, "")) == 0 for piece in pieces)


@pytest.mark.parametrize("line", ["A:\nB:", "A:\rB:", "A:\x00"])
def test_a_line_that_would_become_two_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a content line"):
        octets([line])
