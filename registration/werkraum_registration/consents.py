"""What people agreed to: in which words, when, where, and whether it still holds.

A row says it all by itself: the text that was shown and its SHA-256. Whatever the
organiser writes later, nobody has agreed to that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_foundation import audit
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.language import language as current_language
from werkraum_registration.consent_wishes import (
    Asked,
    Purpose,
    as_shown,
    asked,
    faults_of,
    hash_of,
    meant,
    wishes_of,
)
from werkraum_registration.models import ENDED, Consent, Registration, State

__all__ = [
    "FORM",
    "LIST_LIFE",
    "PERSONAL_PAGE",
    "Asked",
    "Shown",
    "asked",
    "faults_of",
    "give",
    "shows_people",
    "standing_of",
    "withdraw",
]

# Where somebody agreed.
FORM = "form"
PERSONAL_PAGE = "personal page"

# How long after the end those who took part may still see each other.
LIST_LIFE = timedelta(days=90)


@dataclass(frozen=True)
class Box:
    """A consent on the personal page: given in these words, or still asked for."""

    purpose: str
    text: str
    language: str
    given_at: datetime | None
    entry: str


@dataclass(frozen=True)
class Shown:
    """What the personal page says about consents.

    `people` is whether there is a list of participants for this person to see.
    """

    boxes: Sequence[Box]
    people: bool


@unit_of_work
async def give(
    registration_id: UUID,
    event_id: UUID,
    purposes: Collection[str],
    *,
    language: str,
    channel: str,
    now: datetime,
    actor: str = audit.ATTENDEE,
) -> None:
    """Store that somebody agrees; what holds already stays as it was given.

    `purposes` are what the boxes sent (`Asked.entry`), or purposes alone. Raises
    `InvalidInput` for what the event does not ask, or not in these words.
    """
    if not purposes:
        return
    organiser_id = await _lock(registration_id)
    holds = {it.purpose for it in await standing_of(registration_id)}
    wishes = await wishes_of(event_id)
    agreed = {it.purpose: it for it in (meant(wishes, p, language) for p in purposes)}
    new = [it for it in agreed.values() if it.purpose not in holds]
    for it in new:
        await Consent.create(
            registration_id=registration_id,
            purpose=it.purpose,
            text=it.text,
            text_hash=hash_of(it.text),
            language=it.language,
            channel=channel,
            given_at=now,
        )
    if new:
        given = sorted(it.purpose for it in new)
        await audit.record(
            organiser_id,
            "consent.give",
            registration_id,
            actor=actor,
            now=now,
            changes={"consents": [sorted(holds), sorted(holds | set(given))]},
        )


@unit_of_work
async def withdraw(
    registration_id: UUID, purpose: str, now: datetime, *, actor: str = audit.ATTENDEE
) -> None:
    """Take a consent back, at once and everywhere; the second time nothing happens."""
    organiser_id = await _lock(registration_id)
    standing = Consent.filter(
        registration_id=registration_id, purpose=purpose, withdrawn_at=None
    )
    if await standing.update(withdrawn_at=now):
        await audit.record(
            organiser_id,
            "consent.withdraw",
            registration_id,
            actor=actor,
            now=now,
            changes={purpose: ["given", "withdrawn"]},
        )


async def standing_of(registration_id: UUID) -> list[Consent]:
    """List what somebody agreed to and has not taken back."""
    found = Consent.filter(registration_id=registration_id, withdrawn_at=None)
    return await found.order_by("given_at", "id")


async def all_of(registration_id: UUID) -> list[Consent]:
    """List everything somebody ever agreed to, for their own export."""
    found = Consent.filter(registration_id=registration_id)
    return await found.order_by("given_at", "id")


async def shown_to(registration: Registration, *, now: datetime) -> Shown:
    """Gather the boxes of a personal page; two queries.

    First in the order of the form, then what is asked no longer and still holds. Who
    takes part no longer is asked for nothing, but may take back what was given.
    """
    holds = {it.purpose: it for it in await standing_of(registration.id)}
    wishes = await wishes_of(registration.event_id)
    takes_part = may_give(registration, now=now)
    boxes = []
    for wish in wishes:
        given = holds.pop(wish.purpose, None)
        if given:
            boxes.append(_given(given))
        elif takes_part:
            it = as_shown(wish, current_language())
            boxes.append(Box(it.purpose, it.text, it.language, None, it.entry))
    boxes += [_given(it) for it in holds.values()]
    people = any(it.purpose == Purpose.LIST_VISIBILITY for it in wishes)
    return Shown(boxes, people and may_see_people(registration, now=now))


def _given(consent: Consent) -> Box:
    return Box(consent.purpose, consent.text, consent.language, consent.given_at, "")


def may_give(registration: Registration, *, now: datetime) -> bool:
    """Whether it makes sense to ask somebody; before and some time after the event."""
    ended = registration.state in (*ENDED, State.UNCONFIRMED)
    return not ended and is_list_alive(registration.event, now=now)


def may_see_people(registration: Registration, *, now: datetime) -> bool:
    """Whether somebody is one of those who may see who else takes part."""
    has_seat = registration.state is State.CONFIRMED
    return has_seat and is_list_alive(registration.event, now=now)


def is_list_alive(event: Event, *, now: datetime) -> bool:
    return event.status is Status.PUBLISHED and now < event.ends_at + LIST_LIFE


async def shows_people(registration: Registration, *, now: datetime) -> bool:
    """Whether there is a list of participants for this person; one query."""
    if not may_see_people(registration, now=now):
        return False
    wishes = await wishes_of(registration.event_id)
    return any(it.purpose == Purpose.LIST_VISIBILITY for it in wishes)


async def _lock(registration_id: UUID) -> UUID:
    """Have two clicks of one person take turns; the organiser of the event."""
    locking = "" if is_sqlite() else " FOR UPDATE OF r"
    [found] = await rows(
        "SELECT e.organiser_id FROM registration r JOIN event e ON e.id = r.event_id"
        f" WHERE r.id = :id{locking}",
        id=registration_id,
    )
    return UUID(str(found["organiser_id"]))
