"""Series: events that belong together, like the forums of one year."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from werkraum_events import rules
from werkraum_events.models import Event, Series, Status
from werkraum_events.slugs import is_slug
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.faults import InvalidInput, fault
from werkraum_foundation.language import pick
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import Busy, NotFound
from werkraum_foundation.slugs import slug_of


async def make(
    organiser_id: UUID, title: Texts, *, actor: str, now: datetime
) -> Series:
    """Make a series whose address is made of its title, or find the one of this title.

    Raises `InvalidInput` without a title, and `TooManySeries`.
    """
    for _ in range(3):
        try:
            return await _make(organiser_id, title, actor=actor, now=now)
        except IntegrityError:
            # Somebody has just taken the address: the next look finds another.
            continue
    raise Busy


@unit_of_work
async def _make(
    organiser_id: UUID, title: Texts, *, actor: str, now: datetime
) -> Series:
    title = _titled(title)
    there = await series_of_organiser(organiser_id)
    # A button pressed twice makes one series.
    if same := next((it for it in there if it.title == title), None):
        return same
    if len(there) >= rules.MOST_SERIES:
        raise rules.TooManySeries
    series = await Series.create(
        organiser_id=organiser_id,
        slug=await _free_slug(pick(title)[0]),
        title=title,
        created_at=now.replace(microsecond=0),
    )
    await audit.record(organiser_id, "series.make", series.id, actor=actor, now=now)
    return series


@unit_of_work
async def rename(
    organiser_id: UUID, series_id: UUID, title: Texts, *, actor: str, now: datetime
) -> Series:
    """Give a series another title; its address stays, people have it already."""
    title = _titled(title)
    await changed(
        "UPDATE series SET slug = slug WHERE id = :id AND organiser_id = :organiser",
        id=series_id,
        organiser=organiser_id,
    )
    series = await series_of(organiser_id, series_id)
    if series.title == title:
        return series
    before, series.title = series.title, title
    await series.save(update_fields=["title"])
    await audit.record(
        organiser_id,
        "series.rename",
        series.id,
        actor=actor,
        now=now,
        changes={"title": [before, title]},
    )
    return series


def _titled(title: Texts) -> Texts:
    said = {code: text for code, text in title.items() if text}
    if not said:
        raise InvalidInput([fault("title", "missing")])
    return said


async def _free_slug(words: str) -> str:
    """Find an address that no series has: of the title, then counted."""
    base = slug_of(words)
    base = base if is_slug(base) else "series"
    found = await Series.filter(slug__startswith=base).only("slug")
    taken = {series.slug for series in found}
    tries = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in tries if slug not in taken)


async def id_of(organiser_id: UUID, slug: str | None) -> UUID | None:
    """Look up the series of a wish; raises `InvalidInput` where it is not there."""
    if slug is None:
        return None
    found = await Series.get_or_none(organiser_id=organiser_id, slug=slug)
    if found is None:
        raise rules.series_unknown()
    return found.id


async def series_of(organiser_id: UUID, series_id: UUID) -> Series:
    """Find a series of an organiser, or raise `NotFound`."""
    found = await Series.get_or_none(id=series_id, organiser_id=organiser_id)
    if found is None:
        raise NotFound
    return found


async def series_of_organiser(organiser_id: UUID) -> list[Series]:
    """List the series of an organiser, the newest first."""
    return await Series.filter(organiser_id=organiser_id).order_by("-id")


async def public_series(slug: str) -> Series:
    """Find a series that has a public event, its organiser with it.

    Raises `NotFound`: a series of drafts is known to nobody.
    """
    if not is_slug(slug):
        raise NotFound
    series = await Series.filter(slug=slug).select_related("organiser").first()
    if series is None or not await _public_events(series.id).exists():
        raise NotFound
    return series


async def coming_events(series_id: UUID, *, now: datetime) -> list[Event]:
    """List the public events of a series that are not over, the next first."""
    found = _public_events(series_id).filter(ends_at__gt=now)
    return await found.select_related("organiser").order_by("starts_at", "id")


async def series_among(events: Sequence[Event], *, now: datetime) -> list[Series]:
    """List the series of which several of these events are to come.

    One query, or none where there is no such series.
    """
    coming = [
        event.series_id
        for event in events
        if event.status is Status.PUBLISHED and event.starts_at > now
    ]
    several = {it for it in coming if it and coming.count(it) > 1}
    if not several:
        return []
    return await Series.filter(id__in=several).order_by("slug")


async def public_series_slugs() -> list[str]:
    """List the addresses of all series that have a public event; one query."""
    found = await rows(
        "SELECT slug FROM series s WHERE EXISTS (SELECT 1 FROM event e"
        " WHERE e.series_id = s.id AND e.status IN ('published', 'cancelled'))"
        " ORDER BY slug"
    )
    return [row["slug"] for row in found]


def _public_events(series_id: UUID) -> QuerySet[Event]:
    return Event.filter(
        series_id=series_id, status__in=(Status.PUBLISHED, Status.CANCELLED)
    )
