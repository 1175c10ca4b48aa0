"""Which language a text is written in, by the small words in it.

Nothing of the person decides (an anonymous answer has no language of its own),
only how often the commonest words of a language are used.
"""

import re

WORD = re.compile(r"[^\W\d_]+")

SMALL_WORDS = {
    code: frozenset(words.split())
    for code, words in {
        "de": "der die das und ist nicht wir für mit den dem ein eine einen einer auf"
        " im zu von sich auch es sind haben hat werden wird mehr uns unser unsere bei"
        " aus nach oder wie dass kein keine über beim zum zur",
        "en": "the and is not we for with of to in it are have has be will more us our"
        " from or how that no about at this they you what there was were an as by",
        "fr": "le la les et est pas nous pour avec des du un une dans au aux que qui"
        " sont plus notre nos sur ou comment ne ce cette il elle en par vous",
        "nl": "de het en is niet wij voor met van een op te zijn hebben heeft wordt"
        " meer ons onze bij uit naar of hoe dat geen over ook er aan dit",
        "pl": "i w nie na z jest do się że dla nas jak są mamy ale oraz przez więcej"
        " po od tym to co bardzo lub nasz nasze czy",
        "hu": "a az és nem van egy hogy is ez mint meg több nekünk mi vagy de ami"
        " lesz kell volt nagyon itt csak",
    }.items()
}


def language_of(text: str, *, default: str) -> str:
    """Guess the language of a text; `default` where no word tells, or two tie."""
    words = [word.casefold() for word in WORD.findall(text)]
    counts = {
        code: sum(word in small for word in words)
        for code, small in SMALL_WORDS.items()
    }
    best = max(counts.values())
    leading = [code for code, count in counts.items() if count == best]
    return leading[0] if best and len(leading) == 1 else default
