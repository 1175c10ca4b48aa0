"""The word list of a live question: which words how many voices have used."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from werkraum_feedback.coding.text_language import SMALL_WORDS
from werkraum_feedback.coding.word_rules import WORD, folded
from werkraum_feedback.results.shares import FEWEST

# A word of one voice only could tell whose it is.
FEWEST_PER_WORD = 2
MOST_WORDS = 40
SHORTEST = 2
LANGUAGES = ("de", "en")
# Beside the commonest words of a language, what says nothing on a wall either.
MORE_SMALL_WORDS = frozenset(
    "ich du er sie man mich mir mein meine dein deine ihr ihre ihnen sein seine dieser"
    " diese dieses als wenn weil aber denn doch noch nur schon sehr viel viele alle"
    " alles etwas was wer wo so da hier dort am vom ins ja kann können soll sollte"
    " muss müssen will wollen würde wäre mal immer jetzt durch gegen ohne um unter vor"
    " zwischen den des einem eines euch i me my your he she his her them their if but"
    " because so too very much many all some any can could should would may do does did"
    " just only also into out up down over under yes than then its".split()
)
STOP_WORDS = frozenset(
    folded(word)
    for words in (*(SMALL_WORDS[code] for code in LANGUAGES), MORE_SMALL_WORDS)
    for word in words
)


@dataclass(frozen=True)
class WordCount:
    """A word as most have written it, and how many voices have used it."""

    word: str
    voices: int


def word_list(texts: Iterable[str]) -> tuple[WordCount, ...]:
    """Count the words of all voices, the most used first; nothing of fewer than five.

    Each voice counts once for a word, however often it says it. Words of a single
    voice and small words are left out; what is alike but for case and accents is
    one word.
    """
    said = [_words(text) for text in texts]
    if len(said) < FEWEST:
        return ()
    voices = Counter(key for words in said for key in words)
    spellings = Counter((key, word) for words in said for key, word in words.items())
    counted = [
        WordCount(_spelling(key, spellings), number)
        for key, number in voices.items()
        if number >= FEWEST_PER_WORD
    ]
    counted.sort(key=lambda it: (-it.voices, it.word))
    return tuple(counted[:MOST_WORDS])


def _words(text: str) -> dict[str, str]:
    """Find the words of a voice: how each is compared, and how it is written."""
    found = {folded(match[0]): match[0] for match in WORD.finditer(text)}
    return {
        key: word
        for key, word in found.items()
        if len(key) >= SHORTEST and key not in STOP_WORDS
    }


def _spelling(key: str, spellings: Counter[tuple[str, str]]) -> str:
    ways = [(number, word) for (it, word), number in spellings.items() if it == key]
    return max(ways)[1]
