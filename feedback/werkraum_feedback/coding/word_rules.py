"""Words as they are compared: without case and accents, and the rules of a theme.

A rule is the beginning of a word ("jugend"); with a star it may stand inside of
one, as in German compounds ("*jugend" finds "Stadtjugendring").
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:[-'’\u00ad\u0300-\u036f][^\W_]+)*[\u0300-\u036f]*")
INSIDE = "*"


def folded(text: str) -> str:
    """Write a text as it is compared: "Förderung" and "FORDERUNG" are the same."""
    # Once more afterwards: taken apart, some signs are capital letters (U+1D71C).
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(it for it in apart if not unicodedata.combining(it))


@dataclass(frozen=True)
class Hit:
    """A word of a text, and the rule that found it."""

    word: str
    rule: str


def first_hit(text: str, rules: Iterable[str]) -> Hit | None:
    """Find the first word of a text that one of the rules fits."""
    given = [(rule, folded(rule.strip(INSIDE)), INSIDE in rule) for rule in rules]
    known = [each for each in given if each[1]]
    for match in WORD.finditer(text) if known else ():
        word = folded(match[0])
        for rule, part, inside in known:
            if part in word if inside else word.startswith(part):
                return Hit(match[0], rule)
    return None
