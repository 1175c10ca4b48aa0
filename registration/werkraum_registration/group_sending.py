"""Sending a letter to many: in batches, once to each, whatever is killed on the way.

1. A job "group_letter:due" waits for the time of the letter.
2. It hands a batch of people to the letters: a copy each and a job "letter:group",
   written together, and a job for the next batch behind them, so that other letters
   get in between. A person has one copy; whoever has one is left out.
3. "letter:group" asks `copy_to_send` whether there is still a cause, sends, notes it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import enqueue, job, reschedule
from werkraum_registration.audiences import Audience, includes, without_copy
from werkraum_registration.models import (
    GroupLetter,
    GroupLetterCopy,
    GroupLetterState,
)
from werkraum_registration.reminder_times import due

BATCH = 100
NOBODY = UUID(int=0)


class Why(StrEnum):
    """Why a letter was stopped, or a copy of it not sent."""

    BY_HAND = "by_hand"
    OVER = "over"
    OFF = "off"
    LEFT = "left"


def why_pointless(letter: GroupLetter, event: Event, *, now: datetime) -> Why | None:
    """Tell why a letter that comes late has lost its sense.

    What was meant for before the end helps nobody after it; what was decided before
    an event was called off no longer holds. What is written afterwards does.
    """
    off = event.cancelled_at
    if event.status is Status.CANCELLED and off and letter.decided_at:
        return Why.OFF if letter.decided_at < off else None
    if letter.send_at and letter.send_at < event.ends_at <= now:
        return Why.OVER
    return None


def key_of(letter: GroupLetter) -> str:
    """Name the job that waits for a letter's time.

    Each decision to send it has a name of its own: a job that just ends must not
    stand in the way of the one that goes on.
    """
    assert letter.decided_at is not None
    return f"group_letter:{letter.id}:{clock.milliseconds(letter.decided_at)}"


async def entered(letter_id: UUID) -> GroupLetter | None:
    """Lock a letter, then read it with its event."""
    await rows(
        "UPDATE group_letter SET version = version WHERE id = :id RETURNING id",
        id=letter_id,
    )
    found = GroupLetter.filter(id=letter_id).select_related("event")
    return await found.first()


async def set_out(letter: GroupLetter) -> None:
    """Have a letter begin at its time; inside a unit of work, event with it."""
    assert letter.send_at is not None
    key = key_of(letter)
    if not await reschedule(key, letter.send_at):
        await _enqueue(letter, letter.send_at, key)


async def _enqueue(
    letter: GroupLetter, at: datetime | None, key: str, after: UUID | None = None
) -> None:
    await enqueue(
        "group_letter:due",
        {"letter_id": str(letter.id)} | ({"after": str(after)} if after else {}),
        due=at,
        dedupe=key,
        organiser_id=letter.event.organiser_id,
    )


@unit_of_work
async def move_with_event(event_id: UUID, now: datetime) -> None:
    """Move the letters that count from the start; harmless the second time.

    Once an event is called off, nothing decided before goes out any more.
    """
    waiting = GroupLetter.filter(
        event_id=event_id,
        state__in=(GroupLetterState.PLANNED, GroupLetterState.SENDING),
    )
    for found in await waiting.order_by("id"):
        letter = await entered(found.id)
        if letter is None:
            continue
        event = letter.event
        if why_pointless(letter, event, now=now) is Why.OFF:
            await _stop(letter, Why.OFF)
        elif (
            letter.state is GroupLetterState.PLANNED
            and letter.minutes_before is not None
        ):
            at = due(event.starts_at, event.timezone, letter.minutes_before)
            letter.send_at = at
            await letter.save(update_fields=["send_at"])
            await set_out(letter)


@job("group_letter:due")
async def send(letter_id: str, after: str | None = None) -> None:
    """Begin with a letter whose time has come, or go on with it."""
    last = UUID(after) if after else NOBODY
    await hand_over(UUID(letter_id), after=last, now=clock.now())


@unit_of_work
async def hand_over(letter_id: UUID, *, after: UUID, now: datetime) -> None:
    """Hand the next people to the letters; the second time none of them."""
    letter = await entered(letter_id)
    if letter is None or letter.send_at is None:
        return
    if letter.state is GroupLetterState.PLANNED:
        if now < letter.send_at:
            # Moved while this job was claimed already: another one waits.
            return
        letter.state = GroupLetterState.SENDING
    if letter.state is not GroupLetterState.SENDING:
        return
    if why := why_pointless(letter, letter.event, now=now):
        await _stop(letter, why)
    else:
        await _hand_over_batch(letter, after, now)


async def _hand_over_batch(letter: GroupLetter, after: UUID, now: datetime) -> None:
    audience = Audience.read(letter.audience)
    batch = await without_copy(
        letter.event_id, audience, letter.id, after=after, limit=BATCH
    )
    for registration_id in batch:
        await _give_copy(letter, registration_id)
    if len(batch) == BATCH:
        await letter.save(update_fields=["state"])
        last = batch[-1]
        # Due by now, and so behind the letters of this batch.
        await _enqueue(letter, None, f"{key_of(letter)}:{last}", after=last)
    else:
        letter.state = GroupLetterState.SENT
        letter.finished_at = now
        await letter.save(update_fields=["state", "finished_at"])


async def _give_copy(letter: GroupLetter, registration_id: UUID) -> None:
    copy_id = uuid7()
    made = await changed(
        "INSERT INTO group_letter_copy (id, letter_id, registration_id, dropped)"
        " VALUES (:id, :letter, :registration, '')"
        " ON CONFLICT (letter_id, registration_id) DO NOTHING",
        id=copy_id,
        letter=letter.id,
        registration=registration_id,
    )
    if made:
        await enqueue(
            "letter:group",
            {"letter_id": str(letter.id), "registration_id": str(registration_id)},
            dedupe=f"letter:group:{copy_id}",
            organiser_id=letter.event.organiser_id,
        )


async def _stop(letter: GroupLetter, why: Why) -> None:
    letter.state = GroupLetterState.STOPPED
    letter.note = why.value
    letter.version += 1
    await letter.save(update_fields=["state", "note", "version"])


async def copy_to_send(
    letter_id: UUID, registration_id: UUID, *, now: datetime
) -> GroupLetter | None:
    """Find the letter to send to somebody, event with it; None if there is no cause.

    Then the copy says why. One that was stopped is reached again when it goes on.
    """
    copy = await GroupLetterCopy.get_or_none(
        letter_id=letter_id, registration_id=registration_id
    )
    found = GroupLetter.filter(id=letter_id).select_related("event")
    letter = await found.first()
    if copy is None or copy.sent_at or copy.dropped or letter is None:
        return None
    why = why_pointless(letter, letter.event, now=now)
    audience = Audience.read(letter.audience)
    if letter.state is GroupLetterState.STOPPED:
        why = Why.BY_HAND
    elif not why and not await includes(letter.event_id, audience, registration_id):
        why = Why.LEFT
    return None if why and await _drop(copy, why) else letter


@unit_of_work
async def _drop(copy: GroupLetterCopy, why: Why) -> bool:
    """Note why a copy is not sent; False where its letter goes on in the meantime."""
    letter = await entered(copy.letter_id)
    goes_on = letter is not None and letter.state is not GroupLetterState.STOPPED
    if why is Why.BY_HAND and goes_on:
        return False
    await changed(
        "UPDATE group_letter_copy SET dropped = :why"
        " WHERE id = :id AND sent_at IS NULL",
        why=why.value,
        id=copy.id,
    )
    return True


async def forget_dropped(letter_id: UUID) -> None:
    """Let those be reached again whose copies were not sent; under its lock."""
    await changed(
        "DELETE FROM group_letter_copy WHERE letter_id = :letter"
        " AND sent_at IS NULL AND dropped <> ''",
        letter=letter_id,
    )


@unit_of_work
async def note_sent(letter_id: UUID, registration_id: UUID, *, now: datetime) -> None:
    await changed(
        "UPDATE group_letter_copy SET sent_at = :now, dropped = ''"
        " WHERE letter_id = :letter AND registration_id = :registration"
        " AND sent_at IS NULL",
        now=now,
        letter=letter_id,
        registration=registration_id,
    )
