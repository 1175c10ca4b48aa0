"""Countries as people type them, and by their code (ISO 3166-1 alpha-2)."""

import re
from functools import cache

from babel import Locale

from werkraum_feedback.coding.word_rules import folded
from werkraum_foundation.language import language
from werkraum_foundation.settings import settings

MOST = 20
CODE = re.compile("[A-Z]{2}")
# What the two letters are not: no country of their own.
NONE_OF_THEM = frozenset(("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"))
ALSO = {
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "great britain": "GB",
    "grossbritannien": "GB",
    "england": "GB",
    "uk": "GB",
    "usa": "US",
    "holland": "NL",
}


def name_of(code: str) -> str:
    """Say a country in the current language."""
    return str(Locale.parse(language()).territories.get(code, code))


def names_of(codes: list[str]) -> list[str]:
    return [name_of(code) for code in codes]


def code_of(typed: str) -> str | None:
    """Find a country by its name in a language of ours, or by its code."""
    return _codes().get(folded(typed.strip()))


@cache
def _codes() -> dict[str, str]:
    known = {folded(name): code for name, code in ALSO.items()}
    for lang in {*settings().languages, "en"}:
        for code, name in Locale.parse(lang).territories.items():
            if CODE.fullmatch(code) and code not in NONE_OF_THEM:
                known |= {folded(name): code, folded(code): code}
    return known


def split(typed: str) -> list[str]:
    """List what was typed with commas or lines between."""
    pieces = re.split(r"[,;\n]", typed)
    return [it.strip() for it in pieces if it.strip()]
