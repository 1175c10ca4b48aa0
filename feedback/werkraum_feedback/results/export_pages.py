"""Files of a round at the desk: CSV, XLSX, JSON Lines, SPSS, and codebooks."""

import asyncio
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from werkraum_feedback.asking import queries, rules
from werkraum_feedback.coding.theme_rows import themes_told
from werkraum_feedback.models import Round
from werkraum_feedback.questions import Question
from werkraum_feedback.results.answer_lines import answer_lines, codebook_of
from werkraum_feedback.results.answer_workbook import write_workbook
from werkraum_feedback.results.counts import Counts
from werkraum_feedback.results.exports import answers_csv, codebook_rows
from werkraum_feedback.results.round_counts import counts_of
from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.results.small_groups import EVERYBODY, GROUPS
from werkraum_feedback.results.spss import DATA, spss_table, syntax_of
from werkraum_feedback.results.tallies import results
from werkraum_feedback.results.voices import Line, lines_of, voices_of
from werkraum_foundation import audit, clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.entrances import READER
from werkraum_foundation.language import language
from werkraum_foundation.settings import settings
from werkraum_foundation.spreadsheets import Delimiter, csv_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Told:
    """A closed round as far as files may tell of it."""

    round: Round
    counts: Counts
    lines: Sequence[Line]

    @property
    def questions(self) -> Sequence[Question]:
        return self.counts.questions


async def _told(request: Request, form: str) -> Told:
    """Gather what a file may tell, and note who takes it; or raise why not."""
    asked = await _own_round(request)
    rules.must_be_closed(asked)
    counts = await counts_of(asked)
    if sum(counts.voices.values()) < FEWEST:
        raise rules.TooFewAnswers
    grant = granted(request)
    await note_export(grant.organiser_id, asked.id, form, actor=grant.actor)
    voices = await voices_of(asked.id)
    # Sorting a hundred thousand answers would let others wait.
    lines = await asyncio.to_thread(lines_of, counts, voices)
    return Told(asked, counts, lines)


async def _own_round(request: Request) -> Round:
    return await queries.round_of(
        granted(request).organiser_id, request.path_params["id"]
    )


@unit_of_work
async def note_export(
    organiser_id: UUID, round_id: UUID, form: str, *, actor: str
) -> None:
    """Note who took the answers away, and as what kind of file."""
    await audit.record(
        organiser_id,
        "round.export",
        round_id,
        actor=actor,
        now=clock.now(),
        changes={"format": [None, form]},
    )


async def export_csv(request: Request) -> Response:
    """Hand out the answers as CSV, `?for=excel` the way German Excel wants it."""
    told = await _told(request, "csv")
    delimiter, bom = _dialect(request)
    lines = answers_csv(
        told.questions, told.lines, language(), delimiter=delimiter, bom=bom
    )
    return _csv(await _written(lines), "answers.csv")


async def export_xlsx(request: Request) -> Response:
    """Hand out the workbook with everything that may be told."""
    told = await _told(request, "xlsx")
    found = [
        results(told.counts, invited=told.round.invited, group=group)
        for group in (EVERYBODY, *GROUPS)
    ]
    themes = await themes_told(told.round.event_id or told.round.id)
    # In our own folder, which nobody else reads; gone with the answer.
    place = TemporaryDirectory(dir=_folder())
    path = Path(place.name) / "answers.xlsx"
    try:
        await write_workbook(
            path, told.round, told.questions, told.lines, found, themes
        )
    except BaseException:
        place.cleanup()
        raise
    return FileResponse(
        path,
        media_type=XLSX,
        headers=_named("answers.xlsx"),
        background=BackgroundTask(place.cleanup),
    )


def _folder() -> Path:
    made = settings().data_dir / "exports"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


async def export_lines(request: Request) -> Response:
    """Hand out the answers as JSON Lines, one answer per line."""
    told = await _told(request, "jsonl")
    return Response(
        await _written(answer_lines(told.round, told.questions, told.lines)),
        media_type="application/x-ndjson",
        headers=_named("answers.jsonl"),
    )


async def export_spss(request: Request) -> Response:
    """Hand out a table of numbers with the syntax that reads it into SPSS."""
    told = await _told(request, "spss")
    return Response(
        await asyncio.to_thread(_packed, told, language()),
        media_type="application/zip",
        headers=_named("answers-spss.zip"),
    )


def _packed(told: Told, language: str) -> bytes:
    table = spss_table(told.questions, told.lines, language)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DATA, table.csv())
        archive.writestr("answers.sps", syntax_of(table))
    return packed.getvalue()


async def _written(lines: Iterable[str]) -> str:
    """Write it beside the pages, which go on meanwhile however much it is."""
    return await asyncio.to_thread("".join, lines)


async def export_codebook(request: Request) -> Response:
    """Hand out what the columns and codes of the answers mean, as CSV."""
    asked = await _own_round(request)
    rows = codebook_rows(await queries.questions_of(asked.id), language())
    delimiter, bom = _dialect(request)
    text = "".join(csv_lines(rows, delimiter=delimiter, bom=bom))
    return _csv(text, "codebook.csv")


async def export_codebook_json(request: Request) -> Response:
    """Hand out what goes with the JSON Lines."""
    told = await _told(request, "codebook")
    whole = results(told.counts, invited=told.round.invited)
    return JSONResponse(
        codebook_of(told.round, told.questions, answered=whole.answered),
        headers=_named("codebook.json"),
    )


def _dialect(request: Request) -> tuple[Delimiter, bool]:
    excel = request.query_params.get("for") == "excel"
    return (";", True) if excel else (",", False)


def _csv(text: str, name: str) -> Response:
    return Response(text, media_type="text/csv; charset=utf-8", headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(f"{ROUND}/answers.csv", export_csv, access=READER, name="desk:answers"),
    route(
        f"{ROUND}/answers.xlsx", export_xlsx, access=READER, name="desk:answers_xlsx"
    ),
    route(
        f"{ROUND}/answers.jsonl", export_lines, access=READER, name="desk:answers_jsonl"
    ),
    route(
        f"{ROUND}/answers-spss.zip",
        export_spss,
        access=READER,
        name="desk:answers_spss",
    ),
    route(
        f"{ROUND}/codebook.csv", export_codebook, access=READER, name="desk:codebook"
    ),
    route(
        f"{ROUND}/codebook.json",
        export_codebook_json,
        access=READER,
        name="desk:codebook_json",
    ),
]
