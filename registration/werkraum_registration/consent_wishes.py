"""The consents an event asks for: one box each, unchecked, in the organiser's words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from werkraum_events import faces
from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext, noop, pick
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_foundation.slugs import slug_of
from werkraum_registration.models import ConsentWish

# As many boxes as somebody still reads before ticking them.
MOST_ASKED = 8
LONGEST_TEXT = 1_000
LONGEST_PURPOSE = 40


class Purpose(StrEnum):
    """The purposes we have words for; organisers may add their own."""

    LIST_VISIBILITY = "list_visibility"
    PHOTO = "photo"
    NEWSLETTER = "newsletter"
    QUOTE = "quote"
    OUTCOME = "outcome"


# What each purpose is called at the desk, and with which text one may begin.
NAMES = {
    Purpose.LIST_VISIBILITY: noop("To be seen in the list of participants"),
    Purpose.PHOTO: noop("Photos and recordings"),
    Purpose.NEWSLETTER: noop("Newsletter"),
    Purpose.QUOTE: noop("To be quoted by name"),
    Purpose.OUTCOME: noop("To be told what becomes of it"),
}
FIRST_WORDS: dict[Purpose, Texts] = {
    Purpose.LIST_VISIBILITY: {
        "de": "Mein Name und meine Organisation dürfen in der Liste der Teilnehmenden "
        "stehen. Sie ist nur für Angemeldete sichtbar und verschwindet 90 Tage nach "
        "der Veranstaltung.",
        "en": "My name and my organisation may stand in the list of participants. Only "
        "people who are registered can see it, and it disappears 90 days after the "
        "event.",
    },
    Purpose.PHOTO: {
        "de": "Fotos und Aufnahmen der Veranstaltung, auf denen ich zu erkennen bin, "
        "dürfen auf der Website des Veranstalters veröffentlicht werden.",
        "en": "Photos and recordings of the event on which I can be recognised may be "
        "published on the organiser's website.",
    },
    Purpose.NEWSLETTER: {
        "de": "Ich möchte den Newsletter des Veranstalters per E-Mail erhalten.",
        "en": "I would like to receive the organiser's newsletter by e-mail.",
    },
    Purpose.QUOTE: {
        "de": "Was ich in der Veranstaltung sage oder schreibe, darf mit meinem Namen "
        "im Bericht stehen.",
        "en": "What I say or write at the event may stand in the report with my name.",
    },
    Purpose.OUTCOME: {
        "de": "Ich möchte per E-Mail erfahren, was aus dem wird, was bei der "
        "Veranstaltung gesagt wurde.",
        "en": "I would like to be told by e-mail what becomes of what was said at the "
        "event.",
    },
}


class TooManyConsents(Refused):
    code = "too_many_consents"

    def message(self) -> str:
        return gettext("A form asks for at most %(most)s consents.", most=MOST_ASKED)


@dataclass(frozen=True)
class Asked:
    """A box of the form: its text as it is shown now, and in which language.

    `entry` is what the box sends: the purpose, and a mark of this very text.
    """

    purpose: str
    text: str
    language: str

    @property
    def entry(self) -> str:
        return f"{self.purpose}:{mark_of(self.text)}"


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def mark_of(text: str) -> str:
    """Mark a text, so that nobody agrees to words that came after those they saw."""
    return hash_of(text)[:16]


def name_of(purpose: str) -> str:
    """Name a purpose to organisers; their own is named as they did."""
    if purpose in Purpose.__members__.values():
        return gettext(NAMES[Purpose(purpose)])
    return purpose.replace("-", " ").capitalize()


def purpose_of(name: str) -> str:
    """Make the code of an organiser's own purpose; "" if it has no Latin letters."""
    return slug_of(name, longest=LONGEST_PURPOSE)


async def wishes_of(event_id: UUID) -> list[ConsentWish]:
    """List what an event asks for, in the order of the form; one query."""
    return await ConsentWish.filter(event_id=event_id).order_by("position", "id")


