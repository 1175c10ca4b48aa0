import pytest

from werkraum_events.filters import Filters, read_filters
from werkraum_events.models import Event, Kind, Mode

EVENT = Event(
    title={"de": "Übergang 100 % digital"},
    summary={"de": "Für alle_zusammen"},
    description={},
    place_name="Rathaus",
    place_address="Markt 1",
)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        pytest.param({}, Filters(), id="nothing"),
        pytest.param({"kind": "talk"}, Filters(kind=Kind.TALK), id="kind"),
        pytest.param({"kind": "party"}, Filters(), id="unknown kind"),
        pytest.param({"mode": "online"}, Filters(mode=Mode.ONLINE), id="mode"),
        pytest.param({"mode": "' OR 1=1"}, Filters(), id="unknown mode"),
        pytest.param({"topic": "jugend"}, Filters(topic="jugend"), id="topic"),
        pytest.param({"q": " x "}, Filters(q="x"), id="words"),
        pytest.param({"q": "%" * 10_000}, Filters(q="%" * 200), id="10 kB"),
    ],
)
def test_filters_are_read_from_the_address(
    query: dict[str, str], filters: Filters
) -> None:
    assert read_filters(query) == filters


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("übergang", True, id="in any case, umlauts too"),
        pytest.param("100 %", True, id="a percent sign is one"),
        pytest.param("1%0", False, id="a percent sign is nothing else"),
        pytest.param("alle_zusammen", True, id="an underscore is one"),
        pytest.param("alle zusammen", False, id="a blank is no underscore"),
        pytest.param("rathaus", True, id="in the place"),
        pytest.param("de", False, id="not in the name of the language"),
        pytest.param("((((", False, id="brackets"),
        pytest.param("\\", False, id="a backslash"),
    ],
)
def test_words_are_looked_for_as_typed(words: str, found: bool) -> None:
    assert Filters(q=words).words_fit(EVENT) is found
