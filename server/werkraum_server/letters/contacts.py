"""Letters about contacts: somebody is suggested, both said yes, when they talk."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from werkraum_calendar import icalendar_text
from werkraum_calendar.invitations import organizer_of
from werkraum_calendar.items import Item
from werkraum_calendar.mail_parts import add_invitation
from werkraum_feedback.follow_up.contact_list import suggested_to
from werkraum_feedback.follow_up.contacts import other_of
from werkraum_feedback.follow_up.talks import talk_ends_at
from werkraum_feedback.follow_up_models import Contact, ContactState, ContactWish
from werkraum_foundation import clock
from werkraum_foundation.language import gettext, in_language
from werkraum_foundation.letters import (
    GivenAddress,
    Letter,
    Link,
    Mailbox,
    TypedText,
    deliver,
    message_id,
)
from werkraum_foundation.outbox import job
from werkraum_foundation.refusals import NotFound
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, State
from werkraum_rooms.servers.room_servers import room_servers
from werkraum_server.letters.recipients import letter_to, mailbox_of, recipient


@dataclass(frozen=True)
class Pair:
    """A contact both agreed to, as one of the two sees it."""

    contact: Contact
    to: Registration
    # None where they have been erased meanwhile.
    other: Registration | None

    @property
    def name(self) -> str:
        return self.other.name if self.other else ""


@job("letter:contacts")
async def tell_of_suggestions(wish_id: str) -> None:
    """Say that there is somebody to look at; what they wrote stands on the page."""
    to = await _person(UUID(wish_id))
    if to is None or not await suggested_to(to, now=clock.now()):
        return
    await deliver(letter_to(to, "contacts", page=_page(to)))


@job("letter:contact_agreed")
async def tell_who_it_is(contact_id: str, wish_id: str) -> None:
    """Give somebody the name and address of the other, once both said yes."""
    pair = await _pair(UUID(contact_id), UUID(wish_id))
    if pair is None or pair.other is None:
        return
    letter = letter_to(
        pair.to,
        "contact_agreed",
        other=TypedText(pair.other.name),
        address=GivenAddress(pair.other.email),
        page=_page(pair.to),
    )
    await deliver(letter)


@job("letter:talk")
async def tell_of_the_talk(contact_id: str, wish_id: str, sequence: int) -> None:
    """Say when the two talk, with the entry for the calendar."""
    pair = await _pair(UUID(contact_id), UUID(wish_id))
    if pair is None or pair.other is None or pair.contact.talk_at is None:
        return
    door = _door(pair)
    written = letter_to(
        pair.to,
        "talk",
        other=TypedText(pair.other.name),
        address=GivenAddress(pair.other.email),
        at=pair.contact.talk_at,
        ends_at=talk_ends_at(pair.contact),
        room=int(bool(room_servers())),
        door=door,
    )
    await deliver(_with_entry(written, pair, door, sequence))


@job("letter:talk_called_off")
async def tell_it_is_off(
    contact_id: str,
    wish_id: str,
    at: str,
    minutes: int,
    sequence: int,
    by_office: bool,
) -> None:
    """Say that the two do not talk; the entry leaves the calendar."""
    pair = await _pair(UUID(contact_id), UUID(wish_id))
    if pair is None:
        return
    # As it was: by now there is no talk, or another one.
    pair.contact.talk_at = datetime.fromisoformat(at)
    pair.contact.talk_minutes = minutes
    door = _door(pair)
    written = letter_to(
        pair.to,
        "talk_called_off",
        other=TypedText(pair.name) if pair.other else None,
        at=pair.contact.talk_at,
        ends_at=talk_ends_at(pair.contact),
        by_office=int(by_office),
        door=door,
    )
    await deliver(_with_entry(written, pair, door, sequence, is_off=True))


def _with_entry(
    letter: Letter, pair: Pair, door: Link, sequence: int, *, is_off: bool = False
) -> Letter:
    organizer = Mailbox(organizer_of(pair.to.id), pair.contact.event.organiser.name)
    attendee = mailbox_of(pair.to)
    with in_language(pair.to.language):
        item = _item(pair, door, sequence)
        ics = (
            icalendar_text.cancellation(
                item, organizer=organizer, attendee=attendee, event_is_off=True
            )
            if is_off
            else icalendar_text.invitation(item, organizer=organizer, attendee=attendee)
        )
    method: Literal["REQUEST", "CANCEL"] = "CANCEL" if is_off else "REQUEST"
    return replace(
        letter,
        sender=organizer,
        message_id=message_id(f"{pair.contact.id}.{pair.to.id}.{sequence}"),
        finish=partial(add_invitation, ics=ics, method=method),
    )


def _item(pair: Pair, door: Link, sequence: int) -> Item:
    contact = pair.contact
    ends_at = talk_ends_at(contact)
    assert contact.talk_at and ends_at and contact.agreed_at
    room = bool(room_servers())
    return Item(
        # One entry for each of the two: it holds their own door.
        uid=f"talk-{contact.id}-{pair.to.id}",
        sequence=sequence,
        revised_at=clock.now(),
        created_at=contact.agreed_at,
        starts_at=contact.talk_at,
        ends_at=ends_at,
        timezone=contact.event.timezone,
        summary=gettext("Talk with %(name)s", name=pair.name),
        description=pair.other.email if pair.other else "",
        location=door if room else "",
        url=door,
        conference=door if room else None,
    )


async def _pair(contact_id: UUID, wish_id: UUID) -> Pair | None:
    """Find who is told of whom; None where nobody is there to be told."""
    found = Contact.filter(id=contact_id, state=ContactState.AGREED)
    contact = await found.select_related("event", "event__organiser").first()
    to = await _person(wish_id)
    if contact is None or to is None:
        return None
    try:
        return Pair(contact, to, await other_of(contact, wish_id))
    except NotFound:
        return Pair(contact, to, None)


async def _person(wish_id: UUID) -> Registration | None:
    wish = await ContactWish.get_or_none(id=wish_id)
    if wish is None:
        return None
    return await recipient(wish.registration_id, State.CONFIRMED)


def _page(to: Registration) -> Link:
    return Link.to("feedback:contacts", lang=to.language, token=personal_token(to))


def _door(pair: Pair) -> Link:
    return Link.to(
        "personal:talk",
        lang=pair.to.language,
        token=personal_token(pair.to),
        contact=pair.contact.id,
    )
