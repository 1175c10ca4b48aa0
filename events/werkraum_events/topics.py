"""The topics of an organiser, and which of them an event has."""

from uuid import UUID

from werkraum_events.models import Event, EventTopic, Topic
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import Texts
from werkraum_foundation.slugs import slug_of


@unit_of_work
async def add(organiser_id: UUID, name: Texts) -> Topic | None:
    """Find or make the topic of this name; None if no address can be made of it."""
    words = name.get("de") or next(iter(name.values()), "")
    slug = slug_of(words)
    return await _topic(organiser_id, slug, name) if slug else None


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
