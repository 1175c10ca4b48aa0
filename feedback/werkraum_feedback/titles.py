"""What a new round is called until its organiser words it."""

from werkraum_feedback.models import RoundKind
from werkraum_foundation.models import Texts

TITLES: dict[RoundKind, Texts] = {
    RoundKind.NEEDS: {
        "de": "Was Sie von der Veranstaltung erwarten",
        "en": "What you expect of the event",
    },
    RoundKind.INTRODUCTION: {
        "de": "Ihre Vorstellung für die Runde",
        "en": "Your introduction to the others",
    },
    RoundKind.PULSE: {"de": "Kurz gefragt", "en": "A quick question"},
    RoundKind.CLOSING: {"de": "Zum Abschluss", "en": "Before we part"},
    RoundKind.SURVEY: {
        "de": "Ihre Rückmeldung zur Veranstaltung",
        "en": "Your feedback on the event",
    },
}
