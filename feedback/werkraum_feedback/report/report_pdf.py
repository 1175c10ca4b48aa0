"""A report as PDF/UA-1 and PDF/A-2a, by typst; missing where it is not installed."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any

from werkraum_feedback.report.report_document import Document

HERE = files("werkraum_feedback.report")
# typst names one letter after the other that no typeface has.
TRIES = 40
NOT_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\(.)")
# Nobody breaks such a word by hand: it would run off the paper.
# Joiners and variants have no picture of their own and fail beside a name.
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\U000e0000-\U000e007f]")
# What our typeface is sure to have; beyond the last try, all else is named.
SURE = re.compile("[^\n -~\u00a0-\u017f\u0386-\u03ce\u0400-\u045f\u1e00-\u1eff‐-…€]")
LONG_WORD = re.compile(r"\S{40}(?=\S)")
MAY_BREAK = "\u200b"

# Any: JSON.
Data = dict[str, Any]


def pdf(document: Document) -> bytes:
    """Write the file; the same document gives the same bytes."""
    import typst

    source = HERE.joinpath("report.typ").read_bytes()
    text = json.dumps(_data(document), ensure_ascii=False)
    with TemporaryDirectory() as empty:
        for attempt in range(TRIES + 1):
            try:
                return typst.compile(  # type: ignore[misc] # of bytes, it cannot tell
                    source,
                    root=empty,
                    font_paths=[str(HERE.joinpath("fonts"))],
                    ignore_system_fonts=True,
                    package_path=empty,
                    sys_inputs={"data": text},
                    pdf_standards=["ua-1", "a-2a"],
                    timestamp=_moment(document),
                )
            except typst.TypstError as error:
                unknown = {it for it in _letters(str(error)) if not it.isascii()}
                if attempt == TRIES or not NOT_SHOWN.search(str(error)):
                    raise
                if attempt == TRIES - 1 or not unknown:
                    unknown = set(SURE.findall(text)) - {MAY_BREAK}
                text = named(text, unknown)
    raise AssertionError("the last try raises")


def _moment(document: Document) -> int:
    if not document.published:
        return 0
    day = datetime.fromisoformat(document.published).replace(tzinfo=UTC)
    return int(day.timestamp())


def _letters(message: str) -> Iterator[str]:
    """Read which letters the typefaces lack, as Rust writes them."""
    for found in NOT_SHOWN.finditer(message):
        yield from ESCAPE.sub(
            lambda it: chr(int(it[1], 16)) if it[1] else it[2], found[1]
        )


def named(text: str, unknown: set[str]) -> str:
    """Put the name of a letter in its place: "[grinning face]"; marks are left out."""
    return text.translate({ord(it): _name(it) for it in unknown})


def _name(letter: str) -> str:
    category = unicodedata.category(letter)
    if category.startswith("M") or category == "Cf":
        return ""
    name = unicodedata.name(letter, f"U+{ord(letter):04X}")
    return f"[{name.lower()}]"


def _breaking(text: str) -> str:
    """Let long words break."""
    return LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", text)


def _data(document: Document) -> Data:
    told = json.dumps(asdict(document), ensure_ascii=False)
    data: Data = json.loads(UNSEEN.sub("", told))
    data["line"] = document.line
    for part, shown in zip(document.parts, data["parts"], strict=True):
        for block, told in zip(part.blocks, shown["blocks"], strict=True):
            for span in told["spans"]:
                span["text"] = _breaking(span["text"])
            told["rows"] = [[_breaking(it) for it in row] for row in block.rows]
    return data
