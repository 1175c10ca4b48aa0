"""Letters about an event to everybody who takes part: changed, called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from werkraum_calendar.invitations import Told
from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import pick
from werkraum_foundation.letters import OrganiserText, ZoneName, deliver, message_id
from werkraum_foundation.outbox import enqueue, job
from werkraum_registration.models import Registration, State
from werkraum_server.letters.calendar_messages import (
    known_from_now_on,
    request_due,
    send_with,
    send_with_cancellation,
)
from werkraum_server.letters.chosen import sessions_of
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    recipient,
)

BATCH = 200
# Who takes part or will perhaps, and has nothing in the calendar yet.
WAITING = (State.WAITLISTED, State.OFFERED, State.PENDING_APPROVAL)


@dataclass(frozen=True)
class Before:
    """What was told last and no longer holds; None where it still does."""

    starts_at: datetime | None
    ends_at: datetime | None
    timezone: ZoneName | None
    place: OrganiserText | None


async def tell_of_change(event_id: UUID) -> None:
    """Hand a letter to everybody with a seat or waiting for one.

    The second time it is covered.
    """
    event = await Event.get(id=event_id)
    seated = Registration.filter(event_id=event_id, state=State.CONFIRMED)
    waiting = Registration.filter(event_id=event_id, state__in=WAITING)
    await _fan_out("letter:changed", event, seated)
    await _fan_out("letter:changed_waiting", event, waiting, sequence=event.sequence)


async def tell_it_is_off(event_id: UUID) -> None:
    """Hand a letter to everybody with a seat or waiting for one."""
    event = await Event.get(id=event_id)
    taking_part = Registration.filter(event_id=event_id, state__in=TAKING_PART)
    await _fan_out("letter:event_cancelled", event, taking_part)


async def _fan_out(
    name: str, event: Event, to: QuerySet[Registration], **args: object
) -> None:
    """Enqueue a letter each, in batches: no unit of work is as large as an event."""
    after = UUID(int=0)
    while batch := await to.filter(id__gt=after).order_by("id").limit(BATCH):
        await _hand_over(name, event, [each.id for each in batch], args)
        after = batch[-1].id


@unit_of_work
async def _hand_over(
    name: str, event: Event, registrations: Sequence[UUID], args: Mapping[str, object]
) -> None:
    for registration_id in registrations:
        await enqueue(
            name,
            {"registration_id": str(registration_id), **args},
            dedupe=f"{name}:{registration_id}:{event.sequence}",
            organiser_id=event.organiser_id,
        )


@job("letter:changed")
async def changed(registration_id: str) -> None:
    """Tell somebody what is different from what they know, with the update.

    Whoever was told nothing yet learns it from the letter that is still to come.
    """
    to = await recipient(registration_id, State.CONFIRMED)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    due = await request_due(to)
    if due is None or due.before is None:
        return
    before = difference(due.before, known_from_now_on(to.event, to.mode))
    if before is not None:
        chosen = await sessions_of(to)
        letter = letter_to(to, "changed", before=before, sessions=chosen)
        await send_with(due, to, letter)


@job("letter:changed_waiting")
async def changed_waiting(registration_id: str, sequence: int) -> None:
    """Tell somebody without a firm seat how it is now; no calendar knows of it.

    `sequence` is that of the event after the change: where it has moved once more
    since, the letter about that says it all.
    """
    to = await recipient(registration_id, *WAITING)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    if to.event.sequence == sequence:
        queued = int(to.state is State.WAITLISTED)
        chosen = await sessions_of(to)
        letter = letter_to(to, "changed_waiting", queued=queued, sessions=chosen)
        name = message_id(f"{to.id}.changed.{sequence}")
        await deliver(replace(letter, message_id=name))


def difference(told: Told, now: Told) -> Before | None:
    """Find what must be told; None where nothing differs for this person."""
    moved = _time(told) != _time(now)
    other_place = told.place != now.place
    if not moved and not other_place:
        return None
    return Before(
        starts_at=told.starts_at if moved else None,
        ends_at=told.ends_at if moved else None,
        timezone=ZoneName(told.timezone) if moved else None,
        place=OrganiserText(told.place) if other_place else None,
    )


def _time(told: Told) -> tuple[datetime, datetime, str]:
    return told.starts_at, told.ends_at, told.timezone


@job("letter:event_cancelled")
async def event_cancelled(registration_id: str) -> None:
    """Tell somebody that the event does not take place, and why."""
    to = await recipient(registration_id, *TAKING_PART)
    if to is None or to.event.status is not Status.CANCELLED:
        return
    reason = pick(to.event.cancel_reason, to.language)[0]
    await send_with_cancellation(
        to,
        "event_cancelled",
        plain_id=f"{to.id}.off",
        waited=to.state is not State.CONFIRMED,
        reason=OrganiserText(reason) if reason else None,
    )
