"""What is due for one person's calendar, and what has left."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.people import an_event, an_organiser

from werkraum_calendar import invitations
from werkraum_calendar.invitations import Due, Told
from werkraum_calendar.models import Invitation, Method
from werkraum_events.models import Event, Mode


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


@pytest.fixture
def anna_id() -> UUID:
    return uuid4()


def known(event: Event) -> Told:
    return Told(event.starts_at, event.ends_at, event.timezone, "Rathaus")


async def sent(event: Event, who: UUID, mode: Mode = Mode.ONLINE) -> Due:
    """Ask what is due and let it leave."""
    due = await invitations.request_due(event, who, mode)
    assert due is not None
    await invitations.note_sent(due, known(event), message_id="<first@example.org>")
    return due


async def test_the_first_message_has_the_sequence_of_the_event(
    event: Event, anna_id: UUID
) -> None:
    event.sequence = 3
    due = await invitations.request_due(event, anna_id, Mode.ONLINE)
    assert due is not None
    assert (due.method, due.sequence, due.before) == (Method.REQUEST, 3, None)
    assert due.organizer == invitations.organizer_of(anna_id)


async def test_what_has_left_is_not_due_again(event: Event, anna_id: UUID) -> None:
    await sent(event, anna_id)
    assert await invitations.request_due(event, anna_id, Mode.ONLINE) is None


async def test_what_left_without_a_note_is_due_again_the_same(
    event: Event, anna_id: UUID
) -> None:
    tries = [
        await invitations.request_due(event, anna_id, Mode.ONLINE) for _ in range(3)
    ]
    assert tries[0] is not None
    assert tries == [tries[0]] * 3


async def test_a_moved_event_is_due_with_what_was_told_before(
    event: Event, anna_id: UUID
) -> None:
    first = await sent(event, anna_id)
    before = known(event)
    event.sequence += 1
    event.revised_at += timedelta(seconds=1)
    event.starts_at -= timedelta(hours=1)
    due = await invitations.request_due(event, anna_id, Mode.ONLINE)
    assert due is not None
    assert (due.sequence, due.before) == (first.sequence + 1, before)
    assert due.first_message_id == "<first@example.org>"


async def test_a_late_note_of_an_older_message_changes_nothing(
    event: Event, anna_id: UUID
) -> None:
    old = await sent(event, anna_id)
    new = await sent(event, anna_id, Mode.ONSITE)
    await invitations.note_sent(old, known(event), message_id="<late@example.org>")
    row = await Invitation.get()
    assert (row.sent_sequence, row.first_message_id) == (
        new.sequence,
        "<first@example.org>",
    )


async def test_nobody_is_cancelled_who_was_never_invited(
    event: Event, anna_id: UUID
) -> None:
    assert await invitations.cancel_due(event, anna_id) is None
    assert await Invitation.all().count() == 0


async def test_a_cancellation_is_due_once(event: Event, anna_id: UUID) -> None:
    await sent(event, anna_id)
    due = await invitations.cancel_due(event, anna_id)
    assert due is not None
    assert (due.method, due.sequence) == (Method.CANCEL, 1)
    await invitations.note_sent(due, known(event), message_id="<x@example.org>")
    assert await invitations.cancel_due(event, anna_id) is None


async def test_a_new_registration_goes_on_where_the_ended_one_was(
    event: Event, anna_id: UUID
) -> None:
    first, again = await sent(event, anna_id), uuid4()
    due = await invitations.request_due(event, again, Mode.ONLINE, earlier=[anna_id])
    assert due is not None
    assert (due.organizer, due.sequence) == (first.organizer, first.sequence + 1)
    assert await invitations.cancel_due(event, anna_id) is None


async def test_two_letters_at_once_share_one_invitation(
    event: Event, anna_id: UUID
) -> None:
    due = await asyncio.gather(
        *(invitations.request_due(event, anna_id, Mode.ONLINE) for _ in range(4))
    )
    assert len({it.invitation_id for it in due if it}) == 1
    assert await Invitation.all().count() == 1
