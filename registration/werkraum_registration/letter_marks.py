"""Marks in the words of an organiser, such as {name}, and what surrounds them.

Never `str.format`: it would reach into our objects. A mark is one of a short list,
anything else with a brace is refused.
"""

import re
from enum import StrEnum

from pydantic_core import PydanticCustomError


class Mark(StrEnum):
    """What stands in a letter for the person it goes to."""

    NAME = "name"
    EVENT = "event"
    WHEN = "when"
    MODE = "mode"
    LINK = "link"


# No word of a stranger and no secret in a subject: mail programs show it to anybody.
IN_SUBJECT = (Mark.EVENT, Mark.WHEN, Mark.MODE)

MARK = re.compile("{(" + "|".join(mark.value for mark in Mark) + ")}")
LIKE_A_MARK = re.compile(r"[{}]|%\(")


def spelled(mark: Mark) -> str:
    return "{" + mark.value + "}"


def must_be_known(text: str, marks: tuple[Mark, ...] = tuple(Mark)) -> str:
    """Return the text; refuse marks that are not among these, and stray braces."""
    found = MARK.findall(text)
    if LIKE_A_MARK.search(MARK.sub("", text)) or not set(found) <= set(marks):
        raise PydanticCustomError(
            "unknown_mark",
            "There is a mark in it that we do not know. Possible here: {marks}",
            {"marks": ", ".join(map(spelled, marks))},
        )
    return text


def parted(text: str) -> list[str | Mark]:
    """Part a text into what was written and the marks in it."""
    parts = MARK.split(text)
    return [
        Mark(part) if number % 2 else part for number, part in enumerate(parts) if part
    ]
