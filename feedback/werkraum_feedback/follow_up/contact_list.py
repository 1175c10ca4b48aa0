"""What somebody sees of their suggestions, and what an organiser counts of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from werkraum_events.models import Event
from werkraum_events.queries import topics_of_all
from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up import countries
from werkraum_feedback.follow_up.contact_rules import MUTUAL
from werkraum_feedback.follow_up_models import Contact, ContactState, ContactWish
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.language import gettext, pick
from werkraum_registration.models import OrganisationKind, Registration
from werkraum_registration.words import kind_words, size_words

FIRST_WORDS = 160


@dataclass(frozen=True)
class Suggested:
    """Somebody suggested; a `person` is there once both have said yes."""

    contact: Contact
    seeks: str
    offers: str
    reasons: Sequence[str]
    said_yes: bool
    person: Registration | None = None


@dataclass(frozen=True)
class ContactCounts:
    """How many take part, and how many pairs came of it."""

    seeking: int
    suggested: int
    agreed: int
    talks: int


async def wish_by(registration_id: UUID) -> ContactWish | None:
    """Find what somebody seeks and offers, unless it is empty."""
    wish = await ContactWish.get_or_none(registration_id=registration_id)
    return wish if wish and (wish.seeks or wish.offers) else None


async def themes_for(event: Event) -> list[tuple[str, str]]:
    """List what can be shared, as (code, name): topics of the event, then themes."""
    topics = (await topics_of_all([event.id])).get(event.id, [])
    themes = await codebook.themes_of(event.organiser_id)
    listed = [(f"topic:{it.id}", pick(it.name)[0]) for it in topics]
    listed += [(f"theme:{it.id}", pick(it.name)[0]) for it in themes]
    # A theme that is called like a topic is the same to whoever reads it.
    return list(
        {name.casefold(): (code, name) for code, name in listed[::-1]}.values()
    )[::-1]


async def suggested_to(registration: Registration, *, now: datetime) -> list[Suggested]:
    """List what somebody may still answer or has agreed to; a handful of queries.

    Whether the other has answered, or how, shows nowhere before both said yes.
    """
    mine = await wish_by(registration.id)
    if mine is None:
        return []
    found = Contact.filter(Q(one_id=mine.id) | Q(other_id=mine.id))
    there = await found.select_related(
        "one", "other", "one__registration", "other__registration"
    ).order_by("suggested_at", "id")
    names = dict(await themes_for(registration.event)) | await _named(there)
    listed = [_seen(it, mine, names) for it in there if _shows(it, mine, now=now)]
    return [it for it in listed if it.seeks or it.offers or it.person]


def _shows(contact: Contact, mine: ContactWish, *, now: datetime) -> bool:
    if contact.state is ContactState.AGREED:
        return True
    mine_says = contact.one_says if contact.one_id == mine.id else contact.other_says
    return mine_says is not False and now < contact.expires_at


def _seen(contact: Contact, mine: ContactWish, names: dict[str, str]) -> Suggested:
    first = contact.one_id == mine.id
    other = contact.other if first else contact.one
    agreed = contact.state is ContactState.AGREED and other.registration.email
    return Suggested(
        contact,
        _beginning(other.seeks),
        _beginning(other.offers),
        [_said(it, names) for it in contact.reasons],
        bool(contact.one_says if first else contact.other_says),
        other.registration if agreed else None,
    )


def _beginning(text: str) -> str:
    return text if len(text) <= FIRST_WORDS else text[:FIRST_WORDS].rstrip() + "…"


async def _named(contacts: Iterable[Contact]) -> dict[str, str]:
    """Name themes that are in use no longer, too."""
    codes = {it for each in contacts for it in each.reasons if it.startswith("theme:")}
    ids = [it.partition(":")[2] for it in codes]
    found = await Theme.filter(id__in=ids) if ids else []
    return {f"theme:{it.id}": pick(it.name)[0] for it in found}


def _said(reason: str, names: dict[str, str]) -> str:
    kind, _, value = reason.partition(":")
    match kind:
        case "country":
            return countries.name_of(value)
        case "kind":
            return kind_words(OrganisationKind(value))
        case "size":
            return size_words(value)
    if reason == MUTUAL:
        return gettext("each offers what the other seeks")
    return names.get(reason, gettext("a theme"))


async def counts(event_id: UUID) -> ContactCounts:
    """Count pairs, never who said what."""
    pairs = Contact.filter(event_id=event_id)
    agreed = pairs.filter(state=ContactState.AGREED)
    return ContactCounts(
        await ContactWish.filter(event_id=event_id).count(),
        await pairs.count(),
        await agreed.count(),
        await agreed.filter(talk_at__isnull=False).count(),
    )
