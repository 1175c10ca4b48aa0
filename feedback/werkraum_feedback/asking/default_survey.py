"""The survey an office asks after a forum: two minutes, ready to send."""

from collections.abc import Sequence

from werkraum_feedback.asking.asked import Asked
from werkraum_feedback.asking.rules import FEWEST_OPTIONS
from werkraum_feedback.questions import Option, Poles, QuestionKind


def default_survey(topics: Sequence[Option]) -> list[Asked]:
    """Ask at most six questions in German and English, all of them optional.

    `topics` are offered for the forums to come; with fewer than two, that question
    is left out. The words are the organiser's to change before the round opens.
    """
    return [HELPFUL, NEXT_TIME, *_topics(topics), VALUABLE, DIFFERENT, JOIN_IN]


def _topics(topics: Sequence[Option]) -> list[Asked]:
    if len(topics) < FEWEST_OPTIONS:
        return []
    text = {
        "de": "Welche Themen sollten wir als Nächstes aufgreifen?",
        "en": "Which topics should we take up next?",
    }
    hint = {
        "de": "Sie können mehrere auswählen.",
        "en": "You can choose several.",
    }
    return [Asked(QuestionKind.CHOICES, text, hint, tuple(topics))]


HELPFUL = Asked(
    QuestionKind.SCALE,
    {
        "de": "Wie hilfreich war die Veranstaltung für Ihre Arbeit?",
        "en": "How helpful was the event for your work?",
    },
    {
        "de": "Auch das Ehrenamt ist gemeint.",
        "en": "Voluntary work counts as well.",
    },
    poles=Poles(
        {"de": "gar nicht hilfreich", "en": "not helpful at all"},
        {"de": "sehr hilfreich", "en": "very helpful"},
    ),
)

NEXT_TIME = Asked(
    QuestionKind.CHOICE,
    {
        "de": "Wie möchten Sie beim nächsten Mal am liebsten teilnehmen?",
        "en": "How would you like to take part next time?",
    },
    {},
    (
        Option("onsite", {"de": "vor Ort", "en": "on site"}),
        Option("online", {"de": "online", "en": "online"}),
        Option("either", {"de": "beides ist mir recht", "en": "either is fine"}),
    ),
)

WRITING = {
    "de": "Bitte nennen Sie keine Namen. Auch an der Art zu schreiben kann man "
    "jemanden erkennen.",
    "en": "Please give no names. A way of writing can also tell who wrote.",
}

VALUABLE = Asked(
    QuestionKind.TEXT,
    {
        "de": "Was war für Sie besonders wertvoll?",
        "en": "What was most valuable to you?",
    },
    WRITING,
)

DIFFERENT = Asked(
    QuestionKind.TEXT,
    {
        "de": "Was sollten wir beim nächsten Mal anders machen?",
        "en": "What should we do differently next time?",
    },
    WRITING,
)

JOIN_IN = Asked(
    QuestionKind.CHOICE,
    {
        "de": "Würden Sie an der Weiterentwicklung mitwirken?",
        "en": "Would you join in the further development?",
    },
    {
        "de": "Ihre Antwort bleibt anonym. Wer mitwirken möchte, meldet sich "
        "bitte zusätzlich bei uns.",
        "en": "Your answer stays anonymous. If you want to join in, please get in "
        "touch with us as well.",
    },
    (
        Option("yes", {"de": "ja", "en": "yes"}),
        Option("maybe", {"de": "vielleicht", "en": "maybe"}),
        Option("no", {"de": "nein", "en": "no"}),
    ),
)
