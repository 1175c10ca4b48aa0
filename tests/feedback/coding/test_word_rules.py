import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_feedback.coding.word_rules import Hit, first_hit, folded


@pytest.mark.parametrize(
    ("text", "rules", "hit"),
    [
        ("Die Jugendlichen fehlen", ["jugend"], Hit("Jugendlichen", "jugend")),
        ("Der Stadtjugendring hilft", ["jugend"], None),
        ("Der Stadtjugendring hilft", ["*jugend"], Hit("Stadtjugendring", "*jugend")),
        ("Der Stadtjugendring hilft", ["jugend*"], Hit("Stadtjugendring", "jugend*")),
        ("FORDERUNG", ["förder"], Hit("FORDERUNG", "förder")),
        ("Fo\u0308rderung", ["förder"], Hit("Fo\u0308rderung", "förder")),
        ("Straße", ["STRASSE"], Hit("Straße", "STRASSE")),
        ("Łódź", ["łodz"], Hit("Łódź", "łodz")),
        ("Nachwuchs und Jugend", ["jugend", "nach"], Hit("Nachwuchs", "nach")),
        ("Städte-Partnerschaft", ["städte-p"], Hit("Städte-Partnerschaft", "städte-p")),
        ("شباب", ["شب"], Hit("شباب", "شب")),
        ("", ["jugend"], None),
        ("Jugend", ["", "*"], None),
        ("Jugend", [], None),
    ],
)
def test_rules_find_words(text: str, rules: list[str], hit: Hit | None) -> None:
    assert first_hit(text, rules) == hit


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
