"""The materials of an event: links to slides, handbooks, recordings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from werkraum_events import queries, rules
from werkraum_events.models import Event, Material
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_foundation.web_addresses import WebAddress

MOST = 50
MATERIALS = frozenset({"materials"})
News = Annotated[str, line(max_length=300)]
Link = WebAddress


class TooManyMaterials(Refused):
    code = "too_many_materials"

    def message(self) -> str:
        return gettext("An event has at most %(most)s materials.", most=MOST)


@dataclass(frozen=True)
class MaterialWish:
    """A material as it shall be; `news` says what is new in what it leads to."""

    title: Texts
    link: str
    news: Texts
    public: bool = True


async def materials_of(event_id: UUID, *, public_only: bool = False) -> list[Material]:
    """List the materials of an event in their order; one query."""
    found = Material.filter(event_id=event_id)
    if public_only:
        found = found.filter(public=True)
    return await found.order_by("position", "id")


async def material_of(event_id: UUID, material_id: UUID) -> Material:
    """Find a material of this event or raise `NotFound`."""
    found = await Material.get_or_none(id=material_id, event_id=event_id)
    if found is None:
        raise NotFound
    return found


@unit_of_work
async def add(
    organiser_id: UUID, event_id: UUID, wish: MaterialWish, *, actor: str, now: datetime
) -> Material:
    """Put a material behind the others, also once the event is over."""
    event = await queries.enter_event(organiser_id, event_id)
    there = await materials_of(event.id)
    if len(there) >= MOST:
        raise TooManyMaterials
    made = await Material.create(
        event_id=event.id,
        position=max((it.position for it in there), default=0) + 1,
        title=wish.title,
        link=wish.link,
        news=wish.news,
        public=wish.public,
        updated_at=now,
    )
    await _renew(event, "material.add", made.id, actor=actor, now=now)
    return made


@unit_of_work
async def edit(
    organiser_id: UUID,
    event_id: UUID,
    material_id: UUID,
    wish: MaterialWish,
    *,
    actor: str,
    now: datetime,
) -> Material:
    """Change a material; another link or other news make a new version of it."""
    event = await queries.enter_event(organiser_id, event_id)
    there = await material_of(event.id, material_id)
    before = (there.title, there.link, there.news, there.public)
    if before == (wish.title, wish.link, wish.news, wish.public):
        return there
    if (there.link, there.news) != (wish.link, wish.news):
        there.version, there.updated_at = there.version + 1, now
    there.title, there.link = wish.title, wish.link
    there.news, there.public = wish.news, wish.public
    await there.save()
    await _renew(event, "material.edit", there.id, actor=actor, now=now)
    return there


@unit_of_work
async def move_up(
    organiser_id: UUID, event_id: UUID, material_id: UUID, *, actor: str, now: datetime
) -> None:
    """Put a material before the one above it; the first one stays where it is."""
    event = await queries.enter_event(organiser_id, event_id)
    there = await materials_of(event.id)
    place = [it.id for it in there].index((await material_of(event.id, material_id)).id)
    if place == 0:
        return
    there[place - 1 : place + 1] = reversed(there[place - 1 : place + 1])
    for number, it in enumerate(there, start=1):
        it.position = number
        await it.save(update_fields=["position"])
    await _renew(event, "material.move", material_id, actor=actor, now=now)


@unit_of_work
async def remove(
    organiser_id: UUID, event_id: UUID, material_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a material away; what is gone already stays gone."""
    event = await queries.enter_event(organiser_id, event_id)
    if await Material.filter(id=material_id, event_id=event.id).delete():
        await _renew(event, "material.remove", material_id, actor=actor, now=now)


async def _renew(
    event: Event, action: str, material_id: UUID, *, actor: str, now: datetime
) -> None:
    """Materials are part of the event's page, not of its time and place."""
    rules.revise(event, MATERIALS, now=now)
    await event.save(update_fields=["version", "revised_at"])
    await audit.record(event.organiser_id, action, material_id, actor=actor, now=now)
