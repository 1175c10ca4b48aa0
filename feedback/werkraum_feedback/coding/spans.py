"""Spans of a text in characters (code points): words, whole characters, marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding.coding_rules import OutsideTheText
from werkraum_feedback.coding.graphemes import is_cut
from werkraum_feedback.statement_models import Coding

WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Span:
    """From `start` up to, and without, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Word:
    """A word of a text, counted from 1, as a list shows it."""

    number: int
    text: str
    span: Span


def words_of(text: str) -> tuple[Word, ...]:
    """Take a text apart where it is white, for choosing words from a list."""
    found = enumerate(WORD.finditer(text), start=1)
    return tuple(Word(n, it[0], Span(it.start(), it.end())) for n, it in found)


def whole(text: str) -> Span:
    return Span(0, len(text))


def between(text: str, first: int, last: int) -> Span:
    """Take the words from one number to another, in whichever order they come."""
    words = words_of(text)
    one, other = sorted((first, last))
    if not 1 <= one <= other <= len(words):
        raise OutsideTheText
    return Span(words[one - 1].span.start, words[other - 1].span.end)


def fitted(text: str, start: int, end: int) -> Span:
    """Widen what was selected to whole characters, without white space around it.

    A selection of nothing but white space is one of nothing: `OutsideTheText`.
    """
    if not 0 <= start < end <= len(text):
        raise OutsideTheText
    chosen = text[start:end]
    start += len(chosen) - len(chosen.lstrip())
    end -= len(chosen) - len(chosen.rstrip())
    if start >= end:
        raise OutsideTheText
    while not is_cut(text, start):
        start -= 1
    while not is_cut(text, end):
        end += 1
    return Span(start, end)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text with the codings that cover it, and those it ends."""

    text: str
    covered_by: tuple[UUID, ...] = ()
    ends: tuple[UUID, ...] = ()


def pieces_of(text: str, codings: Sequence[Coding]) -> list[Piece]:
    """Cut a text where marks begin and end, so that marks may overlap."""
    inside = [it for it in codings if 0 <= it.start < it.end <= len(text)]
    cuts = sorted({0, len(text), *_edges(inside)})
    return [
        Piece(
            text[start:end],
            tuple(it.id for it in inside if it.start <= start and end <= it.end),
            tuple(it.id for it in inside if it.end == end),
        )
        for start, end in zip(cuts, cuts[1:], strict=False)
    ]


def _edges(codings: Iterable[Coding]) -> Iterable[int]:
    for coding in codings:
        yield from (coding.start, coding.end)
