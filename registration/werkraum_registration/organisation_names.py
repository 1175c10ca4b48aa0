"""When two names of organisations are one, for certain or probably.

Certain is only what differs in writing: letter case, spaces, punctuation, "e. V." and
"e.V.". That is the key of a row, and nothing else is ever the same by itself.
"""

import unicodedata
from hashlib import sha256

# As long as the column of the key; a name of 200 letters may unfold to more.
LONGEST_KEY = 200

# What stands before the name of a town, as people write it or leave it out.
OF_A_TOWN = (
    "stadt",
    "gemeinde",
    "stadtverwaltung",
    "gemeindeverwaltung",
    "landeshauptstadt",
    "bundesstadt",
    "hansestadt",
    "city of",
    "town of",
    "ville de",
    "gemeente",
    "miasto",
    "gmina",
)
IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ł": "l", "ø": "o"})


def name_key(name: str) -> str:
    """Write a name as it is compared: "Europa-Union  e. V." is "europa union ev"."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(each if _is_read(each) else " " for each in folded).split()
    if words[-2:] == ["e", "v"]:
        words[-2:] = ["ev"]
    # Of signs alone, such as an emoji, the signs are the name.
    key = unicodedata.normalize("NFKC", " ".join(words) or " ".join(folded.split()))
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:135]} {sha256(key.encode()).hexdigest()}"


def town_keys(key: str) -> tuple[str, ...]:
    """Name the keys that mean the same if it is a town: with "Stadt" and without.

    "gemeinde x" and "stadt x" are two: somebody who says which means it.
    """
    bare = bare_key(key)
    if bare != key:
        return (bare,)
    return tuple(f"{word} {key}" for word in OF_A_TOWN)


def bare_key(key: str) -> str:
    """Leave out what stands before the name of a town."""
    for word in OF_A_TOWN:
        if key.startswith(f"{word} "):
            return key.removeprefix(f"{word} ")
    return key


def loose_key(key: str) -> str:
    """Leave out what people forget: accents, "Stadt", "e.V."; for hints alone."""
    bare = bare_key(key).removesuffix(" ev").translate(IN_ASCII)
    plain = unicodedata.normalize("NFKD", bare)
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return letters.replace(" ", "")


def sort_key(name: str) -> str:
    """Order names as a clerk does: Ä beside A, letter case aside."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))


def _is_read(character: str) -> bool:
    # Letters, the marks on them, digits.
    return unicodedata.category(character)[0] in "LMN"
