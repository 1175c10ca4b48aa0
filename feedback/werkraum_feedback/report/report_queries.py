"""Questions about reports."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_events.queries import PUBLIC
from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.report.report_sections import place_of
from werkraum_feedback.report_models import Passage, Report, ReportState
from werkraum_foundation.database import changed
from werkraum_foundation.language import language
from werkraum_foundation.models import AuditEntry, Membership, Role
from werkraum_foundation.refusals import NotFound

WRITERS = (Role.OWNER, Role.MANAGER)


async def report_of(organiser_id: UUID, report_id: UUID) -> Report:
    """Find an organiser's report, event and organiser with it, or `NotFound`."""
    found = Report.filter(id=report_id, organiser_id=organiser_id)
    report = await found.select_related("event__organiser").first()
    if report is None:
        raise NotFound
    return report


async def enter_report(organiser_id: UUID, report_id: UUID) -> Report:
    """Lock an organiser's report, then read it: deeds on one report take turns."""
    locked = await changed(
        "UPDATE report SET version = version WHERE id = :id AND organiser_id = :owner",
        id=report_id,
        owner=organiser_id,
    )
    if not locked:
        raise NotFound
    return await report_of(organiser_id, report_id)


async def passages_of(report_id: UUID) -> list[Passage]:
    """List what a report says in the order of reading; one query."""
    found = await Passage.filter(report_id=report_id)
    return sorted(found, key=lambda it: (*place_of(it.section), it.position))


async def passage_of(report_id: UUID, passage_id: UUID) -> Passage:
    found = await Passage.get_or_none(id=passage_id, report_id=report_id)
    if found is None:
        raise NotFound
    return found


async def reports_of(event_id: UUID) -> list[Report]:
    """List all versions of an event's report, the latest first."""
    return await Report.filter(event_id=event_id).order_by("language", "-number")


async def published_of(event: Event) -> list[Report]:
    """List what is published of a public event, the latest version first."""
    found = Report.filter(event_id=event.id, state=ReportState.PUBLISHED)
    return await found.order_by("language", "-number")


async def newest_reports() -> list[Report]:
    """List one report of each public event, the newest first; one query.

    It is the latest version in this language, or in another where there is none.
    """
    public = Report.filter(state=ReportState.PUBLISHED, event__status__in=PUBLIC)
    found = await public.select_related("event__organiser").order_by("-number", "id")
    found.sort(key=lambda it: it.language != language())
    first = {it.event_id: it for it in reversed(found)}
    return sorted(first.values(), key=since, reverse=True)


def since(report: Report) -> datetime:
    return report.published_at or report.created_at


async def events_with_reports(event_ids: Sequence[UUID]) -> set[UUID]:
    """Say which events have a report that everybody may read; one query."""
    found = Report.filter(event_id__in=event_ids, state=ReportState.PUBLISHED)
    return {it.event_id for it in await found.only("id", "event_id")}


async def practices_waiting(event_id: UUID) -> int:
    """Count the cards that may be published, and nobody has done so."""
    agreed = PracticeState.AGREED
    return await Practice.filter(event_id=event_id, state=agreed).count()


async def works_alone(organiser_id: UUID) -> bool:
    """Whether only one person of the organiser may write reports."""
    found = Membership.filter(organiser_id=organiser_id, role__in=WRITERS)
    return await found.count() < 2


async def history_of(passage_id: UUID) -> list[AuditEntry]:
    """List what was changed of a passage, the first change first."""
    found = AuditEntry.filter(subject_id=passage_id, action__startswith="passage.")
    return await found.order_by("id")
