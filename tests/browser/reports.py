"""Reports in every state: drafted, in review, published twice, and none at all."""

from datetime import datetime

from tests.conftest import the_app
from tests.feedback.report_office import a_bare_event, an_event_to_report

from werkraum_feedback.report import reports
from werkraum_feedback.report.report_queries import passages_of
from werkraum_feedback.report_models import PassageKind, Report
from werkraum_foundation.models import Organiser

INA = "person:ina"


async def reports_of(organiser: Organiser, now: datetime) -> dict[str, str]:
    # Addresses are written by the program's routes.
    the_app()
    event, bare = await an_event_to_report(organiser), await a_bare_event(organiser)
    owner = organiser.id
    first = await reports.write_draft(owner, event.id, "de", actor=INA, now=now)
    await publish(organiser, first, "", now)
    second = await reports.write_next(owner, first.id, actor=INA, now=now)
    await publish(organiser, second, "Eine Zahl ist berichtigt.", now)
    third = await reports.write_next(owner, first.id, actor=INA, now=now)
    english = await reports.write_draft(owner, event.id, "en", actor=INA, now=now)
    await reports.hand_over(owner, english.id, actor=INA, now=now)
    found = await passages_of(third.id)
    quote = next(it for it in found if it.kind is PassageKind.QUOTE)
    shared = next(it for it in found if it.section == "theme:1")
    return {
        "reported": event.slug,
        "reported_id": str(event.id),
        "unreported_id": str(bare.id),
        "report": str(third.id),
        "report_in_review": str(english.id),
        "report_published": str(second.id),
        "passage": str(quote.id),
        "passage_of_theme": str(shared.id),
    }


async def publish(
    organiser: Organiser, report: Report, note: str, now: datetime
) -> None:
    await reports.hand_over(organiser.id, report.id, actor=INA, now=now)
    await reports.publish(
        organiser.id,
        report.id,
        note,
        version=report.version,
        actor="person:olga",
        now=now,
    )
