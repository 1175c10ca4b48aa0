"""Text people type: one line, a name, paragraphs.

Use as `Annotated[str, line(max_length=120)]`. Every letter of every script is
welcome and kept as typed (NFC); what hides, overrides or breaks a line is refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import (
    CoreSchema,
    PydanticCustomError,
    PydanticKnownError,
    core_schema,
)

# Vietnamese needs two marks on a letter, Hebrew four, Tibetan up to eight.
MARKS_PER_LETTER = 8

LINE_BREAKS = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
NEWLINES = re.compile("\r\n|[\r\u2028\u2029]")
# C0 without tab and newline, DEL, C1, lone surrogates; and the noncharacters,
# which no XML file (XLSX, DOCX) may hold.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(16**4 * n + 0xFFFE)}{chr(16**4 * n + 0xFFFF)}" for n in range(17))
    + "]"
)
# Embeddings, overrides and isolates (UAX 9 3.1): they turn the text around them.
# The marks U+200E, U+200F and U+061C only order neighbours and stay allowed.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Drawn as nothing, though Unicode calls them letters or symbols.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"))


@dataclass(frozen=True)
class PlainText:
    """The rule of one text field; lengths in characters after NFC."""

    max_length: int
    min_length: int
    one_line: bool

    def read(self, typed: str) -> str:
        """Return the text as it is kept; raises pydantic's errors."""
        # Before the work below: composing can shrink a text to a third at most.
        self._must_not_exceed(len(typed), self.max_length * 4)
        text = self._trimmed(typed)
        _must_be_readable(text)
        text = unicodedata.normalize("NFC", text)
        self._must_not_exceed(len(text), self.max_length)
        if len(text) < self.min_length:
            raise PydanticKnownError(
                "string_too_short", {"min_length": self.min_length}
            )
        return text

    def _trimmed(self, typed: str) -> str:
        if self.one_line:
            _must_be_one_line(typed)
            text = typed.strip(" ")
        else:
            # Leading spaces stay: they carry meaning in Markdown.
            text = NEWLINES.sub("\n", typed).strip("\n").rstrip(" \t\n")
        if not text:
            raise PydanticKnownError("missing")
        return text

    def _must_not_exceed(self, length: int, limit: int) -> None:
        if length > limit:
            raise PydanticKnownError("string_too_long", {"max_length": self.max_length})

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        lengths = {"minLength": self.min_length, "maxLength": self.max_length}
        return {**handler(schema), **lengths}


def line(*, max_length: int, min_length: int = 1) -> PlainText:
    """Take one line of text without spaces around it."""
    return PlainText(max_length, min_length, one_line=True)


def paragraphs(*, max_length: int, min_length: int = 1) -> PlainText:
    """Take text with line breaks (LF) and tabs."""
    return PlainText(max_length, min_length, one_line=False)


Line = Annotated[str, line(max_length=200)]
PersonName = Annotated[str, line(max_length=200)]
Paragraphs = Annotated[str, paragraphs(max_length=10_000)]


def one_line(text: str) -> str:
    """Put a text on one line, without what is invisible or turns the line around."""
    readable = UNPRINTABLE.sub("", " ".join(text.split()))
    return " ".join(TURNING.sub("", readable).split())


def _must_be_one_line(text: str) -> None:
    if LINE_BREAKS.search(text) or "\t" in text:
        raise PydanticCustomError(
            "line_break", "Please write this on one line, without tabs."
        )


def _must_be_readable(text: str) -> None:
    if UNPRINTABLE.search(text):
        raise PydanticKnownError("string_unicode")
    if TURNING.search(text):
        raise PydanticCustomError(
            "hidden_direction",
            "There are hidden marks in it that change the reading direction. "
            "Please type it again.",
        )
    if not any(map(_is_seen, text)):
        raise PydanticCustomError("invisible", "Nothing of this text can be seen.")
    if _most_marks(text) > MARKS_PER_LETTER:
        raise PydanticCustomError(
            "too_many_marks", "Too many accents are stacked on one letter."
        )


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN and character not in BLANK


def _most_marks(text: str) -> int:
    """Count the marks on the letter that has most of them."""
    most = marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
            most = max(most, marks)
        # Invisible characters carry no mark of their own: they do not start anew.
        elif category != "Cf":
            marks = 0
    return most
