"""Suggestions of themes by plain word rules; a person takes or dismisses each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding.word_rules import Hit, first_hit
from werkraum_feedback.statement_models import Statement, Theme


@dataclass(frozen=True)
class Suggestion:
    """A theme that may fit, and the word of the text that says so."""

    theme: Theme
    hit: Hit


def suggestions_for(
    statement: Statement, themes: Sequence[Theme], *, without: Iterable[UUID]
) -> list[Suggestion]:
    """Look for the words of each theme, but of those decided already."""
    decided = set(without)
    found = (
        (theme, first_hit(statement.text, theme.words))
        for theme in themes
        if theme.id not in decided
    )
    return [Suggestion(theme, hit) for theme, hit in found if hit]
