"""What a round does by itself: it opens when it is planned, and reminds twice.

A round of an event is planned by its distance from the end of the event, or of its
session, on the clock of the place, and moves with it. It opens only while the event
is on the programme.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event, Session, Status
from werkraum_feedback.asking import queries, rounds, rules
from werkraum_feedback.models import Round, RoundState
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.local_times import clock_after, clock_span
from werkraum_foundation.refusals import Refused

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    """When a draft opens by itself (None: by hand), for how long, and reminding."""

    opens_at: datetime | None
    days: int
    reminds: bool = False


@unit_of_work
async def plan(
    organiser_id: UUID, round_id: UUID, wish: Plan, *, actor: str, now: datetime
) -> None:
    """Say when a draft opens; raises as `rounds.open`, but not `NobodyToAsk`."""
    draft = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(draft)
    if wish.opens_at:
        rules.must_be_answerable(await queries.questions_of(round_id))
    draft.opens_at, draft.open_days = wish.opens_at, wish.days
    draft.reminds = wish.reminds
    draft.opens_after = await _minutes_after(draft)
    await draft.save(update_fields=["opens_at", "opens_after", "open_days", "reminds"])
    await audit.record(organiser_id, "round.plan", round_id, actor=actor, now=now)


async def end_of(draft: Round) -> datetime | None:
    """Tell when the session or event of a round ends; None for the network."""
    session = await Session.get_or_none(id=draft.session_id)
    if session:
        return session.ends_at
    event = await Event.get_or_none(id=draft.event_id)
    return event.ends_at if event else None


async def _minutes_after(draft: Round) -> int | None:
    event, end = await Event.get_or_none(id=draft.event_id), await end_of(draft)
    if event is None or end is None or draft.opens_at is None:
        return None
    return clock_span(end, draft.opens_at, event.timezone) // MINUTE


async def opening_after(event: Event, draft: Round) -> datetime | None:
    """Tell when a draft of an event opens by itself."""
    if draft.opens_after is None or event.status is Status.CANCELLED:
        return None
    end = await end_of(draft) or event.ends_at
    return clock_after(end, draft.opens_after * MINUTE, event.timezone)


@unit_of_work
async def move_with_event(event_id: UUID) -> None:
    """Set the planned openings of an event by its times now; harmless when repeated."""
    event = await Event.get(id=event_id)
    for draft in await Round.filter(event_id=event_id, state=RoundState.DRAFT):
        if draft.opens_after is not None:
            await changed(
                "UPDATE round SET opens_at = :opens_at"
                " WHERE id = :round AND state = 'draft'",
                opens_at=await opening_after(event, draft),
                round=draft.id,
            )


async def open_due(now: datetime) -> int:
    """Open the drafts whose time has come; says how many. A sweep."""
    due = Round.filter(state=RoundState.DRAFT, opens_at__lte=now)
    opened = 0
    for draft in await due.select_related("event"):
        if draft.event is None or draft.event.status is Status.PUBLISHED:
            opened += await _open_one(draft, now=now)
    return opened


async def _open_one(draft: Round, *, now: datetime) -> bool:
    """Open a round; where there is nobody to ask or nothing, it waits for a person."""
    try:
        await rounds.open(draft.organiser_id, draft.id, actor=audit.SYSTEM, now=now)
    except rules.RoundFrozen:
        # Somebody was quicker.
        return False
    except Refused:
        await _give_up(draft.organiser_id, draft.id, now=now)
        return False
    return True


@unit_of_work
async def _give_up(organiser_id: UUID, round_id: UUID, *, now: datetime) -> None:
    await changed("UPDATE round SET opens_at = NULL WHERE id = :round", round=round_id)
    await audit.record(
        organiser_id, "round.unplan", round_id, actor=audit.SYSTEM, now=now
    )


async def remind_due(now: datetime) -> int:
    """Remind of the rounds whose third or seventh day has come. A sweep."""
    found = await Round.filter(
        state=RoundState.OPEN, reminds=True, reminded__lt=len(rules.REMINDERS)
    )
    return sum([await _remind(asked, now=now) for asked in found])


async def _remind(asked: Round, *, now: datetime) -> bool:
    number = rules.reminders_due(asked, now=now)
    return number > asked.reminded and await _hand_over(asked.id, number, now=now)


@unit_of_work
async def _hand_over(round_id: UUID, number: int, *, now: datetime) -> bool:
    """Hand over a reminder, once."""
    first = await rows(
        "UPDATE round SET reminded = :number WHERE id = :round AND reminded < :number"
        " AND state = 'open' AND closes_at > :now RETURNING id",
        number=number,
        round=round_id,
        now=now,
    )
    if first:
        await rounds.hand_over(await Round.get(id=round_id), reminder=number)
    return bool(first)
