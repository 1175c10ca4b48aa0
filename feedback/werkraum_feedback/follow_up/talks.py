"""Talks of two who have agreed to a contact: set, called off, and those to come."""

from datetime import datetime, timedelta
from uuid import UUID

from werkraum_feedback.follow_up import contact_rules as rules
from werkraum_feedback.follow_up_models import Contact, ContactState, ContactWish
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound


@unit_of_work
async def agree_on_talk(
    registration_id: UUID,
    contact_id: UUID,
    at: datetime,
    *,
    minutes: int,
    room: str,
    now: datetime,
) -> None:
    """Set when two who have agreed talk; both calendars follow.

    `room` is the name of a room for them, used where they have none yet.
    """
    contact = await enter_contact(registration_id, contact_id)
    if contact.state is not ContactState.AGREED or contact.agreed_at is None:
        raise rules.NoContact
    if (contact.talk_at, contact.talk_minutes) == (at, minutes):
        return
    contact.talk_at, contact.talk_minutes = at, minutes
    contact.talk_room = contact.talk_room or room
    contact.talk_sequence += 1
    await contact.save()
    await _note(contact, "talk.set", audit.ATTENDEE, now)
    await tell_both("letter:talk", contact, sequence=contact.talk_sequence)


@unit_of_work
async def call_off(registration_id: UUID, contact_id: UUID, *, now: datetime) -> None:
    """Call a talk off, as one of the two; harmless the second time.

    Its room is closed, and both calendars follow. Raises `NotFound` and `TalkOver`.
    """
    contact = await enter_contact(registration_id, contact_id)
    await _call_off(contact, actor=audit.ATTENDEE, now=now)


@unit_of_work
async def call_off_at_desk(
    event_id: UUID, contact_id: UUID, *, actor: str, now: datetime
) -> None:
    """Call a talk off that belongs to an event; raises as `call_off`."""
    await _lock(contact_id)
    found = Contact.filter(id=contact_id, event_id=event_id)
    contact = await found.select_related("event").first()
    if contact is None:
        raise NotFound
    await _call_off(contact, actor=actor, now=now)


async def call_off_all_of(wish_id: UUID, *, now: datetime) -> None:
    """Call off what somebody has agreed on who is no longer there to talk."""
    for side in ({"one_id": wish_id}, {"other_id": wish_id}):
        to_come = Contact.filter(**side, talk_at__gt=now)
        for contact in await to_come.select_related("event"):
            await _call_off(contact, actor=audit.ATTENDEE, now=now)


async def _call_off(contact: Contact, *, actor: str, now: datetime) -> None:
    at, ends_at = contact.talk_at, talk_ends_at(contact)
    if at is None or ends_at is None:
        return
    if ends_at <= now:
        raise rules.TalkOver
    # A new talk has a room of its own: whoever has been in the old one knows it.
    contact.talk_at, contact.talk_room = None, ""
    contact.talk_sequence += 1
    await contact.save(update_fields=["talk_at", "talk_room", "talk_sequence"])
    await _note(contact, "talk.call_off", actor, now)
    await tell_both(
        "letter:talk_called_off",
        contact,
        at=at.isoformat(),
        minutes=contact.talk_minutes,
        sequence=contact.talk_sequence,
        by_office=actor != audit.ATTENDEE,
    )


async def _note(contact: Contact, action: str, actor: str, now: datetime) -> None:
    await audit.record(
        contact.event.organiser_id, action, contact.id, actor=actor, now=now
    )


async def talks_to_come(event_id: UUID, *, now: datetime) -> list[Contact]:
    """List the talks of an event that are not over, and nothing of who talks."""
    found = Contact.filter(event_id=event_id, talk_at__gt=now - rules.LONGEST_TALK)
    there = await found.order_by("talk_at", "id")
    return [it for it in there if (ends_at := talk_ends_at(it)) and ends_at > now]


async def talk_to_come(event_id: UUID, contact_id: UUID, *, now: datetime) -> Contact:
    """Find a talk of an event that is not over, or raise `NotFound`."""
    there = {it.id: it for it in await talks_to_come(event_id, now=now)}
    if contact_id not in there:
        raise NotFound
    return there[contact_id]


def talk_ends_at(contact: Contact) -> datetime | None:
    if contact.talk_at is None:
        return None
    return contact.talk_at + timedelta(minutes=contact.talk_minutes)


def ends_of(contact: Contact) -> tuple[UUID, UUID]:
    return contact.one_id, contact.other_id


async def enter_contact(registration_id: UUID, contact_id: UUID) -> Contact:
    """Lock a contact of somebody, then read it: two deeds at once take turns."""
    await _lock(contact_id)
    mine = await ContactWish.get_or_none(registration_id=registration_id)
    contact = await Contact.get_or_none(id=contact_id).select_related("event")
    if mine is None or contact is None or mine.id not in ends_of(contact):
        raise NotFound
    return contact


async def _lock(contact_id: UUID) -> None:
    await rows(
        "UPDATE contact SET state = state WHERE id = :id RETURNING id", id=contact_id
    )


async def tell_both(letter: str, contact: Contact, **more: object) -> None:
    for wish_id in ends_of(contact):
        await enqueue(
            letter,
            {"contact_id": str(contact.id), "wish_id": str(wish_id), **more},
            organiser_id=contact.event.organiser_id,
        )
