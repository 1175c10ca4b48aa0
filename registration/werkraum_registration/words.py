"""What organisers read for a state, a mode, a kind of organisation."""

from werkraum_events.models import Mode
from werkraum_foundation.language import gettext, noop
from werkraum_registration.models import (
    CalendarAnswer,
    OrganisationKind,
    OrganisationSize,
    Presence,
    Source,
    State,
)

MODES = {Mode.ONSITE: noop("On site"), Mode.ONLINE: noop("Online")}
STATES = {
    State.UNCONFIRMED: noop("Not confirmed yet"),
    State.PENDING_APPROVAL: noop("Being looked at"),
    State.CONFIRMED: noop("Registered"),
    State.WAITLISTED: noop("On the waiting list"),
    State.OFFERED: noop("Seat offered"),
    State.CANCELLED: noop("Cancelled"),
    State.REJECTED: noop("Not admitted"),
    State.EXPIRED: noop("Expired"),
}
KINDS = {
    OrganisationKind.MUNICIPALITY: noop("Town or municipality"),
    OrganisationKind.DISTRICT: noop("District"),
    OrganisationKind.ASSOCIATION: noop("Association"),
    OrganisationKind.SCHOOL: noop("School"),
    OrganisationKind.YOUTH_CENTRE: noop("Youth centre"),
    OrganisationKind.OTHER: noop("Another kind"),
}
SIZES = {
    OrganisationSize.SMALL: noop("Small town"),
    OrganisationSize.MEDIUM: noop("Medium-sized town"),
    OrganisationSize.LARGE: noop("Large town"),
}
SOURCES = {
    Source.FORM: noop("Form"),
    Source.API: noop("Program"),
    Source.DESK: noop("Entered at the desk"),
    Source.IMPORT: noop("Sent list"),
    Source.INVITATION: noop("Personal invitation"),
    Source.SERIES: noop("Form of a series"),
    Source.WALK_IN: noop("Came without registering"),
}
PRESENCES = {
    Presence.DESK: noop("Ticked off"),
    Presence.QR: noop("QR code"),
    Presence.SELF: noop("Ticked off by themselves"),
    Presence.ROOM: noop("Video room"),
    Presence.LIST: noop("List on paper"),
    Presence.WALK_IN: noop("Came without registering"),
}
# Of their calendar; the registration itself says nothing else by it.
CALENDAR_ANSWERS = {
    CalendarAnswer.COMING: noop("Calendar: coming"),
    CalendarAnswer.MAYBE: noop("Calendar: maybe"),
    CalendarAnswer.DECLINED: noop("Calendar: declined"),
}


def calendar_words(answer: CalendarAnswer) -> str:
    return gettext(CALENDAR_ANSWERS[answer])


def mode_words(mode: Mode) -> str:
    return gettext(MODES[mode])


def state_words(state: State) -> str:
    return gettext(STATES[state])


def kind_words(kind: OrganisationKind | None) -> str:
    return gettext(KINDS[kind]) if kind else ""


def size_words(size: str) -> str:
    return gettext(SIZES[OrganisationSize(size)]) if size else ""


def source_words(source: Source) -> str:
    return gettext(SOURCES[source])


def presence_words(source: str) -> str:
    return gettext(PRESENCES[Presence(source)])
