import pytest

from werkraum_feedback.results.shares import share_in_words
from werkraum_foundation.catalogues import catalogue
from werkraum_foundation.language import in_language

WORDS = [
    (0, 0, None),
    (2, 4, None),
    (4, 4, None),
    (0, 5, "niemand"),
    (1, 5, "einzelne"),
    (2, 5, "einzelne"),
    (2, 1000, "einzelne"),
    (3, 5, "mehrere"),
    (4, 5, "mehrere"),
    (4, 1000, "mehrere"),
    (5, 5, "übereinstimmend"),
    (5, 6, "fast alle"),
    (5, 1000, "ein Teil"),
    (299, 1000, "ein Teil"),
    (300, 1000, "rund ein Drittel"),
    (333, 1000, "rund ein Drittel"),
    (5, 15, "rund ein Drittel"),
    (334, 1000, "gut ein Drittel"),
    (41, 121, "gut ein Drittel"),
    (370, 1000, "gut ein Drittel"),
    (371, 1000, "knapp zwei Fünftel"),
    (399, 1000, "knapp zwei Fünftel"),
    (400, 1000, "zwei Fünftel"),
    (401, 1000, "gut zwei Fünftel"),
    (449, 1000, "gut zwei Fünftel"),
    (450, 1000, "etwa die Hälfte"),
    (550, 1000, "etwa die Hälfte"),
    (551, 1000, "die Mehrheit"),
    (800, 1000, "die Mehrheit"),
    (801, 1000, "fast alle"),
    (999, 1000, "fast alle"),
    (1000, 1000, "übereinstimmend"),
]


@pytest.mark.parametrize(
    ("part", "whole", "word"), WORDS, ids=[f"{p}-of-{w}" for p, w, _ in WORDS]
)
def test_the_word_fits_the_share(part: int, whole: int, word: str | None) -> None:
    with in_language("de"):
        assert share_in_words(part, whole) == word


def test_english_has_words_of_its_own() -> None:
    with in_language("en"):
        said = [share_in_words(part, 20) for part in (0, 1, 3, 5, 7, 10, 15, 17, 20)]

    assert said == [
        "nobody",
        "a few individuals",
        "several people",
        "some of them",
        "just over a third",
        "about half",
        "the majority",
        "almost all",
        "unanimously",
    ]


def test_each_english_word_has_one_german_word() -> None:
    said = {word for _, _, word in WORDS if word}

    assert said <= {message.string for message in catalogue("werkraum_feedback", "de")}
