"""What organisers read for source, phase, kind and consent of a statement."""

from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    StatementKind,
    StatementSource,
)
from werkraum_foundation.language import gettext, noop
from werkraum_registration.models import OrganisationKind, OrganisationSize

SOURCES = {
    StatementSource.ANSWER: noop("Answer in a round"),
    StatementSource.CARD: noop("Card of the introduction"),
    StatementSource.CAPTURE: noop("Noted while somebody spoke"),
    StatementSource.LIVE: noop("Card from the room"),
    StatementSource.PAPER: noop("On paper or by mail"),
}
PHASES = {
    Phase.BEFORE: noop("Before the event"),
    Phase.INTRODUCTION: noop("Introduction round"),
    Phase.DISCUSSION: noop("Discussion"),
    Phase.CLOSING: noop("Closing round"),
    Phase.SURVEY: noop("Survey afterwards"),
}
KINDS = {
    StatementKind.CONCERN: noop("Concern"),
    StatementKind.EXPERIENCE: noop("Experience"),
    StatementKind.WISH: noop("Wish"),
    StatementKind.OFFER: noop("Offer"),
    StatementKind.QUESTION: noop("Question"),
}
QUOTINGS = {
    Quoting.NO: noop("Not to be quoted"),
    Quoting.UNNAMED: noop("May be quoted without a name"),
    Quoting.NAMED: noop("May be quoted with the name"),
}
GROUPS = (
    *(GroupOf(OrganisationKind.MUNICIPALITY, size) for size in OrganisationSize),
    *(GroupOf(kind) for kind in OrganisationKind),
)


def source_words(source: StatementSource) -> str:
    return gettext(SOURCES[source])


def phase_words(phase: Phase) -> str:
    return gettext(PHASES[phase])


def kind_words(kind: StatementKind | None) -> str:
    return gettext(KINDS[kind]) if kind else ""


def quoting_words(quoting: Quoting) -> str:
    return gettext(QUOTINGS[quoting])
