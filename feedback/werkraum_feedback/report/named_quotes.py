"""Taking a name off quotes of reports, also of those that are published."""

from collections.abc import Collection
from uuid import UUID

from werkraum_feedback.report.report_queries import passages_of
from werkraum_feedback.report.reports import content_hash
from werkraum_feedback.report_models import Passage, PassageKind, Report


async def unname(event_ids: Collection[UUID], statement_ids: Collection[UUID]) -> None:
    """Let quotes of these statements stand without a name; no deed of its own.

    The words stay. A published report gets the checksum of what it says now.
    """
    ends = tuple(f".voice.{it}" for it in statement_ids)
    found = await Passage.filter(
        report__event_id__in=list(event_ids), kind=PassageKind.QUOTE
    )
    named = [
        it
        for it in found
        if it.data.get("named") and str(it.data.get("key")).endswith(ends)
    ]
    for passage in named:
        kept = {name: it for name, it in passage.data.items() if name != "named"}
        passage.data = {**kept, "from": ""}
        await passage.save(update_fields=["data"])
    for report_id in {it.report_id for it in named}:
        report = await Report.get(id=report_id)
        if report.content_hash:
            report.content_hash = content_hash(report, await passages_of(report_id))
            await report.save(update_fields=["content_hash"])
