from datetime import timedelta

import pytest

from werkraum_foundation.language import in_language
from werkraum_rooms.waiting import in_words


@pytest.mark.parametrize(
    ("left", "english", "german"),
    [
        ({"seconds": 1}, "in 1 minute", "in 1 Minute"),
        ({"minutes": 9, "seconds": 1}, "in 10 minutes", "in 10 Minuten"),
        ({"minutes": 59, "seconds": 59}, "in 1 hour", "in 1 Stunde"),
        ({"hours": 2}, "in 2 hours", "in 2 Stunden"),
        (
            {"hours": 1, "minutes": 1},
            "in 1 hour and 1 minute",
            "in 1 Stunde und 1 Minute",
        ),
        (
            {"hours": 47, "minutes": 5},
            "in 47 hours and 5 minutes",
            "in 47 Stunden und 5 Minuten",
        ),
        ({"days": 2}, "in 2 days", "in 2 Tagen"),
        ({"days": 14, "hours": 3}, "in 14 days", "in 14 Tagen"),
    ],
)
def test_how_long_it_takes_is_said(
    left: dict[str, float], english: str, german: str
) -> None:
    time = timedelta(**left)

    assert in_words(time) == english
    with in_language("de"):
        assert in_words(time) == german
