"""The topics of an organiser, and which of them an event has."""

from datetime import datetime
from uuid import UUID

from werkraum_events import rules
from werkraum_events.models import Event, EventTopic, Topic
from werkraum_foundation import audit
from werkraum_foundation.database import changed, changed_each, unit_of_work
from werkraum_foundation.faults import InvalidInput, fault
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.slugs import slug_of


@unit_of_work
async def add(organiser_id: UUID, name: Texts) -> Topic | None:
    """Find or make the topic of this name; None if no address can be made of it."""
    words = name.get("de") or next(iter(name.values()), "")
    slug = slug_of(words)
    return await _topic(organiser_id, slug, name) if slug else None


@unit_of_work
async def rename(
    organiser_id: UUID, topic_id: UUID, name: Texts, *, actor: str, now: datetime
) -> Topic:
    """Give a topic another name; its address stays, people have subscribed to it.

    Every event that shows it is revised: calendars, feeds and kept pages follow.
    Saving the same changes nothing. Raises `InvalidInput` without a name.
    """
    name = {code: text for code, text in name.items() if text}
    if not name:
        raise InvalidInput([fault("name", "missing")])
    await changed(
        "UPDATE topic SET slug = slug WHERE id = :id AND organiser_id = :organiser",
        id=topic_id,
        organiser=organiser_id,
    )
    topic = await topic_of(organiser_id, topic_id)
    if topic.name == name:
        return topic
    before, topic.name = topic.name, name
    await topic.save(update_fields=["name"])
    await _revise_events_of(topic, now=now)
    await audit.record(
        organiser_id,
        "topic.rename",
        topic.id,
        actor=actor,
        now=now,
        changes={"name": [before, name]},
    )
    return topic


async def _revise_events_of(topic: Topic, *, now: datetime) -> None:
    """Count the change at each event; three statements, however many there are."""
    # Locks them before their revisions are read.
    await changed(
        "UPDATE event SET version = version + 1 WHERE id IN"
        " (SELECT event_id FROM event_topic WHERE topic_id = :topic)",
        topic=topic.id,
    )
    shown = EventTopic.filter(topic_id=topic.id).select_related("event")
    revised = [
        {"id": it.event_id, "at": rules.next_revision(it.event, now=now)}
        for it in await shown
    ]
    if revised:
        await changed_each("UPDATE event SET revised_at = :at WHERE id = :id", revised)


async def topic_of(organiser_id: UUID, topic_id: UUID) -> Topic:
    """Find a topic of an organiser, or raise `NotFound`."""
    found = await Topic.get_or_none(id=topic_id, organiser_id=organiser_id)
    if found is None:
        raise NotFound
    return found


async def choose(event: Event, slugs: tuple[str, ...]) -> bool:
    """Give the event exactly these topics; says whether anything changed.

    A slug that is new to the organiser makes a topic named after it.
    """
    there = await EventTopic.filter(event_id=event.id).select_related("topic")
    gone = [it for it in there if it.topic.slug not in slugs]
    added = [slug for slug in slugs if slug not in {it.topic.slug for it in there}]
    for it in gone:
        await it.delete()
    for slug in dict.fromkeys(added):
        name = slug.replace("-", " ").capitalize()
        topic = await _topic(event.organiser_id, slug, {"de": name})
        await EventTopic.create(event_id=event.id, topic_id=topic.id)
    return bool(gone or added)


async def _topic(organiser_id: UUID, slug: str, name: Texts) -> Topic:
    topic, _ = await Topic.get_or_create(
        organiser_id=organiser_id, slug=slug, defaults={"name": name}
    )
    return topic
