"""One person's calendar item: what is due, and what has left.

1. A letter asks what is due; that notes the message as on its way, so that a
   cancellation follows even if the process ends before step 3.
2. The letter leaves with the message. Tried again, it has the same bytes.
3. `note_sent` keeps what the person knows now, and nothing older follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from werkraum_calendar import queries, rules
from werkraum_calendar.models import Invitation, Method
from werkraum_events.models import Event, Mode
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash

REPLY = "calendar-reply"


@dataclass(frozen=True)
class Told:
    """What a person knows of an event; `place` is empty for those online."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str


@dataclass(frozen=True)
class Due:
    """A message on its way; the bytes of its file follow from it and the event.

    `before` is what the person knows, None before the first message left.
    """

    invitation_id: UUID
    method: Method
    organizer: str
    sequence: int
    revised_at: datetime
    first_message_id: str | None
    before: Told | None


@unit_of_work
async def request_due(
    event: Event,
    registration_id: UUID,
    mode: Mode,
    *,
    generation: int = 1,
    earlier: Sequence[UUID] = (),
) -> Due | None:
    """Put an invitation or its update on its way; None if what left covers it.

    `generation` is that of the person's links, which stand in the entry. `earlier`
    are ended registrations of the same person at this event: calendars know the UID
    from them, so the ORGANIZER stays and the SEQUENCE goes on.
    """
    invitation = await queries.enter_invitation(registration_id)
    if invitation is None:
        await _take_over(earlier, registration_id)
        await _begin(event, registration_id, mode, generation)
        invitation = await queries.enter_invitation(registration_id)
    assert invitation is not None
    return await _due(invitation, event, Method.REQUEST, mode, generation)


@unit_of_work
async def cancel_due(event: Event, registration_id: UUID) -> Due | None:
    """Put a cancellation on its way; None if one has left, or nothing to cancel."""
    invitation = await queries.enter_invitation(registration_id)
    if invitation is None:
        return None
    known = invitation.mode, invitation.generation
    return await _due(invitation, event, Method.CANCEL, *known)


@unit_of_work
async def late_cancel_due(event: Event, registration_id: UUID) -> Due | None:
    """Describe the cancellation for who had the entry before it went to another one.

    What whoever has it now is told stays as it is. The SEQUENCE is that of the
    cancellation which should have come before it: where both stand in one calendar,
    the newer entry stays.
    """
    invitation = await queries.enter_invitation(registration_id)
    if invitation is None:
        return None
    due = _described(invitation, event, Method.CANCEL)
    before = due.sequence - int(invitation.method is Method.REQUEST)
    return replace(due, sequence=before)


async def sent_last(event: Event, registration_id: UUID) -> Due | None:
    """Describe the message that left last once more, for who has lost it."""
    invitation = await Invitation.get_or_none(registration_id=registration_id)
    if invitation is None or not rules.is_covered(invitation, event):
        return None
    return _described(invitation, event, invitation.method)


async def _due(
    invitation: Invitation, event: Event, method: Method, mode: Mode, generation: int
) -> Due | None:
    rules.put_on_its_way(invitation, method, mode, generation)
    if rules.is_covered(invitation, event):
        return None
    on_its_way = ["sequence_offset", "method", "mode", "generation"]
    await invitation.save(update_fields=on_its_way)
    return _described(invitation, event, method)


def _described(invitation: Invitation, event: Event, method: Method) -> Due:
    return Due(
        invitation_id=invitation.id,
        method=method,
        organizer=invitation.organizer,
        sequence=rules.sequence_of(invitation, event),
        revised_at=event.revised_at,
        first_message_id=invitation.first_message_id,
        before=told(invitation),
    )


def told(invitation: Invitation) -> Told | None:
    """Say what the last message that left has told."""
    if invitation.sent_starts_at is None or invitation.sent_ends_at is None:
        return None
    return Told(
        invitation.sent_starts_at,
        invitation.sent_ends_at,
        invitation.sent_timezone or "",
        invitation.sent_place or "",
    )


async def _begin(
    event: Event, registration_id: UUID, mode: Mode, generation: int
) -> None:
    await changed(
        "INSERT INTO invitation (id, registration_id, event_id, organizer,"
        " sequence_offset, method, mode, generation) VALUES (:id, :registration,"
        " :event, :organizer, 0, :method, :mode, :generation) ON CONFLICT DO NOTHING",
        id=uuid7(),
        registration=registration_id,
        event=event.id,
        organizer=organizer_of(registration_id),
        method=Method.REQUEST.value,
        mode=mode.value,
        generation=generation,
    )


async def _take_over(earlier: Sequence[UUID], registration_id: UUID) -> None:
    """Let the invitation of an ended registration go on for a new one."""
    before = await queries.invitation_of_any(earlier)
    if before is not None:
        before.registration_id = registration_id
        # Its links were those of the registration that has ended.
        before.sequence_offset += 1
        await before.save(update_fields=["registration_id", "sequence_offset"])


def organizer_of(registration_id: UUID) -> str:
    """Make the address that the replies of one person's calendar come to.

    Hexadecimal: some mail programs lower the letters before the @.
    """
    token = keyed_hash(REPLY, str(registration_id))[:32]
    return f"rsvp+{token}@{settings().mail_domain}"


@unit_of_work
async def note_sent(due: Due, known: Told, *, message_id: str) -> None:
    """Keep what has left; the second time, and after a newer one, nothing changes."""
    await changed(
        "UPDATE invitation SET sent_method = :method, sent_sequence = :sequence,"
        " sent_revised_at = :revised, sent_starts_at = :starts, sent_ends_at = :ends,"
        " sent_timezone = :timezone, sent_place = :place,"
        " first_message_id = coalesce(first_message_id, :message)"
        " WHERE id = :id AND (sent_sequence IS NULL OR sent_sequence < :sequence"
        " OR (sent_sequence = :sequence AND sent_revised_at <= :revised))",
        id=due.invitation_id,
        method=due.method.value,
        sequence=due.sequence,
        revised=due.revised_at,
        starts=known.starts_at,
        ends=known.ends_at,
        timezone=known.timezone,
        place=known.place,
        message=message_id,
    )
