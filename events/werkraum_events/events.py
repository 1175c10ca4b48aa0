"""What organisers do with an event: create, edit and move, publish, cancel, copy."""

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from werkraum_events import queries, rules, series, topics
from werkraum_events.announcements import (
    EventCancelled,
    EventChanged,
    EventPublished,
    EventWithdrawn,
)
from werkraum_events.models import Event, Session, Status
from werkraum_events.moves import Move
from werkraum_events.wishes import EventWish, Terms
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import Texts
from werkraum_foundation.outbox import announce

STATUS = frozenset({"status"})
TOPICS = frozenset({"topics"})


@unit_of_work
async def create(
    organiser_id: UUID,
    wish: EventWish,
    terms: Terms | None = None,
    *,
    actor: str,
    now: datetime,
) -> Event:
    """Write down a draft; raises `InvalidInput` with the faults at their fields."""
    terms = terms or Terms()
    rules.must_be_possible(wish, now=now)
    rules.terms_must_be_possible(terms)
    moment = now.replace(microsecond=0)
    event = Event(
        organiser_id=organiser_id,
        revised_at=moment,
        created_at=moment,
        cancel_reason={},
        **rules.columns_of(wish, await series.id_of(organiser_id, wish.series)),
        **rules.terms_columns(terms),
    )
    await _save(event)
    await topics.choose(event, wish.topics)
    await audit.record(organiser_id, "event.create", event.id, actor=actor, now=now)
    return event


@unit_of_work
async def edit(
    organiser_id: UUID,
    event_id: UUID,
    wish: EventWish,
    *,
    version: int | None,
    actor: str,
    now: datetime,
) -> Event:
    """Change and move an event in one deed; saving what is there changes nothing.

    `version` is that of the event when its form was loaded, None for "whatever it
    is". Programme items move along with the start. Raises `ChangedMeanwhile` when
    somebody saved something else since, `InvalidInput` with the faults at their
    fields, `EventIsOff` for a cancelled event.
    """
    event = await queries.enter_event(organiser_id, event_id)
    rules.must_not_be_off(event)
    series_id = await series.id_of(organiser_id, wish.series)
    columns = rules.changes(event, rules.columns_of(wish, series_id))
    topics_changed = await topics.choose(event, wish.topics)
    if not columns and not topics_changed:
        return event
    rules.must_be_current(event, version)
    rules.must_be_possible(wish, now=now, before=event)
    await _take_sessions_along(event, wish)
    before = {name: str(getattr(event, name)) for name in columns}
    if event.status is Status.PUBLISHED and "starts_at" in columns:
        event.previous_starts_at = event.starts_at
    event.update_from_dict(columns)
    names = frozenset(columns) | (TOPICS if topics_changed else frozenset())
    await _revise(event, names, "event.edit", before=before, actor=actor, now=now)
    if event.status is Status.PUBLISHED and rules.is_visible(names):
        moved = rules.is_moved(names)
        await announce(EventChanged(organiser_id, event.id, moved))
    return event


@unit_of_work
async def set_terms(
    organiser_id: UUID,
    event_id: UUID,
    terms: Terms,
    *,
    version: int | None,
    actor: str,
    now: datetime,
) -> Event:
    """Set on which terms people register; saving what is there changes nothing.

    The version rises, so that kept pages and whoever registers just now notice;
    no calendar has to follow. Raises as `edit` does.
    """
    event = await queries.enter_event(organiser_id, event_id)
    rules.must_not_be_off(event)
    columns = rules.changes(event, rules.terms_columns(terms))
    if not columns:
        return event
    rules.must_be_current(event, version)
    rules.terms_must_be_possible(terms)
    before = rules.terms_columns(rules.terms_of(event))
    event.update_from_dict(columns)
    event.version += 1
    await event.save(update_fields=["version", *columns])
    # Whoever knows the code gets in: the audit says that it changed, no more.
    told = columns.keys() - {"entry_code"}
    changes = {name: [before[name], columns[name]] for name in told}
    await audit.record(
        organiser_id,
        "event.terms",
        event.id,
        actor=actor,
        now=now,
        changes=dict.fromkeys(columns) | changes,
    )
    return event


async def _take_sessions_along(event: Event, wish: EventWish) -> None:
    """Keep the programme where it was, counted from the start of the event.

    On the clock of the place: an item on Sunday at ten stays there when the event
    moves by a week over the end of summer time.
    """
    sessions, move = await queries.sessions_of(event.id), Move.between(event, wish)
    for session in sessions:
        session.starts_at = move.of(session.starts_at)
        session.ends_at = move.of(session.ends_at)
    rules.sessions_must_fit(sessions, wish)
    if wish.starts_at != event.starts_at:
        for session in sessions:
            await session.save(update_fields=["starts_at", "ends_at"])


