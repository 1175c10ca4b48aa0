"""The survey an office asks after a forum: two minutes, ready to send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werkraum_feedback.questions import Option, Poles, Question, QuestionKind, Texts


@dataclass(frozen=True)
class _Asked:
    """A question before it has an id and a number."""

    kind: QuestionKind
    text: Texts
    hint: Texts
    options: tuple[Option, ...] = ()
    poles: Poles = Poles({}, {})


def default_survey(
    topics: Sequence[Option], *, new_id: Callable[[], str]
) -> tuple[Question, ...]:
    """Ask at most six questions in German and English, all of them optional.

    `topics` are offered for the forums to come; without any, that question is
    left out. The words are the organiser's to change before the round opens.
    """
    asked = [HELPFUL, NEXT_TIME, *_topics(topics), VALUABLE, DIFFERENT, JOIN_IN]
    return tuple(
        Question(
            new_id(),
            f"F{number:02}",
            one.kind,
            one.text,
            one.hint,
            one.options,
            one.poles,
        )
        for number, one in enumerate(asked, start=1)
    )


def _topics(topics: Sequence[Option]) -> list[_Asked]:
    if not topics:
        return []
    text = {
        "de": "Welche Themen sollten wir als Nächstes aufgreifen?",
        "en": "Which topics should we take up next?",
    }
    hint = {
        "de": "Sie können mehrere auswählen.",
        "en": "You can choose several.",
    }
    return [_Asked(QuestionKind.CHOICES, text, hint, tuple(topics))]


HELPFUL = _Asked(
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

NEXT_TIME = _Asked(
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

VALUABLE = _Asked(
    QuestionKind.TEXT,
    {
        "de": "Was war für Sie besonders wertvoll?",
        "en": "What was most valuable to you?",
    },
    WRITING,
)

DIFFERENT = _Asked(
    QuestionKind.TEXT,
    {
        "de": "Was sollten wir beim nächsten Mal anders machen?",
        "en": "What should we do differently next time?",
    },
    WRITING,
)

JOIN_IN = _Asked(
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
