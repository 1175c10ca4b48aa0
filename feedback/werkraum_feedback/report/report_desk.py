"""The report of an event at the desk: its versions, and the page it is written on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.queries import event_of
from werkraum_feedback.report import reports
from werkraum_feedback.report.report_carriers import (
    Carrier,
    carriers_of,
    sources_of,
    with_statements,
)
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report.report_document import heading_of
from werkraum_feedback.report.report_draft import PROSE, draft
from werkraum_feedback.report.report_drafts import Drafted, Missing
from werkraum_feedback.report.report_form import AddedFields, DraftFields
from werkraum_feedback.report.report_freshness import (
    Stale,
    draft_today,
    stale_among,
    untold,
)
from werkraum_feedback.report.report_gathering import facts_of
from werkraum_feedback.report.report_html import marked
from werkraum_feedback.report.report_queries import (
    passage_of,
    passages_of,
    practices_waiting,
    report_of,
    reports_of,
    works_alone,
)
from werkraum_feedback.report.report_rules import WRITABLE, state_of_text
from werkraum_feedback.report.report_sections import Section, title_of
from werkraum_feedback.report.report_writing import is_installed
from werkraum_feedback.report_models import Passage, Report, ReportState
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, in_language, language, noop, own_name
from werkraum_foundation.links import path_to
from werkraum_foundation.markdown import spans
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.settings import settings

NOTICES = {
    "drafted": noop("The draft is written. Please read it and make it yours."),
    "saved": noop("Your changes are saved."),
    "removed": noop("The passage is taken out."),
    "handed": noop("The report is handed over for review."),
    "back": noop("The report can be worked on again."),
    "published": noop("The report is published."),
    "gone": noop("The version is deleted."),
}


@dataclass(frozen=True)
class Line:
    """A passage as the page shows it: its look, what carries it, what has changed.

    `agreed` tells whether the words may be published as far as they need a yes.
    """

    passage: Passage
    seen: str
    html: Markup
    writable: bool
    carriers: list[Carrier]
    stale: Stale | None
    agreed: bool
    own: bool


@dataclass(frozen=True)
class Chapter:
    code: str
    heading: str
    lines: list[Line]


def languages_of_reports() -> list[tuple[str, str]]:
    """Name the languages that a report can be drafted in."""
    return [(it, own_name(it)) for it in settings().languages if it in PROSE]


async def show_reports(request: Request) -> Response:
    """Show the versions of an event's report, and what a draft would lack."""
    event = await event_of(granted(request).organiser_id, request.path_params["id"])
    found = await reports_of(event.id)
    chosen = language() if language() in PROSE else "en"
    today = draft(await facts_of(event, chosen, now=clock.now()))
    said = NOTICES.get(request.query_params.get("done", ""))
    under_way = {it.language for it in found if it.state is not ReportState.PUBLISHED}
    return page(
        request,
        "feedback/reports.html",
        event=event,
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        reports=found,
        names=dict(languages_of_reports()),
        to_draft=[it for it in languages_of_reports() if it[0] not in under_way],
        missing=[_missing(it, event.id) for it in today.missing],
        waiting=await practices_waiting(event.id),
        notice=gettext(said) if said else None,
    )


def _missing(it: Missing, event_id: UUID) -> tuple[str, list[tuple[str, str]]]:
    ways = [(gettext(words), path_to(page, id=event_id)) for page, words in it.where]
    return title_of(it.section), ways


