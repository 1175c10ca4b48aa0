"""How a new round begins: what each kind asks, whom, and how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werkraum_feedback.asking.asked import Asked
from werkraum_feedback.asking.default_survey import (
    HELPFUL,
    JOIN_IN,
    WRITING,
    default_survey,
)
from werkraum_feedback.asking.rules import FEWEST_OPTIONS
from werkraum_feedback.models import Audience, Naming, RoundKind
from werkraum_feedback.questions import Option, Poles, QuestionKind
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound


@dataclass(frozen=True)
class UsualRound:
    """What a round of a kind is like until its organiser changes it.

    `questions` takes the organiser's topics, to offer them.
    """

    title: Texts
    questions: Callable[[Sequence[Option]], list[Asked]]
    audience: Audience = Audience.CONFIRMED
    naming: Naming = Naming.ANONYMOUS
    asks_group: bool = False
    asks_quote: bool = False


EXPECT = Asked(
    QuestionKind.TEXT,
    {
        "de": "Was erwarten Sie von der Veranstaltung?",
        "en": "What do you expect of the event?",
    },
    {"de": "Ein, zwei Sätze genügen.", "en": "One or two sentences will do."},
)

LEVEL = Asked(
    QuestionKind.CHOICE,
    {
        "de": "Wie viel Erfahrung haben Sie mit dem Thema?",
        "en": "How much experience do you have with the subject?",
    },
    {},
    (
        Option("new", {"de": "Ich fange gerade an.", "en": "I am just beginning."}),
        Option(
            "some",
            {"de": "Ich habe erste Erfahrungen.", "en": "I have made a start."},
        ),
        Option(
            "much",
            {
                "de": "Ich arbeite seit Langem daran.",
                "en": "I have worked on it for a long time.",
            },
        ),
    ),
)

BRING = Asked(
    QuestionKind.STATEMENT,
    {
        "de": "Was bringen Sie mit? Was gelingt bei Ihnen gut?",
        "en": "What do you bring? What works well where you are?",
    },
    {
        "de": "Zwei Zeilen, die Sie in der Runde erzählen würden.",
        "en": "Two lines, as you would tell them to the others.",
    },
)

SEEK = Asked(
    QuestionKind.STATEMENT,
    {
        "de": "Was suchen Sie? Wobei hilft Ihnen der Austausch?",
        "en": "What do you seek? What would you like to talk about with others?",
    },
    {
        "de": "Auch eine Frage an die anderen ist willkommen.",
        "en": "A question to the others is welcome, too.",
    },
)

MOOD = Asked(
    QuestionKind.SCALE,
    {"de": "Wie geht es Ihnen gerade damit?", "en": "How is it going for you?"},
    {},
    poles=Poles(
        {"de": "gar nicht gut", "en": "not well at all"},
        {"de": "sehr gut", "en": "very well"},
    ),
)

TAKE_ALONG = Asked(
    QuestionKind.TEXT,
    {
        "de": "Was nehmen Sie von heute mit?",
        "en": "What do you take along from today?",
    },
    WRITING,
)

NEXT_STEP = Asked(
    QuestionKind.TEXT,
    {
        "de": "Was gehen Sie als Nächstes an, und mit wem?",
        "en": "What will you do next, and with whom?",
    },
    {
        "de": "Bitte nennen Sie Einrichtungen statt Personen.",
        "en": "Please name organisations, not persons.",
    },
)

WISH = Asked(
    QuestionKind.STATEMENT,
    {
        "de": "Was wünschen Sie sich vom Netzwerk?",
        "en": "What do you wish for from the network?",
    },
    WRITING,
)


def _needs(topics: Sequence[Option]) -> list[Asked]:
    return [EXPECT, LEVEL, *_most_wanted(topics)]


def _most_wanted(topics: Sequence[Option]) -> list[Asked]:
    if len(topics) < FEWEST_OPTIONS:
        return []
    text = {
        "de": "Welche Themen liegen Ihnen am meisten am Herzen?",
        "en": "Which topics matter most to you?",
    }
    hint = {"de": "Sie können mehrere auswählen.", "en": "You can choose several."}
    return [Asked(QuestionKind.CHOICES, text, hint, tuple(topics))]


USUAL = {
    RoundKind.NEEDS: UsualRound(
        {
            "de": "Was Sie von der Veranstaltung erwarten",
            "en": "What you expect of the event",
        },
        _needs,
        asks_group=True,
    ),
    RoundKind.INTRODUCTION: UsualRound(
        {"de": "Ihre Vorstellung für die Runde", "en": "Your introduction"},
        lambda topics: [BRING, SEEK],
        naming=Naming.CHOSEN,
        asks_group=True,
        asks_quote=True,
    ),
    RoundKind.PULSE: UsualRound(
        {"de": "Kurz gefragt", "en": "A quick question"},
        lambda topics: [MOOD],
    ),
    RoundKind.CLOSING: UsualRound(
        {"de": "Zum Abschluss", "en": "Before we part"},
        lambda topics: [TAKE_ALONG, NEXT_STEP, WISH],
        audience=Audience.ATTENDED,
        asks_group=True,
        asks_quote=True,
    ),
    RoundKind.SURVEY: UsualRound(
        {
            "de": "Ihre Rückmeldung zur Veranstaltung",
            "en": "Your feedback on the event",
        },
        default_survey,
        audience=Audience.ATTENDED,
        asks_quote=True,
    ),
}


SUPPORT = Asked(
    QuestionKind.STATEMENT,
    {
        "de": "Wobei brauchen Sie gerade Unterstützung?",
        "en": "What do you need support with at the moment?",
    },
    WRITING,
)

SERVED = Asked(
    QuestionKind.SCALE,
    {
        "de": "Wie hilfreich ist das Netzwerk für Ihre Arbeit?",
        "en": "How helpful is the network for your work?",
    },
    HELPFUL.hint,
    poles=HELPFUL.poles,
)

# What makes sense without an event, and says nothing of one.
OF_THE_NETWORK = {
    RoundKind.SURVEY: UsualRound(
        {"de": "Ihre Meinung ist gefragt", "en": "We would like to hear from you"},
        lambda topics: [SERVED, *_most_wanted(topics), WISH, JOIN_IN],
        audience=Audience.LISTED,
        asks_quote=True,
    ),
    RoundKind.NEEDS: UsualRound(
        {"de": "Was Sie vom Netzwerk brauchen", "en": "What you need of the network"},
        lambda topics: [SUPPORT, *_most_wanted(topics), WISH],
        audience=Audience.LISTED,
        asks_group=True,
        asks_quote=True,
    ),
}


def usual_round(kind: RoundKind, *, of_event: bool) -> UsualRound:
    """Say how a round of a kind begins; raises `NotFound` where there is none."""
    if of_event:
        return USUAL[kind]
    if kind not in OF_THE_NETWORK:
        raise NotFound
    return OF_THE_NETWORK[kind]
