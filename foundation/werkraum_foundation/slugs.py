"""Words as they stand in an address: small letters, digits and single hyphens."""

import re
import unicodedata

# As people write these letters where there are none; NFKD would only drop dots.
IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l"})


def slug_of(words: str, *, longest: int = 60) -> str:
    """Make a slug of a name; "" if none of its letters has a Latin form.

    What is longer ends before a whole word, if there is one.
    """
    latin = unicodedata.normalize("NFC", words).lower().translate(IN_ASCII)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    made = "-".join(re.findall("[a-z0-9]+", plain))
    if len(made) > longest:
        made = made[: longest + 1].rpartition("-")[0] or made[:longest]
    return made
