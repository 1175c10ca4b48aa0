"""What a look at a hosted server or a BigBlueButton found, in words of its own."""

import pytest

from werkraum_foundation.language import in_language
from werkraum_rooms.probing.probe_words import words_of
from werkraum_rooms.servers.providers import Finding

SAID = [
    (Finding("health", True), "It answers.", "Er antwortet."),
    (Finding("secret", True), "It was accepted.", "Es wurde angenommen."),
    (
        Finding("secret", False, "not_known"),
        "The server does not accept it.",
        "Der Server nimmt es nicht an.",
    ),
    (
        Finding("secret", None, "not_asked"),
        "It cannot be told while",
        "Das lässt sich nicht feststellen, solange",
    ),
    (
        Finding("token", None, "hosted"),
        "It cannot be told from here.",
        "Das lässt sich von hier aus nicht feststellen.",
    ),
]


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize(("finding", "english", "german"), SAID)
def test_each_finding_has_words_that_are_true(
    finding: Finding, english: str, german: str, lang: str
) -> None:
    with in_language(lang):
        words = words_of(finding, "Europe/Berlin")

    assert words.stands.startswith(german if lang == "de" else english)
    assert words.well is finding.well
    assert bool(words.to_do) is (finding.well is False)
