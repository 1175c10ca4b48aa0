"""Reports in every state: drafted, in review, published twice, held up, and none."""

from datetime import datetime

from tests.conftest import the_app
from tests.feedback.report_office import a_bare_event, an_event_to_report

from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.report import passages, reports
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
        **await without_a_yes(organiser, now),
    }


async def without_a_yes(organiser: Organiser, now: datetime) -> dict[str, str]:
    """A report in review whose example was taken off the site, one passage out."""
    event = await an_event_to_report(organiser)
    report = await reports.write_draft(organiser.id, event.id, "de", actor=INA, now=now)
    await reports.hand_over(organiser.id, report.id, actor=INA, now=now)
    await Practice.filter(event_id=event.id).update(state=PracticeState.AGREED)
    first = (await passages_of(report.id))[0]
    await passages.remove(organiser.id, first, actor=INA, now=now)
    return {"unagreed_id": str(event.id), "report_unagreed": str(report.id)}


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
