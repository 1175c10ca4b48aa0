"""The forms of reminders and of letters to many."""

from datetime import timedelta

from tests.bad_inputs.forms import LARGE, OLGA, Office, Sheet
from tests.bad_inputs.inputs import Kind

from werkraum_foundation import clock
from werkraum_registration import group_letters
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import LetterWish
from werkraum_registration.models import GroupLetter

WISH = LetterWish({"en": "Lunch"}, {"en": "There is soup."}, Audience())
REMINDER = {
    "amount": "3",
    "unit": "days",
    "mode": "online",
    "text_de": "Bitte <Stift> mitbringen.",
    "text_en": "Bring a <pen>.",
}
REMINDER_KINDS = {
    "amount": Kind.NUMBER,
    "unit": Kind.CHOICE,
    "mode": Kind.CHOICE,
    "text_de": Kind.PARAGRAPHS,
    "text_en": Kind.PARAGRAPHS,
}
LETTER: dict[str, str | list[str]] = {
    "subject_de": "Mittag bei {event}",
    "subject_en": "Lunch & more",
    "body_de": "Guten Tag {name},\r\n\r\nes gibt <Suppe>.",
    "body_en": "Dear {name},\r\n\r\nthere is <soup>.",
    "states": ["confirmed", "waitlisted"],
    "mode": "online",
    "kind": "school",
    "attended": "yes",
    "version": "1",
}
LETTER_KINDS = {
    "subject_de": Kind.LINE,
    "subject_en": Kind.LINE,
    "body_de": Kind.PARAGRAPHS,
    "body_en": Kind.PARAGRAPHS,
    "states": Kind.CHOICE,
    "mode": Kind.CHOICE,
    "kind": Kind.CHOICE,
    "attended": Kind.CHOICE,
    "version": Kind.NUMBER,
}
SENDING_KINDS = {"when": Kind.CHOICE, "at": Kind.MOMENT, "version": Kind.NUMBER}
BEFORE_KINDS = {"when": Kind.CHOICE, "amount": Kind.NUMBER, "unit": Kind.CHOICE}
VERSION = frozenset({"version"})


async def letter_of(office: Office) -> Office:
    """Write a letter about the event."""
    await group_letters.write(
        office.organiser.id, office.event.id, WISH, actor=OLGA, now=clock.now()
    )
    return office


async def letter_forms(office: Office) -> list[Sheet]:
    letter = await GroupLetter.get()
    base = f"/desk/events/{office.event.id}"
    at = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    send = f"{base}/letters/{letter.id}/send"
    words = frozenset({"subject", "body"})
    return [
        Sheet(
            "new reminder",
            f"{base}/reminders",
            REMINDER,
            REMINDER_KINDS,
            required=frozenset({"amount", "unit"}),
        ),
        Sheet("edit reminder", f"{base}/reminders/60", REMINDER, REMINDER_KINDS),
        Sheet(
            "new letter",
            f"{base}/letters/new",
            LETTER,
            LETTER_KINDS,
            required=words,
            largest=LARGE,
            hidden=VERSION,
        ),
        Sheet(
            "edit letter",
            f"{base}/letters/{letter.id}/edit",
            LETTER,
            LETTER_KINDS,
            required=words,
            largest=LARGE,
            hidden=VERSION,
        ),
        Sheet(
            "send at a time",
            send,
            {"when": "at", "at": at, "version": "1"},
            SENDING_KINDS,
            hidden=VERSION,
        ),
        Sheet(
            "send before the start",
            send,
            {"when": "before", "amount": "2", "unit": "days", "version": "1"},
            BEFORE_KINDS,
        ),
    ]
