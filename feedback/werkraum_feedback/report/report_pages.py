"""The report for everybody, its earlier versions, and its files; and those of a draft.

What is not published is not there (404), in every form.
"""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.queries import published_event
from werkraum_feedback.report.report_charts import result_of
from werkraum_feedback.report.report_desk import REPORT, own_report
from werkraum_feedback.report.report_document import in_sequence
from werkraum_feedback.report.report_files import document_for, report_file
from werkraum_feedback.report.report_html import fragment, marked
from werkraum_feedback.report.report_queries import passages_of, published_of
from werkraum_feedback.report.report_writing import is_installed
from werkraum_feedback.report_models import Passage, Report
from werkraum_feedback.results.charts import chart_of
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import in_language, language
from werkraum_foundation.links import address_of
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings


async def show_published(request: Request) -> Response:
    """Show the latest version in this language, or in another there is."""
    report, versions = await _published(request, request.path_params.get("number"))
    return await _page(request, report, versions)


async def published_file(request: Request) -> Response:
    report, _ = await _published(request, request.path_params["number"])
    found = await passages_of(report.id)
    suffix = request.path_params["suffix"]
    return await report_file(report, found, suffix, at_desk=False)


async def _published(
    request: Request, number: int | None
) -> tuple[Report, list[Report]]:
    if request.path_params["lang"] not in settings().languages:
        raise NotFound
    event = await published_event(request.path_params["slug"])
    found = await published_of(event)
    own = [it for it in found if it.language == language()]
    versions = (
        own or found[:1] and [it for it in found if it.language == found[0].language]
    )
    wanted = [it for it in versions if number in (None, it.number)]
    if not wanted:
        raise NotFound
    wanted[0].event = event
    return wanted[0], versions


async def _page(request: Request, report: Report, versions: list[Report]) -> Response:
    passages = await passages_of(report.id)
    document = document_for(report, passages)
    return page(
        request,
        "feedback/report_public.html",
        report=report,
        event=report.event,
        organiser=footer_of(report.event.organiser),
        document=document,
        parts=[(it, list(in_sequence(it.blocks))) for it in document.parts],
        pictures=_pictures(report, passages),
        marked=marked,
        latest=versions[0],
        earlier=[it for it in versions if it.number != report.number],
        suffixes=["html", "md", "json", *filter(is_installed, ("docx", "pdf"))],
        address=address_of("reports:report", slug=report.event.slug),
    )


def _pictures(report: Report, passages: list[Passage]) -> dict[tuple[str, int], object]:
    """Draw the pictures; each is known by its section and place in it."""
    drawn: dict[tuple[str, int], object] = {}
    count: dict[str, int] = {}
    with in_language(report.language):
        for number, passage in enumerate(passages):
            place = count.get(passage.section, 0)
            count[passage.section] = place + 1
            result = result_of(passage, f"P{number}")
            if result and (chart := chart_of(result)):
                drawn[passage.section, place] = chart
    return drawn


async def draft_file(request: Request) -> Response:
    report = await own_report(request)
    found = await passages_of(report.id)
    suffix = request.path_params["suffix"]
    return await report_file(report, found, suffix, at_desk=True)


async def show_fragment(request: Request) -> Response:
    """Show the HTML to copy, for the office's own site."""
    report = await own_report(request)
    document = document_for(report, await passages_of(report.id))
    return page(
        request,
        "feedback/report_fragment.html",
        report=report,
        event=report.event,
        organiser=footer_of(report.event.organiser),
        text=fragment(document),
    )


PAGE = "/{lang}/reports/{slug}"

routes = [
    route(PAGE, show_published, access=PUBLIC, name="reports:report"),
    route(
        f"{PAGE}/{{number:int}}", show_published, access=PUBLIC, name="reports:version"
    ),
    route(
        f"{PAGE}/{{number:int}}/report.{{suffix}}",
        published_file,
        access=PUBLIC,
        name="reports:file",
    ),
    route(
        f"{REPORT}/report.{{suffix}}",
        draft_file,
        access=READER,
        name="desk:report_file",
    ),
    route(
        f"{REPORT}/fragment", show_fragment, access=READER, name="desk:report_fragment"
    ),
]
