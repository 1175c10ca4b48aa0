"""Review at the desk: handed over, given back, published by somebody else."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.report import reports
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report.report_desk import REPORT, own_report, to_report
from werkraum_feedback.report.report_form import PublishFields
from werkraum_feedback.report.report_freshness import draft_today, stale_among
from werkraum_feedback.report.report_queries import passages_of, works_alone
from werkraum_feedback.report.report_rules import must_be_in_review
from werkraum_feedback.report_models import Report
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.pages import page


async def hand_over(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    await reports.hand_over(
        grant.organiser_id, report.id, actor=grant.actor, now=clock.now()
    )
    return to_report(report, "handed")


async def hand_back(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    await reports.hand_back(
        grant.organiser_id, report.id, actor=grant.actor, now=clock.now()
    )
    return to_report(report, "back")


async def show_publish(request: Request) -> Response:
    """Say who may publish, and ask what has changed since the version before."""
    report = await own_report(request)
    must_be_in_review(report)
    typed = {"version": str(report.version)}
    return await _publish_page(request, report, Form[PublishFields](typed))


async def publish(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    form = await read_form(request, PublishFields)
    if form.value is None:
        return await _publish_page(request, report, form, status=422)
    await reports.publish(
        grant.organiser_id,
        report.id,
        form.value.change_note,
        version=form.value.version,
        looked_again=form.value.looked_again,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(report, "published")


async def _publish_page(
    request: Request, report: Report, form: Form[PublishFields], status: int = 200
) -> Response:
    found = await passages_of(report.id)
    today = await draft_today(report, report.event, now=clock.now())
    own = granted(request).actor == report.written_by
    return page(
        request,
        "feedback/report_publish.html",
        status=status,
        report=report,
        event=report.event,
        organiser=footer_of(report.event.organiser),
        form=form,
        own=own,
        alone=own and await works_alone(report.organiser_id),
        stale=len(stale_among(found, today)),
        unagreed=len(await without_consent(found)),
    )


routes = [
    route(
        f"{REPORT}/hand-over",
        hand_over,
        access=MANAGER,
        name="desk:hand_over_report",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/hand-back",
        hand_back,
        access=MANAGER,
        name="desk:hand_back_report",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/publish",
        show_publish,
        access=MANAGER,
        name="desk:ask_publish_report",
    ),
    route(
        f"{REPORT}/publish",
        publish,
        access=MANAGER,
        name="desk:publish_report",
        methods=["POST"],
    ),
]
