"""What each kind of round is called, as sentences on pages and in letters need it."""

from dataclasses import dataclass

from werkraum_feedback.models import RoundKind
from werkraum_foundation.language import gettext, noop


@dataclass(frozen=True)
class RoundName:
    """The name of a kind in one language, as subject or object of a sentence.

    "the survey" and "this survey" stand within a sentence, `The` and `This` begin one.
    A language whose articles change with the case words its sentences so that these
    forms will do: German does.
    """

    plain: str
    the: str
    this: str

    @property
    def The(self) -> str:
        return _beginning(self.the)

    @property
    def This(self) -> str:
        return _beginning(self.this)


_NAMES = {
    RoundKind.NEEDS: (
        noop("needs round"),
        noop("the needs round"),
        noop("this needs round"),
    ),
    RoundKind.INTRODUCTION: (
        noop("introduction round"),
        noop("the introduction round"),
        noop("this introduction round"),
    ),
    RoundKind.PULSE: (noop("pulse"), noop("the pulse"), noop("this pulse")),
    RoundKind.CLOSING: (
        noop("closing round"),
        noop("the closing round"),
        noop("this closing round"),
    ),
    RoundKind.SURVEY: (noop("survey"), noop("the survey"), noop("this survey")),
}


def name_of(kind: RoundKind) -> RoundName:
    """Name a kind of round in the language that is spoken now."""
    return RoundName(*map(gettext, _NAMES[kind]))


def _beginning(words: str) -> str:
    return words[:1].upper() + words[1:]