@unit_of_work
async def publish(
    organiser_id: UUID, event_id: UUID, *, actor: str, now: datetime
) -> Event:
    """Show the event to everybody; the second time nothing happens.

    Raises `InvalidInput` when it has begun already, `EventIsOff` when cancelled.
    """
    event = await queries.enter_event(organiser_id, event_id)
    if event.status is Status.PUBLISHED:
        return event
    rules.must_not_be_off(event)
    rules.must_be_publishable(event, now=now)
    # Before the status: what nobody has seen starts with SEQUENCE 0.
    rules.revise(event, STATUS, now=now)
    if event.withdrawn_at:
        # Its calendars were told that it is off.
        event.sequence += 1
        event.withdrawn_at = event.withdrawn_as = None
    event.status = Status.PUBLISHED
    event.published_at = now.replace(microsecond=0)
    await _save(event)
    await audit.record(organiser_id, "event.publish", event.id, actor=actor, now=now)
    await announce(EventPublished(organiser_id, event.id))
    return event


@unit_of_work
async def withdraw(
    organiser_id: UUID, event_id: UUID, *, actor: str, now: datetime
) -> Event:
    """Make a published event a draft again; the second time nothing happens.

    Calendars that have it are told for a while that it is off; what they know of it
    is kept, whatever becomes of the draft. Whether nobody has registered, the caller
    has looked at. Raises `EventIsOff` and `EventIsOver`.
    """
    event = await queries.enter_event(organiser_id, event_id)
    if event.status is Status.DRAFT:
        return event
    rules.must_not_be_off(event)
    rules.must_be_cancellable(event, now=now)
    rules.revise(event, STATUS, now=now)
    event.status, event.published_at = Status.DRAFT, None
    event.previous_starts_at = None
    event.withdrawn_at = now.replace(microsecond=0)
    event.withdrawn_as = rules.last_seen_of(event)
    await _save(event)
    await audit.record(organiser_id, "event.withdraw", event.id, actor=actor, now=now)
    await announce(EventWithdrawn(organiser_id, event.id))
    return event


@unit_of_work
async def cancel(
    organiser_id: UUID, event_id: UUID, reason: Texts, *, actor: str, now: datetime
) -> Event:
    """Call a published event off; the second time nothing happens.

    Raises `NotPublished` for a draft and `EventIsOver` for what has been.
    """
    event = await queries.enter_event(organiser_id, event_id)
    if event.status is Status.CANCELLED:
        return event
    rules.must_be_cancellable(event, now=now)
    event.status = Status.CANCELLED
    event.cancelled_at = now.replace(microsecond=0)
    event.cancel_reason = {code: text for code, text in reason.items() if text}
    await _revise(event, STATUS, "event.cancel", before={}, actor=actor, now=now)
    await announce(EventCancelled(organiser_id, event.id))
    return event


@unit_of_work
async def copy(
    organiser_id: UUID, event_id: UUID, wish: EventWish, *, actor: str, now: datetime
) -> Event:
    """Make a draft of this wish, with the terms and programme of another event.

    Its items keep their distance from the start, on the clock of the place. Raises
    as `create` does, and `InvalidInput` when the programme does not fit into the new
    times.
    """
    model = await queries.event_of(organiser_id, event_id)
    terms = rules.terms_of(model)
    event = await create(organiser_id, wish, terms, actor=actor, now=now)
    move = Move.between(model, wish)
    copies = [
        Session(
            event_id=event.id,
            title=it.title,
            description=it.description,
            speakers=it.speakers,
            starts_at=move.of(it.starts_at),
            ends_at=move.of(it.ends_at),
            bookable=it.bookable,
        )
        for it in await queries.sessions_of(model.id)
    ]
    rules.sessions_must_fit(copies, wish)
    await Session.bulk_create(copies)
    return event


async def _revise(
    event: Event,
    names: frozenset[str],
    action: str,
    *,
    before: dict[str, str],
    actor: str,
    now: datetime,
) -> None:
    rules.revise(event, names, now=now)
    await _save(event)
    changes = {
        name: [before.get(name), str(getattr(event, name))]
        for name in names & rules.MOVING
    }
    others: dict[str, object] = dict.fromkeys(names - rules.MOVING)
    await audit.record(
        event.organiser_id,
        action,
        event.id,
        actor=actor,
        now=now,
        changes=others | changes,
    )


async def _save(event: Event) -> None:
    try:
        await event.save()
    except IntegrityError as error:
        # The one unique column that somebody types; the rest is random.
        raise rules.slug_taken() from error
