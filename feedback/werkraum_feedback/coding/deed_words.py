"""What a deed on codebook or codings was, in words, for the button that undoes it."""

from werkraum_feedback.statement_models import CodebookDeed
from werkraum_foundation.language import gettext, noop

DEEDS = {
    "coding.make": noop("Take back: marked"),
    "coding.remove": noop("Take back: marks removed"),
    "coding.move": noop("Take back: marks moved"),
    "coding.quote": noop("Take back: good quote"),
    "theme.make": noop("Take back: new theme"),
    "theme.edit": noop("Take back: theme worded anew"),
    "theme.move": noop("Take back: other order"),
    "theme.retire": noop("Take back: theme retired"),
    "theme.bring_back": noop("Take back: theme brought back"),
    "theme.merge": noop("Take back: themes merged"),
    "theme.split": noop("Take back: theme split"),
    "suggestion.dismiss": noop("Take back: suggestion dismissed"),
    "codebook.import": noop("Take back: codebook taken in"),
}
OTHER = noop("Take back the last step")


def deed_words(deed: CodebookDeed) -> str:
    """Say what a press on the button takes back."""
    return gettext(DEEDS.get(deed.action, OTHER))
