"""Where a text may be cut: between what readers take for one character each.

After Unicode's extended grapheme clusters (UAX 29 3.1.1), as far as the standard
library knows the properties: accents, emoji with skin tones and families, flags,
Hangul and conjuncts of Indian scripts stay whole.
"""

import unicodedata

JOINER = "\u200d"
CLINGING = frozenset(("Mn", "Me", "Mc"))
# Canonical combining class of a virama, which ties two consonants.
VIRAMA = 9


def is_cut(text: str, at: int) -> bool:
    """Say whether the text may be cut before the character at this place."""
    if at <= 0 or at >= len(text):
        return 0 <= at <= len(text)
    before, after = text[at - 1], text[at]
    if (before, after) == ("\r", "\n") or _clings(after):
        return False
    if before == JOINER:
        return unicodedata.category(after) != "So"
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 0
    if unicodedata.combining(before) == VIRAMA:
        return unicodedata.category(after) != "Lo"
    return not _is_one_syllable(before, after)


def _clings(character: str) -> bool:
    code = ord(character)
    return (
        character in (JOINER, "\u200c")
        or unicodedata.category(character) in CLINGING
        # Skin tones; the tags of regional flags.
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _is_flag_half(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _flag_halves_before(text: str, at: int) -> int:
    first = at
    while first and _is_flag_half(text[first - 1]):
        first -= 1
    return at - first


def _is_one_syllable(before: str, after: str) -> bool:
    """Hangul: leading consonant, vowel, trailing consonant (GB6 to GB8)."""
    one, other = _hangul(before), _hangul(after)
    return (one, other) in (
        *(("L", it) for it in ("L", "V", "LV", "LVT")),
        *((it, "V") for it in ("LV", "V")),
        *((it, "T") for it in ("LV", "V", "LVT", "T")),
    )


def _hangul(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return ""
