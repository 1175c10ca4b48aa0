"""The text about privacy an organiser begins with says what the program does."""

from datetime import timedelta

import pytest

from werkraum_server.public.legal_texts import default_texts
from werkraum_server.retention import NEVER_CONFIRMED, REGISTRATIONS

WORDS = {"de": "{} Tage", "en": "{} days"}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("period", [REGISTRATIONS, NEVER_CONFIRMED])
def test_privacy_names_the_periods_of_the_program(
    language: str, period: timedelta
) -> None:
    texts = default_texts("privacy", name="Network office", contact="x@y.example")
    assert WORDS[language].format(period.days) in texts[language]
