"""A list of people at the desk: sent, looked at line by line, taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault, InvalidInput, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop, pick
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.refusals import Refused
from werkraum_foundation.sheet_process import SheetUnreadable, rows_of
from werkraum_foundation.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from werkraum_foundation.uploads import Upload, read_upload
from werkraum_registration import imports
from werkraum_registration.answer_reading import field_name, in_words
from werkraum_registration.event_forms import form_of
from werkraum_registration.import_columns import Column
from werkraum_registration.import_lines import Entrant, read_line
from werkraum_registration.listing import LARGEST_PAGE
from werkraum_registration.models import FormQuestion, ImportBatch, ImportRow, Wanted
from werkraum_registration.rules import must_be_running
from werkraum_server.desk.own_events import own_event

COLUMNS = {
    Column.NAME: noop("Whole name"),
    Column.FIRST_NAME: noop("First name"),
    Column.LAST_NAME: noop("Last name"),
    Column.EMAIL: noop("E-mail address"),
    Column.MODE: noop("How they take part"),
    Column.ORGANISATION: noop("Organisation"),
    Column.LANGUAGE: noop("Language"),
    Column.TAG: noop("Tags"),
    Column.NOTE: noop("Note"),
}
# What came of a line that was taken in, as far as it is more than a refusal.
OUTCOMES = {
    imports.MADE: noop("registered"),
    imports.KNOWN: noop("was registered before"),
    "full": noop("not registered: all seats are taken"),
    "event_over": noop("not registered: the event is over"),
    "event_cancelled": noop("not registered: the event is called off"),
    "faulty": noop("not registered: the line cannot be read any more"),
    "question_changed": noop("not registered: the questions have changed"),
}
NOT_REGISTERED = noop("not registered")
WHICH = ("all", "faulty", "open", "refused")


# A question by the name of its field, `answer_reading.field_name`.
QuestionField = Annotated[str, StringConstraints(pattern="^q_[0-9a-f-]{36}$")]


class ColumnsForm(BaseModel):
    """What the columns hold, one entry for each, and what is said for all."""

    model_config = ConfigDict(extra="forbid")
    column: Annotated[
        tuple[Column | Literal["none"] | QuestionField, ...],
        Field(max_length=MOST_COLUMNS),
    ] = ()
    wanted: Wanted | None = None


class TakeForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    what: Literal["all", "chosen"]
    line: Annotated[
        tuple[Annotated[int, whole_number(1, 10_000_000)], ...],
        Field(max_length=LARGEST_PAGE),
    ] = ()


class NotYet(Refused):
    code = "import_running"

    def message(self) -> str:
        return gettext(
            "Lines of this list are being taken in. The columns can be changed again"
            " when that is done."
        )


@dataclass(frozen=True)
class Line:
    """A line of the list as the page shows it."""

    row: ImportRow
    entrant: Entrant
    reasons: tuple[str, ...]
    outcome: str
    # Each with its question, in words.
    answers: tuple[str, ...]

    @property
    def can_be_chosen(self) -> bool:
        return not self.row.faulty and not self.row.chosen


async def show_form(request: Request) -> Response:
    event = await own_event(request)
    return _form_page(request, event, Form[BaseModel].showing())


def _form_page(
    request: Request, event: Event, form: Form[BaseModel], status: int = 200
) -> Response:
    return page(
        request,
        "desk/import_new.html",
        status=status,
        event=event,
        form=form,
        most_rows=MOST_ROWS,
        organiser=footer_of(event.organiser),
    )


async def send_list(request: Request) -> Response:
    """Read a file and write down its lines; nobody is registered by it."""
    event = await own_event(request)
    must_be_running(event, now=clock.now())
    upload = await read_upload(request, "file", limit=MOST_BYTES)
    if not upload.name and not upload.content:
        said = gettext("Please choose a file.")
        missing = Fault("file", "missing", said)
        return _form_page(request, event, Form({}, (missing,)), status=422)
    try:
        batch = await _written_down(event, upload, granted(request).actor)
    except SheetUnreadable as refusal:
        unreadable = Fault("file", refusal.why, refusal.message())
        form = Form[BaseModel]({}, (unreadable,))
        return _form_page(request, event, form, status=refusal.status)
    return see_other(request, "desk:import_batch", id=batch.id)


async def _written_down(event: Event, upload: Upload, actor: str) -> ImportBatch:
    """Write down the rows as they are read; raises `SheetUnreadable`."""
    batch: ImportBatch | None = None
    seen: set[str] = set()
    try:
        async for rows in rows_of(upload.content):
            if batch is None:
                batch = await imports.begin(
                    event, upload.name, rows[0], actor=actor, now=clock.now()
                )
                rows = rows[1:] if batch.headings else rows
            await imports.add_rows(batch, event, rows, seen)
    except Refused:
        # What was read before the fault is of no use to anybody.
        if batch is not None:
            await imports.discard(batch.id)
        raise
    if batch is None:
        raise SheetUnreadable("empty")
    await imports.complete(batch)
    return batch


async def _own_batch(request: Request) -> ImportBatch:
    return await imports.batch_of(granted(request).organiser_id, path_id(request))


async def show_list(request: Request) -> Response:
    """Show a hundred lines with what is wrong in them, or what came of them."""
    batch = await _own_batch(request)
    event, asked = batch.event, request.query_params
    which = asked.get("show", "all")
    which = which if which in WHICH else "all"
    number = asked.get("page", "1")
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    at = max(1, int(number)) if is_number else 1
    found = await imports.rows_shown(batch.id, which, skip=(at - 1) * LARGEST_PAGE)
    progress = await imports.progress_of(batch.id)
    return page(
        request,
        "desk/import.html",
        event=event,
        batch=batch,
        progress=progress,
        lines=await _lines(batch, event, found[:LARGEST_PAGE]),
        more=len(found) > LARGEST_PAGE,
        at=at,
        which=which,
        columns=[(it.value, gettext(label)) for it, label in COLUMNS.items()],
        questions=[
            (field_name(it.id), pick(it.label)[0])
            for it in (await form_of(event)).asked
        ],
        examples=await _examples(batch),
        watching="watch" in asked and progress.is_running,
        organiser=footer_of(event.organiser),
    )


async def _lines(
    batch: ImportBatch, event: Event, found: list[ImportRow]
) -> list[Line]:
    layout = await imports.layout_of(batch, event)
    names = _names(batch, layout.questions)
    first_of = await imports.first_lines(batch.id, [it.email_key for it in found])
    known = await imports.known_of(event.id, [it.email_key for it in found])
    lines = []
    for row in found:
        entrant = read_line(row.cells, layout)
        reasons = [_reason(it, names) for it in entrant.faults]
        first = first_of.get(row.email_key)
        if first is not None and first < row.line:
            reasons.append(
                gettext("The same address stands in line %(line)s.", line=first)
            )
        outcome = ""
        if row.outcome:
            outcome = gettext(OUTCOMES.get(row.outcome, NOT_REGISTERED))
        elif row.chosen:
            outcome = gettext("is being registered")
        elif row.email_key in known:
            outcome = gettext("is registered already")
        told = tuple(
            _with(pick(it.label)[0], in_words(it, entrant.answers[it.id]))
            for it in layout.questions
            if it.id in entrant.answers
        )
        lines.append(Line(row, entrant, tuple(reasons), outcome, told))
    return lines


def _names(batch: ImportBatch, questions: Sequence[FormQuestion]) -> dict[str, str]:
    """Say what each column is called: that of a question as the list calls it."""
    names = {column.value: gettext(label) for column, label in COLUMNS.items()}
    names |= {field_name(it.id): pick(it.label)[0] for it in questions}
    heads = zip(batch.columns, batch.headings, strict=False)
    asked = {field: head for field, head in heads if head and field not in set(Column)}
    return names | asked


def _reason(wrong: Fault, names: Mapping[str, str]) -> str:
    """Say what is wrong, with the name of the column in front."""
    if wrong.field not in names:
        return wrong.message
    return _with(names[wrong.field], wrong.message)


def _with(name: str, words: str) -> str:
    """Put a name in front of words; a question ends with its own mark."""
    return f"{name} {words}" if name.endswith("?") else f"{name}: {words}"


async def _examples(batch: ImportBatch) -> list[tuple[str, str]]:
    """Show the heading of each column, and what stands in it first."""
    first = await ImportRow.filter(batch_id=batch.id).order_by("line").limit(1)
    cells = first[0].cells if first else []
    width = max(len(batch.headings), len(batch.columns), len(cells))
    return [(_at(batch.headings, it), _at(cells, it)) for it in range(width)]


def _at(cells: list[str], number: int) -> str:
    return cells[number] if number < len(cells) else ""


async def save_columns(request: Request) -> Response:
    """Say anew what the columns hold, and look at every line again."""
    batch = await _own_batch(request)
    form = await read_form(request, ColumnsForm)
    if form.value is None:
        raise InvalidInput(form.faults)
    if (await imports.progress_of(batch.id)).is_running:
        raise NotYet
    columns = ["" if it == "none" else str(it) for it in form.value.column]
    chosen = [it for it in columns if it]
    asked = {field_name(it.id) for it in (await form_of(batch.event)).asked}
    if not set(chosen) <= {*Column, *asked}:
        raise InvalidInput([fault("column", "enum")])
    if len(chosen) != len(set(chosen)):
        said = gettext("Two columns cannot hold the same.")
        raise InvalidInput([Fault("column", "duplicate", said)])
    await imports.lay_out(batch, batch.event, columns, form.value.wanted)
    return see_other(request, "desk:import_batch", id=batch.id)


async def take(request: Request) -> Response:
    """Take in all lines without faults, or those that were chosen."""
    batch = await _own_batch(request)
    form = await read_form(request, TakeForm)
    if form.value is None:
        raise InvalidInput(form.faults)
    must_be_running(batch.event, now=clock.now())
    if form.value.what == "chosen" and not form.value.line:
        said = gettext("Please choose a line first.")
        raise InvalidInput([Fault("line", "missing", said)])
    await imports.take(
        batch,
        batch.event,
        None if form.value.what == "all" else form.value.line,
        actor=granted(request).actor,
        now=clock.now(),
    )
    return see_other(request, "desk:import_batch", id=batch.id)


NEW, ONE = "/desk/events/{id}/import", "/desk/imports/{id}"
routes = [
    route(NEW, show_form, access=MANAGER, name="desk:import"),
    route(NEW, send_list, access=MANAGER, name="desk:send_list", methods=["POST"]),
    route(ONE, show_list, access=MANAGER, name="desk:import_batch"),
    route(
        f"{ONE}/columns",
        save_columns,
        access=MANAGER,
        name="desk:import_columns",
        methods=["POST"],
    ),
    route(
        f"{ONE}/take",
        take,
        access=MANAGER,
        name="desk:import_take",
        methods=["POST"],
    ),
]
