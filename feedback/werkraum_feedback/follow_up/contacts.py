"""Contacts: what people seek and offer, suggestions, and two yeses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_feedback.follow_up import contact_rules as rules
from werkraum_feedback.follow_up.contact_rules import Match, Seeker
from werkraum_feedback.follow_up.follow_up_forgetting import forget_wish
from werkraum_feedback.follow_up.own_page import enter_own, takes_part
from werkraum_feedback.follow_up.talks import ends_of, enter_contact, tell_both
from werkraum_feedback.follow_up_models import Contact, ContactState, ContactWish
from werkraum_foundation import audit, clock
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import NotFound
from werkraum_registration import registrations
from werkraum_registration.models import Organisation, Registration, State


@dataclass(frozen=True)
class Sought:
    """What somebody seeks and offers; themes as codes, countries by theirs."""

    seeks: str = ""
    offers: str = ""
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@unit_of_work
async def seek(registration_id: UUID, sought: Sought, *, now: datetime) -> None:
    """Keep what somebody seeks and offers; suggestions follow after the event."""
    registration = await enter_own(registration_id)
    event = registration.event
    if not takes_part(registration) or now < event.starts_at:
        raise rules.NotYet
    # The form stands on the personal page: whoever sent it has the address.
    await registrations.vouch(registration_id, now=now)
    wish = await ContactWish.get_or_none(registration_id=registration_id)
    if wish is None:
        wish = ContactWish(
            event_id=event.id, registration_id=registration_id, created_at=now
        )
    wish.seeks, wish.offers = sought.seeks, sought.offers
    wish.themes, wish.countries = list(sought.themes), list(sought.countries)
    await wish.save()
    await enqueue(
        "contacts:suggest",
        {"event_id": str(event.id)},
        due=max(event.ends_at, now),
        # One for each person.
        dedupe=f"contacts:{wish.id}",
        organiser_id=event.organiser_id,
    )
    await audit.record(
        event.organiser_id, "contact.seek", wish.id, actor=audit.ATTENDEE, now=now
    )


@unit_of_work
async def stop_seeking(registration_id: UUID, *, now: datetime) -> None:
    """Empty what somebody sought; nobody is suggested to them any more."""
    registration = await enter_own(registration_id)
    await forget_wish(registration_id, now=now)
    await audit.record(
        registration.event.organiser_id,
        "contact.stop_seeking",
        registration_id,
        actor=audit.ATTENDEE,
        now=now,
    )


@unit_of_work
async def suggest(event_id: UUID, *, now: datetime) -> int:
    """Suggest people to each other; each is told once of what is new."""
    if not is_sqlite():
        await rows("SELECT id FROM event WHERE id = :id FOR UPDATE", id=event_id)
    wishes = await _wishes_of(event_id)
    there = await Contact.filter(event_id=event_id).values_list("one_id", "other_id")
    known = [frozenset(pair) for pair in there]
    matches = rules.suggest(await _seekers(wishes), known)
    await Contact.bulk_create(_suggested(event_id, it, now=now) for it in matches)
    for wish in wishes:
        if any(wish.id in (it.one, it.other) for it in matches):
            await enqueue(
                "letter:contacts",
                {"wish_id": str(wish.id)},
                organiser_id=wish.event.organiser_id,
            )
    return len(matches)


@job("contacts:suggest")
async def suggest_by_job(event_id: str) -> None:
    await suggest(UUID(event_id), now=clock.now())


def _suggested(event_id: UUID, match: Match, *, now: datetime) -> Contact:
    return Contact(
        event_id=event_id,
        one_id=match.one,
        other_id=match.other,
        reasons=list(match.reasons),
        suggested_at=now,
        expires_at=now + rules.LASTS,
    )


async def _wishes_of(event_id: UUID) -> list[ContactWish]:
    found = ContactWish.filter(
        event_id=event_id,
        registration__state=State.CONFIRMED,
        registration__email__not="",
    )
    there = await found.select_related("registration", "event")
    return [it for it in there if it.seeks or it.offers]


async def _seekers(wishes: list[ContactWish]) -> list[Seeker]:
    named = [it.registration.organisation_id for it in wishes]
    found = await Organisation.filter(id__in=[it for it in named if it])
    there: dict[UUID | None, Organisation] = {it.id: it for it in found}
    return [
        _seeker(wish, there.get(from_there))
        for wish, from_there in zip(wishes, named, strict=True)
    ]


def _seeker(wish: ContactWish, from_there: Organisation | None) -> Seeker:
    return Seeker(
        wish=wish.id,
        seeks=bool(wish.seeks),
        offers=bool(wish.offers),
        themes=frozenset(wish.themes),
        countries=frozenset(wish.countries),
        # A double that was merged leads on to the one that stayed.
        organisation=(from_there.merged_into_id or from_there.id)
        if from_there
        else None,
        kind=from_there.kind if from_there else None,
        size=from_there.size if from_there else None,
    )


@unit_of_work
async def answer(
    registration_id: UUID, contact_id: UUID, *, yes: bool, now: datetime
) -> None:
    """Note a yes or a no; after two yeses each gets the other's name and address.

    A no ends it without a word: the other sees nothing but that time passes.
    """
    contact = await enter_contact(registration_id, contact_id)
    if contact.state is ContactState.AGREED and yes:
        return
    if contact.state is ContactState.AGREED or contact.expires_at <= now:
        raise rules.NoContact
    wish = await ContactWish.get(registration_id=registration_id)
    if contact.one_id == wish.id:
        contact.one_says = yes
    else:
        contact.other_says = yes
    if not yes:
        contact.state = ContactState.DECLINED
    elif contact.one_says and contact.other_says:
        contact.state, contact.agreed_at = ContactState.AGREED, now
        await tell_both("letter:contact_agreed", contact)
    await contact.save()


@unit_of_work
async def expire_due(now: datetime) -> int:
    """End the suggestions nobody answered in time."""
    due = Contact.filter(state=ContactState.SUGGESTED, expires_at__lte=now)
    return await due.update(state=ContactState.EXPIRED)


async def contact_for(
    registration_id: UUID, contact_id: UUID
) -> tuple[Contact, Registration]:
    """Find a contact both agreed to, and who the other is, or raise `NotFound`."""
    mine = await ContactWish.get_or_none(registration_id=registration_id)
    found = Contact.filter(id=contact_id, state=ContactState.AGREED)
    contact = await found.select_related("event", "event__organiser").first()
    if mine is None or contact is None or mine.id not in ends_of(contact):
        raise NotFound
    return contact, await other_of(contact, mine.id)


async def other_of(contact: Contact, wish_id: UUID) -> Registration:
    """Name the other one of two; raises `NotFound` where they were erased."""
    other = next(it for it in ends_of(contact) if it != wish_id)
    wish = await ContactWish.get(id=other).select_related("registration")
    if not wish.registration.email:
        raise NotFound
    return wish.registration
