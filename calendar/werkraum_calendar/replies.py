"""Answers of people's calendars: found by their address, noted once, in their order."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_calendar import queries
from werkraum_calendar.announcements import CalendarReplied
from werkraum_calendar.models import CalendarReply, Invitation, ReplyKind
from werkraum_calendar.reply_rules import ANSWERS, Earlier, Known, meaning_of
from werkraum_calendar.reply_text import Said
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce

A_DAY = timedelta(days=1)


async def invitation_at(address: str) -> Invitation | None:
    """Find the invitation whose answers come to an address, event with it.

    The address holds 128 bits that nobody guesses; some mail programs write it in
    capitals.
    """
    found = Invitation.filter(organizer=address.lower()).select_related("event")
    return await found.first()


@unit_of_work
async def note(
    registration_id: UUID, said: Said, *, attendee_key: str, now: datetime
) -> CalendarReply | None:
    """Note what somebody's calendar said; None where that was said before.

    Raises what `reply_rules.meaning_of` raises.
    """
    # Locks the invitation: two answers take turns.
    invitation = await queries.enter_invitation(registration_id)
    assert invitation is not None
    await invitation.fetch_related("event")
    known = await _known(invitation, attendee_key)
    meaning = meaning_of(said, known, now=now)
    if meaning is None:
        return None
    proposed = meaning.kind is ReplyKind.PROPOSED
    reply = await CalendarReply.create(
        invitation_id=invitation.id,
        kind=meaning.kind,
        sequence=said.sequence,
        stamp=said.stamp,
        outdated=meaning.outdated,
        comment=said.comment,
        proposed_start=said.starts_at if proposed else None,
        proposed_end=said.ends_at if proposed else None,
        received_at=now,
    )
    await _tell(invitation, reply, now=now)
    return reply


async def _known(invitation: Invitation, attendee_key: str) -> Known:
    rows = CalendarReply.filter(invitation_id=invitation.id)
    return Known(
        uid=invitation.event.uid,
        attendee_key=attendee_key,
        sequence=invitation.sent_sequence or 0,
        earlier=[
            Earlier(it.kind, it.sequence, it.stamp, it.received_at) for it in await rows
        ],
    )


async def _tell(invitation: Invitation, reply: CalendarReply, *, now: datetime) -> None:
    organiser_id = invitation.event.organiser_id
    await audit.record(
        organiser_id,
        f"calendar.{'outdated' if reply.outdated else reply.kind.value}",
        invitation.registration_id,
        actor=audit.ATTENDEE,
        now=now,
    )
    if not reply.outdated:
        await announce(
            CalendarReplied(organiser_id, invitation.registration_id, reply.id)
        )


async def has_answered(invitation_id: UUID, sequence: int) -> bool:
    """Whether somebody's calendar has answered this message, or a later one."""
    return await CalendarReply.exists(
        invitation_id=invitation_id, sequence__gte=sequence, kind__in=ANSWERS.values()
    )


async def count_of_a_day(reply: CalendarReply, kinds: Collection[ReplyKind]) -> int:
    """Count what a calendar said of these kinds within a day up to this reply."""
    return await CalendarReply.filter(
        invitation_id=reply.invitation_id,
        kind__in=kinds,
        outdated=False,
        id__lte=reply.id,
        received_at__gt=reply.received_at - A_DAY,
    ).count()


async def replies_of(registration_id: UUID) -> list[CalendarReply]:
    """List what somebody's calendar said, the latest first."""
    found = CalendarReply.filter(invitation__registration_id=registration_id)
    return await found.order_by("-id")


@unit_of_work
async def forget(registration_id: UUID) -> None:
    """Delete what somebody's calendar said; what it was sent stays noted."""
    found = CalendarReply.filter(invitation__registration_id=registration_id)
    await CalendarReply.filter(id__in=await found.values_list("id", flat=True)).delete()
