"""Answers of calendars as rows: found by their address, kept once, forgotten."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.calendar.test_reply_rules import NOW, SAID, STAMP
from tests.people import an_event, an_organiser

from werkraum_calendar import invitations, replies
from werkraum_calendar.invitations import Told
from werkraum_calendar.models import CalendarReply, Invitation, ReplyKind
from werkraum_calendar.reply_text import Answering, Said
from werkraum_events.models import Event, Mode
from werkraum_foundation.models import AuditEntry, Job

ANNA = "anna@example.org"


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


@pytest.fixture
async def anna_id(event: Event) -> UUID:
    """Somebody who has an invitation."""
    anna_id = uuid4()
    await is_sent(event, anna_id)
    return anna_id


async def is_sent(event: Event, who: UUID) -> None:
    """Let leave what is due for somebody's calendar."""
    due = await invitations.request_due(event, who, Mode.ONLINE)
    assert due is not None
    known = Told(event.starts_at, event.ends_at, event.timezone, "")
    await invitations.note_sent(due, known, message_id="<1@example.org>")


def said(event: Event, **changes: object) -> Said:
    # Any field of what was said.
    return replace(SAID, uid=event.uid, sequence=0, **changes)  # type: ignore[arg-type]


async def test_an_invitation_is_found_by_its_address_in_capitals_too(
    anna_id: UUID,
) -> None:
    address = invitations.organizer_of(anna_id)
    for written in (address, address.upper()):
        found = await replies.invitation_at(written)
        assert found is not None
        assert found.registration_id == anna_id
    assert await replies.invitation_at(address[1:]) is None


async def test_an_answer_is_noted_once(event: Event, anna_id: UUID) -> None:
    answer = said(event, partstat="DECLINED", comment="krank")
    both = await asyncio.gather(
        *(replies.note(anna_id, answer, attendee_key=ANNA, now=NOW) for _ in range(2))
    )

    assert sorted(it is None for it in both) == [False, True]
    [reply] = await CalendarReply.all()
    assert (reply.kind, reply.outdated) == (ReplyKind.DECLINED, False)
    assert (reply.comment, reply.stamp) == ("krank", STAMP)
    assert [it.action for it in await AuditEntry.all()] == ["calendar.declined"]


async def test_an_outdated_answer_is_kept_and_told_to_nobody(
    event: Event, anna_id: UUID
) -> None:
    event.sequence = 4
    await is_sent(event, anna_id)
    before = await Job.all().count()

    await replies.note(anna_id, said(event), attendee_key=ANNA, now=NOW)

    [reply] = await CalendarReply.all()
    assert reply.outdated
    assert await Job.all().count() == before
    assert [it.action for it in await AuditEntry.all()] == ["calendar.outdated"]


async def test_an_answer_to_what_the_person_has_is_not_outdated_by_other_news(
    event: Event, anna_id: UUID
) -> None:
    await Event.filter(id=event.id).update(sequence=4)
    reply = await replies.note(anna_id, said(event), attendee_key=ANNA, now=NOW)
    assert reply is not None
    assert not reply.outdated


async def test_a_message_is_answered_by_an_answer_to_it_or_to_a_later_one(
    event: Event, anna_id: UUID
) -> None:
    wish = said(event, method=Answering.COUNTER)
    await replies.note(anna_id, wish, attendee_key=ANNA, now=NOW)
    invitation = await Invitation.get()
    assert not await replies.has_answered(invitation.id, 0)
    await replies.note(anna_id, said(event), attendee_key=ANNA, now=NOW)
    assert await replies.has_answered(invitation.id, 0)
    assert not await replies.has_answered(invitation.id, 1)


async def test_a_proposal_keeps_its_times(event: Event, anna_id: UUID) -> None:
    hour = timedelta(hours=1)
    wish = said(event, method=Answering.COUNTER, starts_at=STAMP, ends_at=STAMP + hour)
    reply = await replies.note(anna_id, wish, attendee_key=ANNA, now=NOW)
    assert reply is not None
    assert (reply.proposed_start, reply.proposed_end) == (STAMP, STAMP + hour)


async def test_forgetting_takes_the_answers_of_one_person(
    event: Event, anna_id: UUID
) -> None:
    bert_id = uuid4()
    await invitations.request_due(event, bert_id, Mode.ONLINE)
    for who in (anna_id, bert_id):
        await replies.note(who, said(event), attendee_key=ANNA, now=NOW)

    await replies.forget(anna_id)

    assert await replies.replies_of(anna_id) == []
    assert len(await replies.replies_of(bert_id)) == 1
