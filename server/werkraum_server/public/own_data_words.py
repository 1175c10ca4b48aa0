"""What is stored about a person, in words: headings, fields, values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from werkraum_foundation.language import gettext, noop
from werkraum_foundation.pages import moment
from werkraum_server.own_data import Data

PARTS = {
    "event": noop("The event"),
    "registration": noop("Your registration"),
    "waiting": noop("What you wait for"),
    "sessions": noop("What you have chosen"),
    "answers": noop("Your answers"),
    "needs": noop("What you need to take part"),
    "consents": noop("What you have agreed to"),
    "attendance": noop("When you were there"),
    "tags": noop("How the organiser has sorted your registration"),
    "invitations": noop("How you were invited"),
    "addresses": noop("Other e-mail addresses"),
    "letters": noop("Letters beyond those that follow from a change"),
    "changes": noop("What has changed, and when"),
}

FIELDS = {
    "answer": noop("Answer"),
    "answered_at": noop("Answered at"),
    "approved_at": noop("Admitted at"),
    "at": noop("When"),
    "by": noop("By"),
    "came_at": noop("Came at"),
    "changes": noop("Before and after"),
    "channel": noop("Where"),
    "companions": noop("Who else comes"),
    "confirmed_at": noop("Confirmed at"),
    "created_at": noop("Made at"),
    "email": noop("E-mail address"),
    "ended_at": noop("Ended at"),
    "ends_at": noop("Ends at"),
    "given_at": noop("Given at"),
    "id": noop("Number"),
    "language": noop("Language"),
    "left_at": noop("Left at"),
    "letter": noop("Letter"),
    "minutes_before": noop("Minutes before the start"),
    "mode": noop("How you take part"),
    "name": noop("Name"),
    "note": noop("Note of the organiser"),
    "offered_until": noop("Offered until"),
    "organisation": noop("Organisation"),
    "organiser": noop("Organiser"),
    "page": noop("Page"),
    "place": noop("Place in the queue"),
    "purpose": noop("Purpose"),
    "question": noop("Question"),
    "queued_at": noop("Waits since"),
    "seat": noop("Has a seat"),
    "seats": noop("Seats"),
    "sent_at": noop("Sent at"),
    "sent_method": noop("Last message to the calendar"),
    "sent_sequence": noop("Its number"),
    "source": noop("Known from"),
    "starts_at": noop("Starts at"),
    "state": noop("State"),
    "tag": noop("Tag"),
    "text": noop("Words"),
    "timezone": noop("Time zone"),
    "title": noop("Title"),
    "undone_at": noop("Taken back at"),
    "vouched_at": noop("Address confirmed at"),
    "wanted": noop("What you wanted"),
    "what": noop("What"),
    "withdrawn_at": noop("Taken back at"),
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
                    (gettext(FIELDS[name]), _said(value, timezone))
                    for name, value in record.items()
                    if value not in (None, "", [], {})
                ]
                for record in records
            ],
        )
        for part, records in data.items()
    ]


def _said(value: object, timezone: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return moment(value, timezone)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_pair(it)}" for name, it in value.items())
    if isinstance(value, list):
        return ", ".join(str(it) for it in value)
    return str(value)


def _pair(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join("–" if it is None else str(it) for it in value)
    return str(value)
