"""Which language somebody is answered in, from what their browser says."""

import pytest

from werkraum_foundation.language import best_language

OFFERED = ("de", "en")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param("", "de", id="nothing said"),
        pytest.param("en", "en", id="one"),
        pytest.param("en-GB,en;q=0.9,de;q=0.8", "en", id="as browsers write it"),
        pytest.param("de;q=0.5, en;q=0.8", "en", id="the heavier one, though later"),
        pytest.param("en;q=0.5, de", "de", id="no weight is the most"),
        pytest.param("en;q=0.7, de;q=0.7", "en", id="alike: the first"),
        pytest.param("fr, en;q=0.2", "en", id="the first is not offered"),
        pytest.param("fr, pl;q=0.9", "de", id="none is offered"),
        pytest.param("en;q=0", "de", id="not wanted"),
        pytest.param("de;q=0, *", "en", id="anything but German"),
        pytest.param("en;q=0.3, *;q=0.9", "de", id="rather anything else"),
        pytest.param("*", "de", id="anything"),
        pytest.param("en-US;q=0, en;q=0.4", "en", id="one region not wanted"),
        pytest.param("EN ; Q=1.000 , de;q=0.999", "en", id="capitals and spaces"),
        pytest.param("en;q=high, de;q=0.1", "de", id="unreadable weighs least"),
        pytest.param("en;q=high", "en", id="unreadable, and nothing else"),
        pytest.param("en;q=nan, de;q=0.1", "de", id="no number"),
        pytest.param("en;q=1e9, de;q=0.1", "de", id="more than there is"),
        pytest.param(",;,=;q", "de", id="no list at all"),
        pytest.param("en" + ";" * 100_000, "en", id="endless separators"),
        pytest.param("," * 100_000 + "en", "de", id="endless wishes"),
        pytest.param("en;q=0." + "9" * 100_000, "en", id="endless digits"),
    ],
)
def test_the_language_somebody_wants_most_is_chosen(accept: str, chosen: str) -> None:
    assert best_language(accept, OFFERED) == chosen


def test_only_what_is_offered_is_chosen() -> None:
    assert best_language("hu;q=0.9, en;q=0.3", ("de", "en", "hu")) == "hu"
    assert best_language("en", ("de",)) == "de"