async def asked(event_id: UUID) -> list[Asked]:
    """List the boxes in the current language; one query."""
    return [as_shown(wish) for wish in await wishes_of(event_id)]


def as_shown(wish: ConsentWish, language: str | None = None) -> Asked:
    text, written_in = pick(wish.text, language)
    return Asked(wish.purpose, text, written_in)


async def faults_of(event_id: UUID, entries: Collection[str]) -> list[Fault]:
    """Say what is wrong with the ticked boxes of a form, at its field "consents"."""
    if not entries:
        return []
    wishes = await wishes_of(event_id)
    try:
        for entry in entries:
            meant(wishes, entry)
    except InvalidInput as refusal:
        return list(refusal.faults)
    return []


def meant(
    wishes: Collection[ConsentWish], entry: str, language: str | None = None
) -> Asked:
    """Find what a ticked box stands for: the text that was shown beside it.

    Without a mark, as programs send it, that of the language. Raises `InvalidInput`
    for what is not asked, or was asked in other words by the time of ticking.
    """
    purpose, _, mark = entry.partition(":")
    wish = next((it for it in wishes if it.purpose == purpose), None)
    if wish is None:
        said = gettext("The organiser does not ask for this consent any more.")
        raise InvalidInput([Fault("consents", "consent_not_asked", said)])
    if not mark:
        return as_shown(wish, language)
    for code, text in wish.text.items():
        if mark_of(text) == mark:
            return Asked(purpose, text, code)
    said = gettext(
        "The organiser has just changed the words of a consent. "
        "Please read it again and tick it if you agree."
    )
    raise InvalidInput([Fault("consents", "consent_changed", said)])


@unit_of_work
async def ask(
    organiser_id: UUID,
    event_id: UUID,
    purpose: str,
    text: Texts,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Ask for a consent, or in other words from now on; given ones keep their words.

    Raises `TooManyConsents`, and `NotFound` or `EventIsOff` for the event.
    """
    event = await faces.enter(organiser_id, event_id)
    there = await wishes_of(event_id)
    wish = next((it for it in there if it.purpose == purpose), None)
    if wish and wish.text == text:
        return
    before = wish.text if wish else None
    if wish is None:
        if len(there) >= MOST_ASKED:
            raise TooManyConsents
        position = there[-1].position + 1 if there else 1
        wish = ConsentWish(event_id=event_id, purpose=purpose, position=position)
    wish.text = text
    await wish.save()
    changes = {"purpose": [purpose, purpose], "text": [before, text]}
    await _note(event, "consent.ask", changes, actor=actor, now=now)


@unit_of_work
async def ask_no_more(
    organiser_id: UUID, event_id: UUID, purpose: str, *, actor: str, now: datetime
) -> None:
    """Take a box off the form; what was given stays until it is withdrawn."""
    event = await faces.enter(organiser_id, event_id)
    wish = await ConsentWish.get_or_none(event_id=event_id, purpose=purpose)
    if wish is None:
        raise NotFound
    await wish.delete()
    changes = {"purpose": [purpose, None], "text": [wish.text, None]}
    await _note(event, "consent.ask_no_more", changes, actor=actor, now=now)


async def copy(model_id: UUID, event_id: UUID) -> None:
    """Ask at a new event for what another one asks; inside its unit of work."""
    for wish in await wishes_of(model_id):
        await ConsentWish.create(
            event_id=event_id,
            purpose=wish.purpose,
            text=wish.text,
            position=wish.position,
        )


async def _note(
    event: Event, action: str, changes: dict[str, object], *, actor: str, now: datetime
) -> None:
    """Write the deed down, and have the form made anew."""
    await faces.renew(event, now=now)
    await audit.record(
        event.organiser_id, action, event.id, actor=actor, now=now, changes=changes
    )
