"""Changing a report at the desk, one passage at a time."""

from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.report import passages, reports
from werkraum_feedback.report.passages import PassageChanged
from werkraum_feedback.report.report_desk import (
    REPORT,
    own_report,
    report_page,
    to_report,
)
from werkraum_feedback.report.report_form import (
    AddedFields,
    Deed,
    DeedFields,
    PassageFields,
    PutBackFields,
    SectionFields,
    TakeInFields,
    TitleFields,
)
from werkraum_feedback.report.report_freshness import draft_today, fresh_for
from werkraum_feedback.report.report_queries import passage_of
from werkraum_feedback.report.report_rules import NothingToUndo, state_of_text
from werkraum_feedback.report_models import Passage, Report
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import BadRequest, NotFound

# A page of text, as form data of three bytes for a letter.
LIMIT = 200_000


async def rename(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    form = await read_form(request, TitleFields)
    if form.value is None:
        return await report_page(request, report, status=422, form=form)
    await reports.rename(
        grant.organiser_id,
        report.id,
        form.value.title,
        version=form.value.version,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(report, "saved")


async def write(request: Request) -> Response:
    """Put other words into a passage; where somebody was quicker, show both."""
    report, passage = await _own_passage(request)
    grant = granted(request)
    form = await read_form(request, PassageFields, limit=LIMIT)
    if form.value is None:
        return await report_page(request, report, status=422, form=form, at=passage.id)
    try:
        await passages.write(
            grant.organiser_id,
            passage,
            form.value.text,
            form.value.kind.kind,
            seen=form.value.seen,
            actor=grant.actor,
            now=clock.now(),
        )
    except PassageChanged as refused:
        return await _both_texts(request, report, passage.id, refused)
    return to_report(report, "saved", str(passage.id))


async def _both_texts(
    request: Request, report: Report, passage_id: UUID, refused: PassageChanged
) -> Response:
    current = await passage_of(report.id, passage_id)
    return page(
        request,
        "feedback/report_conflict.html",
        status=refused.status,
        report=report,
        event=report.event,
        organiser=footer_of(report.event.organiser),
        passage=current,
        seen=state_of_text(current),
        theirs=refused.theirs,
        mine=refused.mine,
    )


async def add_after(request: Request) -> Response:
    report, passage = await _own_passage(request)
    form = await read_form(request, AddedFields, limit=LIMIT)
    if form.value is None:
        return await report_page(
            request, report, status=422, form=form, after=passage.id
        )
    return await _add(request, report, passage.section, passage.id, form.value)


async def add_to_section(request: Request) -> Response:
    """Add at the end of a section, also of one that the draft left out."""
    report = await own_report(request)
    form = await read_form(request, SectionFields, limit=LIMIT)
    if form.value is None:
        return await report_page(request, report, status=422, form=form, adding=True)
    return await _add(request, report, form.value.section, None, form.value)


async def _add(
    request: Request, report: Report, section: str, after: UUID | None, it: AddedFields
) -> Response:
    grant = granted(request)
    made = await passages.add_after(
        grant.organiser_id,
        report.id,
        section,
        after,
        it.text,
        it.kind.kind,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(report, "saved", str(made.id))


async def do(request: Request) -> Response:
    """Move, remove, take back, or take the sentence of today."""
    report, passage = await _own_passage(request)
    form = await read_form(request, DeedFields)
    if form.value is None:
        raise BadRequest
    actor, now = granted(request).actor, clock.now()
    owner = report.organiser_id
    match form.value.do:
        case Deed.UP | Deed.DOWN as way:
            up = way is Deed.UP
            await passages.move(owner, passage, up=up, actor=actor, now=now)
        case Deed.UNDO:
            await passages.undo(owner, passage, actor=actor, now=now)
        case Deed.REMOVE:
            await passages.remove(owner, passage, actor=actor, now=now)
            return to_report(report, "removed", more=f"&removed={passage.id}")
        case deed:
            await _renew(report, passage, deed, actor, now)
    return to_report(report, "saved", str(passage.id))


async def _renew(
    report: Report, passage: Passage, deed: Deed, actor: str, now: datetime
) -> None:
    """Take today's sentence, or keep the words and note today's figures."""
    fresh = fresh_for(passage, await draft_today(report, report.event, now=now))
    if fresh is None:
        raise NothingToUndo
    act = passages.renew if deed is Deed.RENEW else passages.keep
    await act(report.organiser_id, passage, fresh, actor=actor, now=now)


async def put_back(request: Request) -> Response:
    report, grant = await own_report(request), granted(request)
    form = await read_form(request, PutBackFields)
    if form.value is None:
        raise BadRequest
    await passages.put_back(
        grant.organiser_id,
        report.id,
        form.value.passage,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(report, "saved", str(form.value.passage))


async def take_in(request: Request) -> Response:
    """Take a sentence that today's facts make and the report does not have."""
    report, grant = await own_report(request), granted(request)
    form = await read_form(request, TakeInFields)
    if form.value is None:
        raise BadRequest
    today = await draft_today(report, report.event, now=clock.now())
    fresh = next((it for it in today.passages if it.key == form.value.key), None)
    if fresh is None:
        raise NotFound
    made = await passages.take_in(
        grant.organiser_id,
        report.id,
        fresh,
        today,
        actor=grant.actor,
        now=clock.now(),
    )
    return to_report(report, "saved", str(made.id))


async def _own_passage(request: Request) -> tuple[Report, Passage]:
    report = await own_report(request)
    return report, await passage_of(report.id, path_id(request, "passage"))


PASSAGE = f"{REPORT}/passages/{{passage}}"

routes = [
    route(
        f"{REPORT}/title",
        rename,
        access=MANAGER,
        name="desk:rename_report",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/passages",
        add_to_section,
        access=MANAGER,
        name="desk:add_passage",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/put-back",
        put_back,
        access=MANAGER,
        name="desk:put_back_passage",
        methods=["POST"],
    ),
    route(
        f"{REPORT}/take-in",
        take_in,
        access=MANAGER,
        name="desk:take_in_passage",
        methods=["POST"],
    ),
    route(PASSAGE, write, access=MANAGER, name="desk:write_passage", methods=["POST"]),
    route(
        f"{PASSAGE}/after",
        add_after,
        access=MANAGER,
        name="desk:add_after_passage",
        methods=["POST"],
    ),
    route(
        f"{PASSAGE}/deed",
        do,
        access=MANAGER,
        name="desk:passage_deed",
        methods=["POST"],
    ),
]
