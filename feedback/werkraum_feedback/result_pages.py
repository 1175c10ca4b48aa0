"""The results of a round at the desk: the page, and the answers as CSV."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback import queries, rounds, rules
from werkraum_feedback.charts import Chart, chart_of
from werkraum_feedback.exports import answers_csv, codebook_rows
from werkraum_feedback.models import Round, RoundState
from werkraum_feedback.questions import Answers
from werkraum_feedback.results import QuestionResult
from werkraum_feedback.round_results import results_of
from werkraum_feedback.shares import FEWEST
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import language
from werkraum_foundation.pages import page
from werkraum_foundation.spreadsheets import Delimiter, csv_lines


@dataclass(frozen=True)
class Shown:
    """A question's result with its picture, where there is one to draw."""

    result: QuestionResult
    chart: Chart | None


async def show_results(request: Request) -> Response:
    """Show what was answered once the round is closed; before, how many did."""
    asked = await _own_round(request)
    closed = asked.state is RoundState.CLOSED
    found = await results_of(asked) if closed else None
    return page(
        request,
        "feedback/results.html",
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        answered=None if closed else await queries.count_responses(asked.id),
        results=found,
        shown=[Shown(it, chart_of(it)) for it in found.questions] if found else [],
    )


async def export_answers(request: Request) -> Response:
    """Hand out the answers as CSV, `?for=excel` the way German Excel wants it."""
    asked = await _own_round(request)
    responses = await _enough_responses(asked)
    questions = await queries.questions_of(asked.id)
    await _note_export(request, asked)
    delimiter, bom = _dialect(request)
    lines = answers_csv(questions, responses, language(), delimiter=delimiter, bom=bom)
    return _csv(lines, "answers.csv")


async def export_codebook(request: Request) -> Response:
    """Hand out what the columns and codes of the answers mean."""
    asked = await _own_round(request)
    rows = codebook_rows(await queries.questions_of(asked.id), language())
    delimiter, bom = _dialect(request)
    return _csv(csv_lines(rows, delimiter=delimiter, bom=bom), "codebook.csv")


async def _own_round(request: Request) -> Round:
    return await queries.round_of(
        granted(request).organiser_id, request.path_params["id"]
    )


async def _enough_responses(asked: Round) -> list[Answers]:
    rules.must_be_closed(asked)
    responses = await queries.responses_of(asked.id)
    if len(responses) < FEWEST:
        raise rules.TooFewAnswers
    return responses


async def _note_export(request: Request, asked: Round) -> None:
    grant = granted(request)
    await rounds.note_export(
        grant.organiser_id, asked.id, actor=grant.actor, now=clock.now()
    )


def _dialect(request: Request) -> tuple[Delimiter, bool]:
    excel = request.query_params.get("for") == "excel"
    return (";", True) if excel else (",", False)


def _csv(lines: Iterable[str], name: str) -> Response:
    return Response(
        "".join(lines),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(f"{ROUND}/results", show_results, access=READER, name="desk:results"),
    route(f"{ROUND}/answers.csv", export_answers, access=READER, name="desk:answers"),
    route(
        f"{ROUND}/codebook.csv", export_codebook, access=READER, name="desk:codebook"
    ),
]
