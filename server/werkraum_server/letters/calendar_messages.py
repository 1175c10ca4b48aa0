"""Letters that bring their calendar message along: one mail, words and entry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from werkraum_calendar import icalendar_text, invitations, replies
from werkraum_calendar.event_items import as_last_seen, personal_item, place_of
from werkraum_calendar.invitations import Due, Told
from werkraum_calendar.items import Item
from werkraum_calendar.mail_parts import add_invitation
from werkraum_calendar.models import Method
from werkraum_calendar.queries import enter_invitation, has_entry, invited_generation
from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import Letter, Mailbox, deliver, message_id
from werkraum_foundation.outbox import enqueue
from werkraum_registration import addresses, calendar_answers
from werkraum_registration.models import ENDED, AddressChange, Registration, State
from werkraum_registration.queries import enter_registration
from werkraum_server.letters.chosen import sessions_of
from werkraum_server.letters.recipients import (
    is_ahead,
    letter_to,
    links_of,
    mailbox_of,
)

Finish = Callable[[EmailMessage], None]


@unit_of_work
async def request_due(to: Registration) -> Due | None:
    """Ask whether this person's calendar needs an invitation or its update.

    Of letters side by side the last to ask must say what holds: `to` is read again
    under the lock. None where it has no seat any more, or the event is off. Where the
    entry is with an address the person has left, that one is written to as well.
    """
    invitation = await enter_invitation(to.id)
    if invitation is None:
        # Nothing to lock yet: who ends or changes the registration waits for this.
        await enter_registration(to.id)
    await to.refresh_from_db()
    to.event = await _event_of(to)
    if not _is_seated(to):
        return None
    if invitation is not None and invitation.generation < to.generation:
        await _leave_behind(to, invitation.generation)
    earlier = await Registration.filter(
        event_id=to.event_id, email_key=to.email_key, state__in=ENDED
    ).order_by("-id")
    return await invitations.request_due(
        to.event,
        to.id,
        to.mode,
        generation=to.generation,
        earlier=[it.id for it in earlier],
    )


async def _leave_behind(to: Registration, generation: int) -> None:
    """Have the entry taken out where it is, whichever letter brings it elsewhere.

    The cancellation has a SEQUENCE of its own, before that of the next invitation.
    """
    change = await addresses.change_from(to, generation)
    if change is not None and await has_entry(to.id):
        await plan_to_leave(change, to, generation)
        await invitations.cancel_due(to.event, to.id)


async def plan_to_leave(
    change: AddressChange,
    to: Registration,
    generation: int | None,
    *,
    due: datetime | None = None,
) -> None:
    """Have the address that was left written to; `generation` is that of its entry.

    Inside the unit of work that goes on to the new address. Twice the same would be
    two letters: one that is being written is enough.
    """
    await enqueue(
        "letter:address_left",
        {"change_id": str(change.id), "generation": generation},
        due=due,
        dedupe=f"address_left:{change.id}",
        alone=True,
        organiser_id=to.event.organiser_id,
    )


@unit_of_work
async def _cancel_due(to: Registration) -> Due | None:
    """Ask whether an entry must be taken out of the calendar of this address.

    The event is read again under the lock, and so is whether the address has a seat
    after all: then the entry stays. None where the entry is still with an address the
    person has left: the letter there takes it out, be it after the new one has it.
    """
    invitation = await enter_invitation(to.id)
    if invitation is None or invitation.generation < to.generation:
        return None
    to.event = await _event_of(to)
    now = await Registration.get(id=to.id)
    now.event = to.event
    if now.email == to.email and _is_seated(now):
        return None
    if invitation.generation > to.generation:
        return await invitations.late_cancel_due(to.event, to.id)
    return await invitations.cancel_due(to.event, to.id)


def _is_seated(to: Registration) -> bool:
    return to.state is State.CONFIRMED and is_ahead(to.event, clock.now())


async def _event_of(to: Registration) -> Event:
    return await Event.get(id=to.event_id).select_related("organiser")


async def send_with_request(to: Registration, template: str, **context: object) -> None:
    """Send a letter with an invitation, unless one that left says it all."""
    due = await request_due(to)
    if due is not None:
        chosen = await sessions_of(to)
        await send_with(due, to, letter_to(to, template, sessions=chosen, **context))


async def send_request_again(
    to: Registration, template: str, *, name: str, **context: object
) -> None:
    """Send the entry as it is once more: a calendar has asked for it, or the desk.

    The same SEQUENCE and the same bytes under another Message-ID, or mail programs
    would throw it away as one they have. Who has lost the seat meanwhile gets none:
    the letter about that takes the entry out.
    """
    due = await request_due(to)
    if not _is_seated(to):
        return
    if due is None:
        due = await invitations.sent_last(to.event, to.id)
    if due is not None and due.method is Method.REQUEST:
        chosen = await sessions_of(to)
        letter = letter_to(to, template, sessions=chosen, **context)
        await send_with(due, to, letter, name=name)


async def send_with_cancellation(
    to: Registration,
    template: str,
    *,
    plain_id: str,
    waited: bool = False,
    **context: object,
) -> None:
    """Send a letter that takes the entry out of the person's calendar again.

    Whoever was never invited gets the words alone, under the name `plain_id`; so
    does who `waited` and whose entry was taken out earlier, for another reason.
    """
    due = await _cancel_due(to)
    if due is not None:
        if to.event.status is Status.DRAFT:
            to.event = as_last_seen(to.event, due.before.place if due.before else "")
        await send_with(due, to, letter_to(to, template, invited=1, **context))
    elif waited or not await _was_invited(to):
        letter = letter_to(to, template, invited=0, **context)
        await deliver(replace(letter, message_id=message_id(plain_id)))


async def _was_invited(to: Registration) -> bool:
    """Whether an invitation may have left for this address."""
    generation = await invited_generation(to.id)
    return generation is not None and generation >= to.generation


async def is_owed_the_end(to: Registration) -> bool:
    """Whether a letter about the end of taking part still has a cause.

    Where the event is off or a draft by now, nobody else writes to those who have left
    before: whose calendar still has the entry must get that letter.
    """
    now = clock.now()
    if to.event.is_past(now):
        return False
    return is_ahead(to.event, now) or await has_entry(to.id)


async def send_taking_out(to: Registration, template: str, **context: object) -> None:
    """Send a letter to somebody without a seat, whatever their calendar knows.

    It takes the entry out where that has not been done; the words come in any case.
    """
    due = await _cancel_due(to)
    if due is not None:
        await send_with(due, to, letter_to(to, template, invited=1, **context))
    else:
        await deliver(letter_to(to, template, invited=0, **context))


async def send_with(
    due: Due, to: Registration, letter: Letter, *, name: str = ""
) -> None:
    """Send a letter with the message that is due, then note what the person knows.

    From is the ORGANIZER, or Outlook and Gmail do not take the message for one;
    answers of people go to the organiser's contact. The name of the letter follows
    from its message: tried again, or asked for twice, it is the same one. `name` tells
    one apart that is to come again.
    """
    letter = replace(
        letter,
        sender=_organizer(due, to),
        message_id=name_of(due, name),
        references=(*letter.references, *_first_of(due)),
        finish=_with_calendar(due, to),
    )
    await deliver(letter)
    await _note_sent(due, to, letter.message_id)


@unit_of_work
async def _note_sent(due: Due, to: Registration, name: str) -> None:
    """Keep what the person knows; their calendar asks them anew from now on.

    Its answer may have come before this note.
    """
    known = known_from_now_on(to.event, to.mode)
    await invitations.note_sent(due, known, message_id=name)
    if due.method is Method.REQUEST and not await replies.has_answered(
        due.invitation_id, due.sequence
    ):
        await calendar_answers.void_answer(to.id)


def name_of(due: Due, again: str = "") -> str:
    """Name the letter with a message: another one where the message differs.

    A typing error put right is a later revision of the same SEQUENCE.
    """
    revision = int(due.revised_at.timestamp())
    parts = (str(due.invitation_id), str(due.sequence), str(revision), again)
    return message_id(".".join(filter(None, parts)))


def _first_of(due: Due) -> tuple[str, ...]:
    return (due.first_message_id,) if due.first_message_id else ()


def known_from_now_on(event: Event, mode: Mode) -> Told:
    """Say what a letter tells of an event to somebody who takes part this way."""
    place = place_of(event) if mode is Mode.ONSITE else ""
    return Told(event.starts_at, event.ends_at, event.timezone, place)


def _with_calendar(due: Due, to: Registration) -> Finish:
    ics = calendar_message(due, to)
    return partial(add_invitation, ics=ics, method=due.method.value)


def calendar_message(due: Due, to: Registration) -> bytes:
    """Write the file of a message in the person's language."""
    organizer, attendee = _organizer(due, to), mailbox_of(to)
    with in_language(to.language):
        item = _item(due, to)
        if due.method is Method.REQUEST:
            return icalendar_text.invitation(
                item, organizer=organizer, attendee=attendee
            )
        return icalendar_text.cancellation(
            item,
            organizer=organizer,
            attendee=attendee,
            event_is_off=to.event.status is Status.CANCELLED,
        )


def _organizer(due: Due, to: Registration) -> Mailbox:
    return Mailbox(due.organizer, to.event.organiser.name)


def _item(due: Due, to: Registration) -> Item:
    links = links_of(to)
    return personal_item(
        to.event, to.mode, sequence=due.sequence, page=links.page, door=links.door
    )
