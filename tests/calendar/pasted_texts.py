"""Text as people paste it, put into every field of every kind of calendar file.

Run as a program (`python -O -m tests.calendar.pasted_texts`) it does the same in a
process of its own: a list of texts comes in as JSON, the files go out by their names.
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from werkraum_calendar import icalendar_text
from werkraum_calendar.items import Item
from werkraum_foundation.mailboxes import Mailbox

MOMENT = datetime(2027, 7, 1, 12, tzinfo=UTC)
SITE = "https://events.example/"
ORGANIZER, ATTENDEE = "rsvp+token@events.example", "anna@attendees.example"
# Thick with what breaks calendar files; each is typed or pasted by somebody.
PIECES = (
    "Größe ä ß ẞ Łódź",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "e\u0301",
    "\r",
    "\r\n",
    "\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x7f",
    "\\",
    "\\n",
    "\\N",
    "C:\\New",
    ';,"',
    ":",
    "^n^^^'",
    "\u202eשלום",
    "\ufeff",
    "\nMETHOD:CANCEL",
    "\rATTACH:https://bad.example/",
    "\nBEGIN:VEVENT",
    "\n ",
    "\t",
    "x" * 74,
    "ü" * 40,
)


def an_item(text: str) -> Item:
    return Item(
        uid="0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11",
        sequence=3,
        revised_at=MOMENT,
        created_at=MOMENT,
        starts_at=MOMENT,
        ends_at=MOMENT + timedelta(hours=1),
        timezone="Europe/Berlin",
        summary=text,
        description=text,
        location=text,
        url=SITE,
        categories=(text, "Jugend"),
        conference=SITE,
    )


def files_with(texts: Sequence[str]) -> dict[str, bytes]:
    """Write each text into a feed, a download, an invitation and a cancellation."""
    written: dict[str, bytes] = {}
    for number, text in enumerate(texts):
        item = an_item(text)
        organizer, attendee = Mailbox(ORGANIZER, text), Mailbox(ATTENDEE, text)
        written |= {
            f"{number} download": icalendar_text.download(item),
            f"{number} feed": icalendar_text.feed(
                [icalendar_text.entry_of(item)],
                uid="0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a00",
                name=text,
                description=text,
                url=SITE,
                source=SITE,
            ),
            f"{number} request": icalendar_text.invitation(
                item, organizer=organizer, attendee=attendee
            ),
            f"{number} cancel": icalendar_text.cancellation(
                item, organizer=organizer, attendee=attendee, event_is_off=True
            ),
        }
    return written


if __name__ == "__main__":
    typed = json.load(sys.stdin)
    told = {name: ics.decode() for name, ics in files_with(typed).items()}
    json.dump(told, sys.stdout)
