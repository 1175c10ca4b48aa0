"""What organisers do with the programme items of an event."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events import queries, rules
from werkraum_events.announcements import EventChanged
from werkraum_events.models import Event, Session, Status
from werkraum_events.wishes import SessionWish
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import NotFound

PROGRAMME = frozenset({"programme"})


@unit_of_work
async def add(
    organiser_id: UUID, event_id: UUID, wish: SessionWish, *, actor: str, now: datetime
) -> Session:
    """Put an item on the programme; raises `InvalidInput` outside the event's times."""
    event = await _enter(organiser_id, event_id)
    rules.session_must_be_possible(wish, event)
    if len(await queries.sessions_of(event.id)) >= rules.MOST_SESSIONS:
        raise rules.TooManySessions
    session = await Session.create(event_id=event.id, **_columns(wish))
    await _revise(event, "session.add", session.id, actor=actor, now=now)
    return session


@unit_of_work
async def edit(
    organiser_id: UUID,
    event_id: UUID,
    session_id: UUID,
    wish: SessionWish,
    *,
    actor: str,
    now: datetime,
) -> Session:
    """Change an item; saving what is there changes nothing."""
    event = await _enter(organiser_id, event_id)
    session = await queries.session_of(event.id, session_id)
    rules.session_must_be_possible(wish, event)
    columns = _columns(wish)
    if all(getattr(session, name) == value for name, value in columns.items()):
        return session
    times = {}
    if rules.session_moves(session, wish):
        session.sequence += event.status is not Status.DRAFT
        times = _times(session, wish)
    session.update_from_dict(columns)
    await session.save()
    await _revise(
        event, "session.edit", session.id, actor=actor, now=now, changes=times
    )
    return session


@unit_of_work
async def remove(
    organiser_id: UUID, event_id: UUID, session_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take an item off the programme; what is gone already stays gone."""
    event = await _enter(organiser_id, event_id)
    try:
        session = await queries.session_of(event.id, session_id)
    except NotFound:
        return
    await session.delete()
    gone = {"title": [session.title, None]}
    await _revise(
        event, "session.remove", session_id, actor=actor, now=now, changes=gone
    )


def _times(session: Session, wish: SessionWish) -> dict[str, object]:
    """Note both times of a move, from which a letter tells what was before."""
    return {
        name: [getattr(it, name).isoformat() for it in (session, wish)]
        for name in ("starts_at", "ends_at")
    }


async def _enter(organiser_id: UUID, event_id: UUID) -> Event:
    event = await queries.enter_event(organiser_id, event_id)
    rules.must_not_be_off(event)
    return event


def _columns(wish: SessionWish) -> rules.Columns:
    return {
        "title": wish.title,
        "description": wish.description,
        "speakers": list(wish.speakers),
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "bookable": wish.bookable,
    }


async def _revise(
    event: Event,
    action: str,
    session_id: UUID,
    *,
    actor: str,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> None:
    """The programme is part of the event's page, not of its time and place."""
    rules.revise(event, PROGRAMME, now=now)
    await event.save(update_fields=["version", "revised_at"])
    await audit.record(
        event.organiser_id,
        action,
        session_id,
        actor=actor,
        now=now,
        changes=changes,
    )
    if event.status is Status.PUBLISHED:
        await announce(EventChanged(event.organiser_id, event.id, moved=False))
