"""What is stored about a person, in words: headings, fields, values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkraum_feedback.follow_up.follow_up_words import (
    PLEDGE_FORMS,
    PLEDGE_STATES,
    PRACTICE_STATES,
)
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.pages import moment
from werkraum_registration.consent_wishes import name_of
from werkraum_registration.words import MODES, PRESENCES, SOURCES, STATES
from werkraum_server.desk.calendar_words import REPLY_KINDS
from werkraum_server.desk.history import DEEDS
from werkraum_server.own_data import Data

PARTS = {
    "event": noop("The event"),
    "registration": noop("Your registration"),
    "waiting": noop("What you wait for"),
    "sessions": noop("What you have chosen"),
    "tables": noop("At which table you sit"),
    "answers": noop("Your answers"),
    "needs": noop("What you need to take part"),
    "consents": noop("What you have agreed to"),
    "attendance": noop("When you were there"),
    "rooms": noop("When you went into a video room"),
    "statements": noop("What you have said under your name"),
    "tags": noop("How the organiser has sorted your registration"),
    "invitations": noop("How you were invited"),
    "calendar": noop("Your calendar of all dates"),
    "addresses": noop("Other e-mail addresses"),
    "calendar_replies": noop("What your calendar has answered"),
    "returned": noop("Letters to you that came back"),
    "pledges": noop("How you would join in"),
    "practices": noop("Your examples"),
    "contacts": noop("What you seek and offer"),
    "letters": noop("Letters beyond those that follow from a change"),
    "changes": noop("What has changed, and when"),
}

FIELDS = {
    "answer": noop("What was answered"),
    "answered_at": noop("Answered at"),
    "approved_at": noop("Admitted at"),
    "asked_at": noop("Asked at"),
    "at": noop("When"),
    "by": noop("By"),
    "came_at": noop("Came at"),
    "changes": noop("Before and after"),
    "channel": noop("Where"),
    "comment": noop("Comment"),
    "companions": noop("Who else comes"),
    "consents": noop("What you have agreed to"),
    "confirmed_at": noop("Confirmed at"),
    "countries": noop("Countries"),
    "created_at": noop("Made at"),
    "email": noop("E-mail address"),
    "ended_at": noop("Ended at"),
    "ends_at": noop("Ends at"),
    "entered_again_at": noop("Last at"),
    "entered_at": noop("Went in at"),
    "follow_up_on": noop("The organiser looks again on"),
    "form": noop("How"),
    "given_at": noop("Given at"),
    "hours": noop("Hours a month"),
    "id": noop("Number of the registration"),
    "kind": noop("Answer"),
    "language": noop("Language"),
    "left_at": noop("Left at"),
    "letter": noop("Letter"),
    "minutes_before": noop("Minutes before the start"),
    "mode": noop("How you take part"),
    "name": noop("Name"),
    "note": noop("Note of the organiser"),
    "noted": noop("Noted for the list of who was there"),
    "offers": noop("You offer"),
    "offered_until": noop("Offered until"),
    "organisation": noop("Organisation"),
    "organiser": noop("Organiser"),
    "outdated": noop("To older times"),
    "page": noop("Page"),
    "place": noop("Place in the queue"),
    "pledge": noop("How it stands"),
    "practice": noop("The card"),
    "proposed_end": noop("Proposed end"),
    "proposed_start": noop("Proposed start"),
    "published_at": noop("Published at"),
    "purpose": noop("Purpose"),
    "question": noop("Question"),
    "queued_at": noop("Waits since"),
    "quoting": noop("May be quoted"),
    "revoked_at": noop("Made worthless at"),
    "received_at": noop("Received at"),
    "seat": noop("Has a seat"),
    "seeks": noop("You seek"),
    "seats": noop("Seats"),
    "sent_at": noop("Sent at"),
    "sent_method": noop("Last message to the calendar"),
    "sent_sequence": noop("Its number"),
    "shows_contact": noop("With name and address"),
    "source": noop("Known from"),
    "spoken_at": noop("Spoken at"),
    "starts_at": noop("Starts at"),
    "state": noop("State"),
    "status": noop("Code of the mail server"),
    "tag": noop("Tag"),
    "text": noop("Words"),
    "theme": noop("Theme"),
    "themes": noop("Themes"),
    "timezone": noop("Time zone"),
    "title": noop("Title"),
    "undone_at": noop("Taken back at"),
    "vouched_at": noop("Address confirmed at"),
    "waits": noop("What you wait for"),
    "wanted": noop("What you wanted"),
    "what": noop("What"),
    "withdrawn_at": noop("Taken back at"),
    "words": noop("Words"),
}


# Any: an enum of words; a mapping takes no narrower key.
def _by_value(meanings: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): meaning for value, meaning in meanings.items()}


# Fields of which a word of ours stands in the data, and what it means.
WAYS = _by_value(MODES)
VALUES: Mapping[str, Mapping[str, str]] = {
    "by": {
        "attendee": noop("yourself"),
        "person": noop("the organiser"),
        "key": noop("a program of the organiser"),
        "system": noop("the rules of the event"),
    },
    "channel": {
        "form": noop("Form"),
        "personal page": noop("Personal page"),
        "desk": noop("at the desk"),
    },
    "form": _by_value(PLEDGE_FORMS),
    "kind": _by_value(REPLY_KINDS),
    "language": {"de": "Deutsch", "en": "English"},
    "mode": WAYS,
    "quoting": {
        "no": noop("no"),
        "unnamed": noop("without a name"),
        "named": noop("with the name"),
    },
    "pledge": _by_value(PLEDGE_STATES),
    "practice": _by_value(PRACTICE_STATES),
    "source": _by_value(SOURCES) | _by_value(PRESENCES),
    "state": _by_value(STATES),
    "waits": WAYS,
    "wanted": WAYS | {"onsite_else_online": noop("On site if possible, else online")},
    "what": DEEDS,
}


@dataclass(frozen=True)
class Section:
    """A part with its records; each is a list of (field, value) pairs."""

    heading: str
    records: list[list[tuple[str, str]]]


def sections(data: Data, timezone: str) -> list[Section]:
    """Say all parts in the current language, times in the zone of the place."""
    return [
        Section(
            gettext(PARTS[part]),
            [
                [
                    (gettext(FIELDS[name]), _said(name, value, timezone))
                    for name, value in record.items()
                    if value not in (None, "", [], {})
                ]
                for record in records
            ],
        )
        for part, records in data.items()
    ]


def _said(field: str, value: object, timezone: str) -> str:
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            return moment(value, timezone)
        case Mapping():
            return "; ".join(_change(*it, timezone) for it in value.items())
        case list():
            return ", ".join(_said(field, it, timezone) for it in value)
    if field in ("purpose", "consents"):
        return name_of(str(value))
    if field == "offered_until":
        # A change keeps its moment as text.
        return moment(datetime.fromisoformat(str(value)), timezone)
    meaning = VALUES.get(field, {}).get(str(value))
    return gettext(meaning) if meaning else str(value)


def _change(field: str, value: object, timezone: str) -> str:
    """Say what stood there before and stands there after."""
    name = gettext(FIELDS[field]) if field in FIELDS else field
    if isinstance(value, list) and len(value) == 2:
        return f"{name}: " + " → ".join(_said(field, it, timezone) for it in value)
    return f"{name}: {_said(field, value, timezone)}"
