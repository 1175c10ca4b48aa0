"""Questions to the calendar: what was sent, and what stands in a feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Max, Sum
from tortoise.queryset import QuerySet

from werkraum_calendar import rules
from werkraum_calendar.models import Invitation
from werkraum_events.filters import Filters
from werkraum_events.models import Event, EventTopic, Series, Status
from werkraum_foundation.database import changed, moment, rows

# How long an entry stays in feeds after its end; one that is off stays shorter,
# until every calendar has taken it out.
KEPT, KEPT_CANCELLED = timedelta(days=90), timedelta(days=30)
MOST = 5_000


# One state of an event's row, which an entry follows from: its UID, its version and
# its revision in seconds, which tells apart what a backup has taken back. As one text:
# a feed has thousands.
Revision = NewType("Revision", str)


@dataclass(frozen=True)
class FeedState:
    """What tells two states of a feed apart.

    An entry that comes is a new revision, one that goes is one less. Revisions have
    whole seconds: of two changes within one, the versions tell.
    """

    count: int
    newest: datetime | None
    versions: int
    last_uid: str


async def has_entry(registration_id: UUID) -> bool:
    """Whether an entry may stand in this person's calendar."""
    found = await Invitation.get_or_none(registration_id=registration_id)
    return found is not None and not rules.is_taken_out(found)


async def invited_generation(registration_id: UUID) -> int | None:
    """Tell of which generation the links in somebody's entry are."""
    found = await Invitation.get_or_none(registration_id=registration_id)
    return found.generation if found else None


async def enter_invitation(registration_id: UUID) -> Invitation | None:
    """Lock a person's invitation, then read it: two letters take turns."""
    await changed(
        "UPDATE invitation SET sequence_offset = sequence_offset"
        " WHERE registration_id = :id",
        id=registration_id,
    )
    return await Invitation.get_or_none(registration_id=registration_id)


async def invitation_of_any(registrations: Sequence[UUID]) -> Invitation | None:
    """Find the invitation that one of these registrations has."""
    if not registrations:
        return None
    return await Invitation.filter(registration_id__in=list(registrations)).first()


async def feed_state(filters: Filters, *, now: datetime) -> FeedState:
    """Ask how a feed without words stands, reading no entry; one query."""
    (found,) = await (
        _window(filters, now)
        .annotate(
            count=Count("id"),
            newest=Max("revised_at"),
            versions=Sum("version"),
            last_uid=Max("uid"),
        )
        .values("count", "newest", "versions", "last_uid")
    )
    newest = moment(found["newest"]) if found["newest"] else None
    versions, last_uid = int(found["versions"] or 0), found["last_uid"] or ""
    return FeedState(found["count"], newest, versions, last_uid)


async def feeds_changed_at(*, now: datetime) -> datetime | None:
    """Tell when what feeds hold changed last, for Last-Modified; one query.

    The newest entry of a feed does not tell: one that has left by its time, its topic
    or its way to take part leaves no date behind. So it is that of all events, in any
    feed or not; a feed that nothing of it concerns has its ETag.
    """
    [last] = await rows(
        "SELECT max(CASE WHEN status <> 'draft' OR withdrawn_at IS NOT NULL"
        " THEN revised_at END) AS revised,"
        " max(CASE WHEN status = 'published' AND ends_at <= :kept"
        " THEN ends_at END) AS past,"
        " max(CASE WHEN status = 'cancelled' AND ends_at <= :off"
        " THEN ends_at END) AS cancelled,"
        " max(CASE WHEN status = 'draft' AND withdrawn_at <= :off"
        " THEN withdrawn_at END) AS withdrawn FROM event",
        kept=now - KEPT,
        off=now - KEPT_CANCELLED,
    )
    left = {"revised": timedelta(0), "past": KEPT}
    left |= dict.fromkeys(("cancelled", "withdrawn"), KEPT_CANCELLED)
    moments = [moment(last[it]) + after for it, after in left.items() if last[it]]
    return max(moments, default=None)


def state_of(events: Sequence[Event]) -> FeedState:
    """Tell the same of a feed whose events are there already."""
    return FeedState(
        count=len(events),
        newest=max((event.revised_at for event in events), default=None),
        versions=sum(event.version for event in events),
        last_uid=max((event.uid for event in events), default=""),
    )


async def searched_events(filters: Filters, *, now: datetime) -> list[Event]:
    """List what a feed with words holds, in order of time.

    All it might hold is read for it, up to 5,000 rows: words are searched here, not by
    the database.
    """
    events = await _newest(filters, now)
    return [it for it in reversed(events) if _words_fit(filters, it)]


def _words_fit(filters: Filters, event: Event) -> bool:
    """Search public words alone: nobody finds out what stands in a draft."""
    if filters.q and event.status is Status.DRAFT:
        return False
    return filters.words_fit(event)


async def feed_revisions(filters: Filters, *, now: datetime) -> list[Revision]:
    """List what a feed without words holds, in order of time, without its rows.

    The oldest beyond 5,000 are dropped.
    """
    found = await _newest(filters, now).values_list("uid", "version", "revised_at")
    return [_revision(*columns) for columns in found][::-1]


async def events_of(uids: Sequence[str]) -> list[Event]:
    """Find events by their UIDs, in any order; one that has gone is left out."""
    return await Event.filter(uid__in=list(uids))


def revision_of(event: Event) -> Revision:
    return _revision(event.uid, event.version, event.revised_at)


def uid_of(revision: Revision) -> str:
    return revision.partition(" ")[0]


def _revision(uid: str, version: int, revised_at: datetime) -> Revision:
    return Revision(f"{uid} {version} {moment(revised_at).timestamp():.0f}")


def _newest(filters: Filters, now: datetime) -> QuerySet[Event]:
    return _window(filters, now).order_by("-starts_at", "-id").limit(MOST)


def _window(filters: Filters, now: datetime) -> QuerySet[Event]:
    found = Event.filter(
        Q(status=Status.PUBLISHED, ends_at__gt=now - KEPT)
        | Q(status=Status.CANCELLED, ends_at__gt=now - KEPT_CANCELLED)
        | Q(status=Status.DRAFT, withdrawn_at__gt=now - KEPT_CANCELLED)
    )
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.mode:
        found = found.filter(**{filters.mode.value: True})
    if filters.topic:
        found = found.filter(id__in=_with_topic(filters.topic))
    if filters.series:
        # No join: with one, the state of the feed would be that of its first event.
        of = Subquery(Series.filter(slug=filters.series).values("id"))
        found = found.filter(series_id__in=of)
    return found


def is_in_feeds(event: Event, now: datetime) -> bool:
    """Whether feeds still hold an event, off or not."""
    kept = KEPT_CANCELLED if event.status is Status.CANCELLED else KEPT
    return event.status is not Status.DRAFT and event.ends_at > now - kept


def _with_topic(slug: str) -> Subquery:
    return Subquery(EventTopic.filter(topic__slug=slug).values("event_id"))
