"""Every "no" around codebook and codings."""

from collections.abc import Iterable

from werkraum_feedback.coding.word_rules import folded
from werkraum_feedback.statement_models import (
    Statement,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import NotFound, Refused

MOST_THEMES = 200
MOST_WORDS = 40
# Of a fixed set, each with a line of its own: no colour stands alone.
COLOURS = 12
MOST_AT_ONCE = 500


class NothingToUndo(Refused):
    code = "nothing_to_undo"

    def message(self) -> str:
        return gettext("There is nothing of yours left to take back.")


class ChangedSince(Refused):
    code = "changed_since"

    def message(self) -> str:
        return gettext(
            "This can no longer be taken back: somebody has gone on from there "
            "since. Nothing was changed."
        )


class ThemeExists(Refused):
    code = "theme_exists"

    def message(self) -> str:
        return gettext("The codebook has a theme of this name already.")


class ThemeNotInUse(Refused):
    """Merged into another one, or retired, since the page was loaded."""

    code = "theme_not_in_use"

    def message(self) -> str:
        return gettext("This theme is not in use any more.")


class SameTheme(Refused):
    status = 422
    code = "same_theme"

    def message(self) -> str:
        return gettext("Please choose another theme than this one.")


class TooManyThemes(Refused):
    code = "too_many_themes"

    def message(self) -> str:
        return gettext(
            "The codebook has 200 themes, and that is the most it takes. Please "
            "merge or retire some first."
        )


class TooManyAtOnce(Refused):
    status = 422
    code = "too_many_at_once"

    def message(self) -> str:
        return gettext("That is more than can be changed at once.")


class NothingChosen(Refused):
    status = 422
    code = "nothing_chosen"

    def message(self) -> str:
        return gettext("Please choose at least one place first.")


class OutsideTheText(Refused):
    status = 422
    code = "outside_the_text"

    def message(self) -> str:
        return gettext("Please choose at least one word of the text.")


def names_of(themes: Iterable[Theme]) -> list[str]:
    """List the names of themes in use, as they are compared: one per name of each."""
    in_use = (theme for theme in themes if theme.state is ThemeState.ACTIVE)
    return [name for theme in in_use for name in sorted(folded_names(theme))]


def folded_names(theme: Theme) -> set[str]:
    return {folded(name) for name in theme.name.values()}


def must_have_own_names(themes: Iterable[Theme]) -> None:
    names = names_of(themes)
    if len(names) > len(set(names)):
        raise ChangedSince


def must_be_in_use(theme: Theme) -> None:
    if theme.state is not ThemeState.ACTIVE:
        raise ThemeNotInUse


def must_be_shown(statement: Statement) -> None:
    """What is hidden is not read, and so not marked."""
    if statement.state is not StatementState.SHOWN:
        raise NotFound


def must_be_chosen(number: int) -> None:
    if not number:
        raise NothingChosen
    if number > MOST_AT_ONCE:
        raise TooManyAtOnce
