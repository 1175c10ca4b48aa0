"""A name becomes a part of an address."""

import pytest

from werkraum_foundation.slugs import slug_of


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        pytest.param("Forum Jugend", "forum-jugend", id="words"),
        pytest.param("Größe & Übergang", "groesse-uebergang", id="umlauts"),
        pytest.param("Łódź – Kraków 2027", "lodz-krakow-2027", id="Polish"),
        pytest.param("Gro\u0308ße", "groesse", id="umlaut of two characters"),
        pytest.param("Εργαστήριο", "", id="no Latin letter"),
        pytest.param("ein " * 40, "-".join(["ein"] * 15), id="long"),
        pytest.param("a" * 80, "a" * 60, id="one long word"),
    ],
)
def test_a_slug_is_made_of_a_name(words: str, slug: str) -> None:
    assert slug_of(words) == slug
