"""The results of a round at the desk: everybody, a group, groups side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.asking import queries
from werkraum_feedback.asking.round_names import name_of
from werkraum_feedback.models import Round, RoundState
from werkraum_feedback.results import export_pages
from werkraum_feedback.results.before_after import Pair, pairs_of
from werkraum_feedback.results.charts import Chart, chart_of
from werkraum_feedback.results.counts import Counts
from werkraum_feedback.results.cross_tables import BY, CrossTable, cross_table
from werkraum_feedback.results.round_counts import counts_of
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.results.small_groups import EVERYBODY, GROUPS, Group
from werkraum_feedback.results.tallies import QuestionResult, Results
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound

FIRST_TEXTS = 50
"""Texts of a question on the page of results; more of them have pages of their own."""
TEXTS_ON_A_PAGE = 200


@dataclass(frozen=True)
class Shown:
    """A question's result with its picture and table, where there are any."""

    result: QuestionResult
    chart: Chart | None
    table: CrossTable | None
    pair: Pair | None

    @property
    def texts(self) -> Sequence[str]:
        return self.result.texts[:FIRST_TEXTS]

    @property
    def more(self) -> bool:
        return len(self.result.texts) > FIRST_TEXTS


async def show_results(request: Request) -> Response:
    """Show what was answered once the round is closed; before, how many did."""
    asked = await _own_round(request)
    if asked.state is not RoundState.CLOSED:
        return await _not_yet(request, asked)
    by = request.query_params.get("by", "")
    # Side by side, groups stand beside everybody.
    group = EVERYBODY if by in BY else _group(request)
    found = await results_of(asked, group=group)
    counts = await counts_of(asked)
    return page(
        request,
        "feedback/results.html",
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        results=found,
        shown=await _shown(asked, found, counts, by),
        by=by if by in BY else "",
        groups=_groups_shown(counts),
        answered=None,
    )


async def _not_yet(request: Request, asked: Round) -> Response:
    return page(
        request,
        "feedback/results.html",
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        named=name_of(asked.kind),
        answered=await queries.count_responses(asked.id),
        results=None,
    )


async def _shown(
    asked: Round, found: Results, counts: Counts, by: str
) -> Sequence[Shown]:
    whole = found.group == EVERYBODY
    pairs = await pairs_of(asked, found) if whole and not by else ()
    again = {pair.after.question.id: pair for pair in pairs}
    return [
        Shown(
            result,
            chart_of(result),
            cross_table(result, counts, BY[by]) if by in BY else None,
            again.get(result.question.id),
        )
        for result in found.questions
    ]


def _groups_shown(counts: Counts) -> Sequence[Group]:
    """List the groups of which anything may be shown."""
    shown = {group for it in counts.shown.values() for group in it.groups}
    return [group for group in GROUPS if group in shown | counts.voices_shown.groups]


def _group(request: Request) -> Group:
    """Read whom to show; whatever is no group stands for everybody."""
    code = request.query_params.get("group", "")
    return next((group for group in GROUPS if group.code == code), EVERYBODY)


async def show_texts(request: Request) -> Response:
    """Show all texts to one question, so many at a time."""
    asked = await _own_round(request)
    found = await results_of(asked, group=_group(request))
    result = next(
        (
            it
            for it in found.questions
            if it.question.code == request.path_params["code"] and it.in_words
        ),
        None,
    )
    if result is None:
        raise NotFound
    pages = max(1, -(-len(result.texts) // TEXTS_ON_A_PAGE))
    number = _page_number(request, pages)
    begin = (number - 1) * TEXTS_ON_A_PAGE
    return page(
        request,
        "feedback/texts.html",
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        result=result,
        group=found.group,
        texts=result.texts[begin : begin + TEXTS_ON_A_PAGE],
        number=number,
        pages=pages,
    )


def _page_number(request: Request, pages: int) -> int:
    wanted = request.query_params.get("page", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 1
    return min(max(number, 1), pages)


async def _own_round(request: Request) -> Round:
    return await queries.round_of(
        granted(request).organiser_id, request.path_params["id"]
    )


ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(f"{ROUND}/results", show_results, access=READER, name="desk:results"),
    route(f"{ROUND}/results/{{code}}", show_texts, access=READER, name="desk:texts"),
    *export_pages.routes,
]
