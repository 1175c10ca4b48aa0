"""Questions to the programme, named by what they mean."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from werkraum_events.filters import Filters
from werkraum_events.models import Event, EventTopic, Session, Status, Topic
from werkraum_events.slugs import is_slug
from werkraum_foundation.database import changed, rows
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.slugs import slug_of

PUBLIC = (Status.PUBLISHED, Status.CANCELLED)

MOST_SEEN, MINUTE = 300, 60.0


@dataclass(frozen=True)
class Seen:
    """An event as it was read at a time of `time.monotonic`."""

    event: Event
    at: float

    async def is_still_there(self) -> bool:
        """Whether nobody has saved anything since; one light query."""
        if time.monotonic() - self.at > MINUTE:
            return False
        found = await rows(
            "SELECT 1 AS one FROM event WHERE id = :id AND version = :version"
            " AND slug = :slug AND status IN ('published', 'cancelled')",
            id=self.event.id,
            version=self.event.version,
            slug=self.event.slug,
        )
        return bool(found)


_seen: dict[str, Seen] = {}


async def published_event(slug: str) -> Event:
    """Find an event by its address, its organiser with it; one query.

    Cancelled ones are shown. Raises `NotFound` for drafts too.
    """
    # Tortoise raises where a word is longer than its column.
    if not is_slug(slug):
        raise NotFound
    return await _one(Event.filter(slug=slug, status__in=PUBLIC))


async def current_event(slug: str) -> Event:
    """Do what `published_event` does, with a light query while nothing was saved.

    The event is not the caller's own: read it, do not change it. What stands in
    its organiser may be a minute old.
    """
    seen = _seen.get(slug)
    if seen and await seen.is_still_there():
        return seen.event
    while len(_seen) >= MOST_SEEN:
        _seen.pop(next(iter(_seen)))
    _seen[slug] = Seen(await published_event(slug), time.monotonic())
    return _seen[slug].event


async def event_of(organiser_id: UUID, event_id: UUID) -> Event:
    """Find an organiser's event in any state, or raise `NotFound`."""
    return await _one(Event.filter(id=event_id, organiser_id=organiser_id))


async def event_by_slug_of(organiser_id: UUID, slug: str) -> Event:
    return await _one(Event.filter(slug=slug, organiser_id=organiser_id))


async def _one(found: QuerySet[Event]) -> Event:
    event = await found.select_related("organiser").first()
    if event is None:
        raise NotFound
    return event


async def enter_event(organiser_id: UUID, event_id: UUID) -> Event:
    """Lock an organiser's event, then read it: deeds on one event take turns."""
    locked = await changed(
        "UPDATE event SET version = version"
        " WHERE id = :event AND organiser_id = :organiser",
        event=event_id,
        organiser=organiser_id,
    )
    if not locked:
        raise NotFound
    return await event_of(organiser_id, event_id)


async def programme(filters: Filters | None = None, *, now: datetime) -> list[Event]:
    """List what is to come or running, the next first, organisers with it.

    Cancelled events stay in the list until their time is over. One query.
    """
    wanted = filters or Filters()
    found = Event.filter(status__in=PUBLIC, ends_at__gt=now)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.mode:
        found = found.filter(**{wanted.mode.value: True})
    if wanted.topic:
        found = found.filter(id__in=_with_topic(wanted.topic))
    if wanted.series:
        found = found.filter(series__slug=wanted.series)
    events = await found.select_related("organiser").order_by("starts_at", "id")
    return [event for event in events if wanted.words_fit(event)]


def _with_topic(slug: str) -> Subquery:
    return Subquery(EventTopic.filter(topic__slug=slug).values("event_id"))


async def archive(*, now: datetime, page: int = 1, size: int = 20) -> list[Event]:
    """List what has been, the latest first: `size` and one more, if there is one."""
    found = Event.filter(status=Status.PUBLISHED, ends_at__lte=now)
    found = found.select_related("organiser").order_by("-starts_at", "-id")
    return await found.offset((page - 1) * size).limit(size + 1)


async def events_of(organiser_id: UUID) -> list[Event]:
    """List all events of an organiser, the latest first."""
    return await Event.filter(organiser_id=organiser_id).order_by("-starts_at", "id")


async def events_after(
    organiser_id: UUID, after: UUID | None, limit: int
) -> list[Event]:
    """List an organiser's events in the order they were made, after this one."""
    found = Event.filter(organiser_id=organiser_id)
    if after:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


async def sessions_of(event_id: UUID) -> list[Session]:
    """List the programme items of an event in their order."""
    return await Session.filter(event_id=event_id).order_by("starts_at", "id")


async def session_of(event_id: UUID, session_id: UUID) -> Session:
    session = await Session.get_or_none(id=session_id, event_id=event_id)
    if session is None:
        raise NotFound
    return session


async def topics_of(event_id: UUID) -> list[Topic]:
    return (await topics_of_all([event_id]))[event_id]


async def topics_of_all(event_ids: Sequence[UUID]) -> dict[UUID, list[Topic]]:
    """Find the topics of many events; one query."""
    found = await EventTopic.filter(event_id__in=event_ids).select_related("topic")
    topics: dict[UUID, list[Topic]] = {event_id: [] for event_id in event_ids}
    for it in sorted(found, key=lambda it: it.topic.slug):
        topics[it.event_id].append(it.topic)
    return topics


async def topics_of_organiser(organiser_id: UUID) -> list[Topic]:
    return await Topic.filter(organiser_id=organiser_id).order_by("slug")


async def events_with_topic(topic_id: UUID) -> list[Event]:
    """List the latest hundred events that have a topic, the last one first."""
    shown = EventTopic.filter(topic_id=topic_id).values("event_id")
    found = Event.filter(id__in=Subquery(shown))
    return await found.order_by("-starts_at", "-id").limit(100)


async def topics_to_come(*, now: datetime) -> list[Topic]:
    """List the topics that the programme to come can be filtered by."""
    used = EventTopic.filter(event__status__in=PUBLIC, event__ends_at__gt=now)
    found = await Topic.filter(id__in=Subquery(used.values("topic_id"))).order_by(
        "slug"
    )
    return list({topic.slug: topic for topic in found}.values())


async def latest_published(limit: int) -> list[Event]:
    """List what was announced last, the newest first, organisers with it."""
    found = Event.filter(status__in=PUBLIC).select_related("organiser")
    return await found.order_by("-published_at", "-id").limit(limit)


async def public_slugs(limit: int = 10_000) -> list[tuple[str, datetime]]:
    """List the addresses of all public events, each with its last revision."""
    found = Event.filter(status__in=PUBLIC).order_by("-starts_at").limit(limit)
    return [
        (slug, revised_at)
        for slug, revised_at in await found.values_list("slug", "revised_at")
    ]


async def free_slug(words: str, day: str) -> str:
    """Find an address that nobody has: of a title, then with the day, then counted.

    `day` is written as in 2027-03-04. Somebody may take it in the meantime.
    """
    base = slug_of(words)
    base = base if is_slug(base) else "event"
    found = await Event.filter(slug__startswith=base).only("slug")
    taken = {event.slug for event in found}
    tries = [base, f"{base}-{day}"]
    tries += [f"{base}-{day}-{number}" for number in range(2, len(taken) + 2)]
    return next(slug for slug in tries if slug not in taken)