async def write_draft(request: Request) -> Response:
    """Draft a report out of what is there: one click."""
    grant = granted(request)
    event = await event_of(grant.organiser_id, request.path_params["id"])
    form = await read_form(request, DraftFields)
    if form.value is None or form.value.language not in dict(languages_of_reports()):
        raise BadRequest
    made = await reports.write_draft(
        grant.organiser_id,
        event.id,
        form.value.language,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(made, "drafted")


async def write_next(request: Request) -> Response:
    grant = granted(request)
    made = await reports.write_next(
        grant.organiser_id,
        request.path_params["id"],
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(made, "drafted")


async def throw_away(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    await reports.throw_away(
        grant.organiser_id, report.id, actor=grant.actor, now=clock.now()
    )
    response = see_other(request, "desk:reports", id=report.event_id)
    response.headers["location"] += "?done=gone"
    return response


async def show_report(request: Request) -> Response:
    """Show what the report says, what carries it, and the forms to change it."""
    report = await own_report(request)
    said = NOTICES.get(request.query_params.get("done", ""))
    return await report_page(request, report, notice=gettext(said) if said else None)


async def report_page(
    request: Request,
    report: Report,
    status: int = 200,
    **context: Any,  # Any: what the template names
) -> Response:
    passages = await passages_of(report.id)
    stale: Mapping[UUID, Stale] = {}
    besides: list[Drafted] = []
    if report.state is not ReportState.PUBLISHED:
        today = await draft_today(report, report.event, now=clock.now())
        stale, besides = stale_among(passages, today), untold(passages, today)
    sources = await sources_of(report.organiser_id, report.event_id, passages)
    unagreed = {it.id for it in await without_consent(passages)}
    lines = [
        Line(
            it,
            state_of_text(it),
            marked(spans(it.text)),
            it.kind in WRITABLE,
            carriers_of(it, sources),
            stale.get(it.id),
            it.id not in unagreed,
            it.text != it.drafted,
        )
        for it in passages
    ]
    own = granted(request).actor == report.written_by
    values = {
        "alone": own and await works_alone(report.organiser_id),
        "report": report,
        "event": report.event,
        "organiser": footer_of(report.event.organiser),
        "chapters": chapters_of(report, lines),
        "stale": len(stale),
        "besides": [(it, marked(spans(it.text))) for it in besides],
        "open": report.state is not ReportState.PUBLISHED,
        "own": own,
        "sections": [
            (it.value, title_of(it)) for it in Section if it is not Section.THEME
        ],
        "empty_form": Form[AddedFields].showing(),
        "removed": _uuid(request.query_params.get("removed", "")),
        "files": {it: is_installed(it) for it in ("docx", "pdf")},
        "language_name": own_name(report.language),
    }
    return page(request, "feedback/report.html", status=status, **{**values, **context})


def chapters_of(report: Report, lines: list[Line]) -> list[Chapter]:
    """Put lines under the headings of their sections, in the report's language."""
    chapters: dict[str, list[Line]] = {}
    for it in lines:
        chapters.setdefault(it.passage.section, []).append(it)
    with in_language(report.language):
        return [
            Chapter(code, heading_of(code, [it.passage for it in found]), found)
            for code, found in chapters.items()
        ]


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


async def show_evidence(request: Request) -> Response:
    """Show everything that carries one passage: the counts, and what was said."""
    report = await own_report(request)
    passage = await passage_of(report.id, path_id(request, "passage"))
    sources = await sources_of(report.organiser_id, report.event_id, [passage])
    return page(
        request,
        "feedback/report_evidence.html",
        report=report,
        event=report.event,
        organiser=footer_of(report.event.organiser),
        passage=passage,
        html=marked(spans(passage.text)),
        carriers=await with_statements(report.organiser_id, passage, sources),
    )


async def own_report(request: Request) -> Report:
    return await report_of(granted(request).organiser_id, request.path_params["id"])


def to_report(report: Report, done: str, anchor: str = "", more: str = "") -> Response:
    """Lead back to the report, to the passage that was changed."""
    path = path_to("desk:report", id=report.id)
    fragment = f"#p-{anchor}" if anchor else ""
    return RedirectResponse(f"{path}?done={done}{more}{fragment}", status_code=303)


EVENT = "/desk/events/{id:uuid}/feedback/report"
REPORT = "/desk/reports/{id:uuid}"

routes = [
    route(EVENT, show_reports, access=READER, name="desk:reports"),
    route(
        EVENT, write_draft, access=MANAGER, name="desk:write_report", methods=["POST"]
    ),
    route(REPORT, show_report, access=READER, name="desk:report"),
    route(
        f"{REPORT}/next",
        write_next,
        access=MANAGER,
        name="desk:next_report",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/remove",
        throw_away,
        access=MANAGER,
        name="desk:remove_report",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/passages/{{passage}}/evidence",
        show_evidence,
        access=READER,
        name="desk:evidence",
    ),
]
