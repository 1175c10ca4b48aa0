"""Letters to whoever had chosen a programme item that is no more, or is another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet

from werkraum_events.models import Event, Session
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import OrganiserText, deliver
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.outbox import enqueue, job
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.models import Booking, Registration
from werkraum_server.letters.chosen import SessionWords, session_words
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    recipient,
)

# Until then whoever plans the programme can move items to and fro.
CALM = timedelta(minutes=3)
BATCH = 200

Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class MovedItem:
    """A chosen item as it is now, and when it was to be."""

    item: SessionWords
    starts_before: datetime
    ends_before: datetime


def bookings_to_tell(session_id: UUID) -> QuerySet[Booking]:
    """Find who has chosen an item, with a seat or without, and can be written to."""
    return Booking.filter(
        pool__session_id=session_id,
        registration__state__in=TAKING_PART,
        registration__email__not="",
    ).order_by("id")


async def plan_to_tell(session: Session, organiser_id: UUID, *, now: datetime) -> None:
    """Have people told of another time of an item; one row, however many they are.

    Inside the unit of work that moves it: whoever chooses it later knows the new time.
    """
    newest = await bookings_to_tell(session.id).order_by("-id").first()
    if newest is None:
        return
    await enqueue(
        "session:moved",
        {
            "event_id": str(session.event_id),
            "session_id": str(session.id),
            "up_to": str(newest.id),
            "since": now.isoformat(),
        },
        organiser_id=organiser_id,
    )


@job("session:moved")
async def hand_out(event_id: str, session_id: str, up_to: str, since: str) -> None:
    """Hand a letter to all who had chosen an item, in batches."""
    event, after = await Event.get(id=event_id), UUID(int=0)
    chosen = bookings_to_tell(UUID(session_id)).filter(id__lte=UUID(up_to))
    while batch := await chosen.filter(id__gt=after).limit(BATCH):
        told = [it.registration_id for it in batch]
        await _hand_over(event, told, datetime.fromisoformat(since))
        after = batch[-1].id


@unit_of_work
async def _hand_over(
    event: Event, registrations: Sequence[UUID], since: datetime
) -> None:
    """Have people told in a while of all items that have moved by then.

    Where an earlier letter has failed, it counts from then on: nobody has heard of what
    was in between.
    """
    for registration_id in registrations:
        await enqueue(
            "letter:session_moved",
            {"registration_id": str(registration_id), "since": since.isoformat()},
            due=since + CALM,
            dedupe=f"session_moved:{registration_id}",
            organiser_id=event.organiser_id,
        )


@job("letter:session_moved", keeps=["since"])
async def session_moved(registration_id: str, since: str) -> None:
    """Tell somebody which items they had chosen have another time than before.

    Not what is back where it was. What has moved with its event is told by the
    letter about the event.
    """
    to = await recipient(registration_id, *TAKING_PART)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    moved = await moved_items(to, datetime.fromisoformat(since))
    if moved:
        await deliver(letter_to(to, "session_moved", moved=moved))


async def moved_items(to: Registration, since: datetime) -> list[MovedItem]:
    """List the chosen items that are elsewhere than before a moment; two queries."""
    there = [it.session for it in await chosen_by(to.id, ())]
    before = await _times_before(there, since)
    return [
        MovedItem(session_words(it, to.language), *before[it.id])
        for it in there
        if before.get(it.id, _times(it)) != _times(it)
    ]


def _times(session: Session) -> Times:
    return session.starts_at, session.ends_at


async def _times_before(there: list[Session], since: datetime) -> dict[UUID, Times]:
    """Find what the first move since then has noted as the times before it."""
    edits = AuditEntry.filter(
        subject_id__in=[it.id for it in there], action="session.edit", at__gte=since
    )
    before: dict[UUID, Times] = {}
    for noted in await edits.order_by("id"):
        if "starts_at" in noted.changes:
            starts, ends = (noted.changes[it][0] for it in ("starts_at", "ends_at"))
            times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
            before.setdefault(noted.subject_id, times)
    return before


@job("letter:session_gone")
async def session_gone(registration_id: str, session_id: str) -> None:
    """Tell somebody that an item they had chosen was taken off the programme.

    Its name is known from the audit: the item itself is gone.
    """
    to = await recipient(registration_id, *TAKING_PART)
    noted = await AuditEntry.filter(
        subject_id=session_id, action="session.remove"
    ).first()
    if to is None or noted is None or not is_ahead(to.event, clock.now()):
        return
    with in_language(to.language):
        title = pick(noted.changes["title"][0])[0]
    await deliver(letter_to(to, "session_gone", item=OrganiserText(title)))


@job("letter:session_for_all")
async def session_for_all(registration_id: str, session_id: str) -> None:
    """Tell somebody that nobody chooses an item any more that they had chosen."""
    to = await recipient(registration_id, *TAKING_PART)
    session = await Session.get_or_none(id=session_id)
    if to is None or session is None or not is_ahead(to.event, clock.now()):
        return
    title = pick(session.title, to.language)[0]
    await deliver(letter_to(to, "session_for_all", item=OrganiserText(title)))
