"""Files of registrations: small ones at once, large ones by a job, to be fetched.

1. `order` writes down what is wanted and who wants it, and a job begins.
2. The job goes through the list a batch at a time and says how far it is.
3. The file lies in the data folder for a day; then `forget` deletes it. Once somebody
   has had their data erased, it goes at once: `forget_somebody`.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.language import gettext, in_language, language
from werkraum_foundation.outbox import enqueue, job
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.spreadsheets import write_csv
from werkraum_foundation.workbooks import Workbook
from werkraum_registration.export_rows import (
    Layout,
    as_json,
    cells,
    headings,
    layout_of,
    records_of,
)
from werkraum_registration.exports import note_export
from werkraum_registration.list_filters import Filters
from werkraum_registration.listing import count_listed
from werkraum_registration.models import ExportFile, ExportState

# What a request writes while somebody waits; more is written by a job.
MOST_AT_ONCE = 2_000
KEEP = timedelta(days=1)
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# Rows between two notes of how far it is.
NOTED = 1_000


@dataclass(frozen=True)
class Piece:
    """Some bytes of a file, and how many registrations they tell of."""

    data: bytes
    count: int = 0


async def csv_of(event: Event, filters: Filters) -> AsyncIterator[Piece]:
    """Write a list as German Excel opens it by a click, a batch at a time."""
    layout = await layout_of(event)
    yield Piece(b"".join(write_csv([headings(layout)], delimiter=";", bom=True)))
    async for batch in records_of(event, filters):
        table = [cells(record, layout) for record in batch]
        yield Piece(b"".join(write_csv(table, delimiter=";")), len(batch))
        # Others have their turn.
        await asyncio.sleep(0)


async def json_of(event: Event, filters: Filters) -> AsyncIterator[Piece]:
    """Write a list as one array of objects, each on a line of its own."""
    layout, between = await layout_of(event), b"[\n"
    async for batch in records_of(event, filters):
        lines = [
            json.dumps(as_json(record, layout), ensure_ascii=False) for record in batch
        ]
        yield Piece(between + ",\n".join(lines).encode(), len(batch))
        between = b",\n"
        await asyncio.sleep(0)
    yield Piece(b"[]\n" if between == b"[\n" else b"\n]\n")


async def write_xlsx(event: Event, filters: Filters, path: Path) -> AsyncIterator[int]:
    """Write a list into a file; yields how many rows each batch had."""
    layout: Layout = await layout_of(event)
    async with Workbook(path, gettext("Registrations")) as book:
        await book.write([headings(layout)])
        async for batch in records_of(event, filters):
            await book.write([cells(record, layout) for record in batch])
            yield len(batch)
            await asyncio.sleep(0)


def folder() -> Path:
    """Name the folder of the files; only we look into it."""
    made = settings().data_dir / "exports"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def path_of(file: ExportFile) -> Path:
    return folder() / f"{file.id}.{file.format}"


@unit_of_work
async def order(
    event: Event, form: str, filters: Filters, *, actor: str, now: datetime
) -> ExportFile:
    """Have a list written into a file, in the current language."""
    total = await count_listed(event.id, filters)
    file = await ExportFile.create(
        event_id=event.id,
        format=form,
        filters=filters.asked(),
        language=language(),
        total=total,
        created_by=actor,
        created_at=now,
    )
    await note_export(event, rows=total, actor=actor, now=now)
    await enqueue(
        "export:write", {"file_id": str(file.id)}, organiser_id=event.organiser_id
    )
    return file


async def file_of(organiser_id: UUID, file_id: UUID) -> ExportFile:
    """Find an organiser's file with its event, or raise `NotFound`."""
    found = ExportFile.filter(id=file_id, event__organiser_id=organiser_id)
    file = await found.select_related("event__organiser").first()
    if file is None:
        raise NotFound
    return file


async def files_of(event_id: UUID, *, now: datetime) -> list[ExportFile]:
    """List the files of an event that can be fetched or are on their way."""
    found = ExportFile.filter(event_id=event_id, created_at__gt=now - KEEP)
    return await found.order_by("-created_at").limit(10)


@job("export:write")
async def write(file_id: str) -> None:
    """Write the file from the beginning, however far another process had come."""
    file = await ExportFile.get_or_none(id=UUID(file_id)).select_related("event")
    if file is None or file.state in (ExportState.READY, ExportState.ERASED):
        return
    while not await _write_once(file):
        # Somebody was erased on the way: what is written names them.
        continue


async def _write_once(file: ExportFile) -> bool:
    """Write the file; False if what was written must not stay."""
    await _begin(file)
    path = path_of(file)
    await asyncio.to_thread(_forget_parts, path)
    # Another process that thinks it has this job writes into a part of its own.
    unfinished = path.with_suffix(f".{uuid4().hex}.part")
    try:
        with in_language(file.language):
            count = await _write(file, unfinished)
        await asyncio.to_thread(unfinished.replace, path)
    except BaseException:
        await asyncio.to_thread(unfinished.unlink, missing_ok=True)
        await asyncio.shield(_say(file, ExportState.FAILED, 0))
        raise
    if await _say(file, ExportState.READY, count, ready_at=clock.now()):
        return True
    await asyncio.to_thread(path.unlink, missing_ok=True)
    return not await ExportFile.exists(id=file.id)


@unit_of_work
async def forget_somebody(event_id: UUID, words: Collection[str]) -> None:
    """Have nobody fetch what names somebody who is erased; a job deletes the files.

    A file being written is begun anew. One that was searched for by `words` of
    theirs, name or address, is not known any more.
    """
    # Locks the rows: a file that is ready just now is seen as such.
    await changed(
        "UPDATE export_file SET written = 0, ready_at = NULL, state = CASE state"
        " WHEN 'ready' THEN 'erased' WHEN 'writing' THEN 'waiting' ELSE state END"
        " WHERE event_id = :event",
        event=event_id,
    )
    for file in await ExportFile.filter(event_id=event_id).select_related("event"):
        if file.state is ExportState.ERASED:
            await enqueue(
                "export:discard",
                {"file": path_of(file).name},
                dedupe=f"export:discard:{file.id}",
                organiser_id=file.event.organiser_id,
            )
        search = str(file.filters.get("q", "")).casefold()
        if any(word in search for word in words):
            await file.delete()


@job("export:discard")
async def discard(file: str) -> None:
    await asyncio.to_thread(_discard, folder() / file)


def _discard(path: Path) -> None:
    _forget_parts(path)
    path.unlink(missing_ok=True)


def _forget_parts(path: Path) -> None:
    """Delete what processes that were killed have left of a file."""
    for part in path.parent.glob(f"{path.stem}.*.part"):
        part.unlink(missing_ok=True)


async def _write(file: ExportFile, path: Path) -> int:
    count = noted = 0
    async for more in _written(file, path):
        count += more
        if count - noted >= NOTED:
            await _say(file, ExportState.WRITING, count)
            noted = count
    return count


async def _written(file: ExportFile, path: Path) -> AsyncIterator[int]:
    """Write the file and tell of each batch how many rows it had."""
    event, filters = file.event, Filters.read(file.filters)
    # Only we may read it, from the first byte on.
    await asyncio.to_thread(path.touch, 0o600)
    if file.format == "xlsx":
        async for count in write_xlsx(event, filters, path):
            yield count
        return
    pieces = (csv_of if file.format == "csv" else json_of)(event, filters)
    output = await asyncio.to_thread(path.open, "wb")
    try:
        async for piece in pieces:
            await asyncio.to_thread(output.write, piece.data)
            yield piece.count
    finally:
        await asyncio.to_thread(output.close)


@unit_of_work
async def _begin(file: ExportFile) -> None:
    await changed(
        "UPDATE export_file SET state = 'writing', written = 0 WHERE id = :id",
        id=file.id,
    )


@unit_of_work
async def _say(
    file: ExportFile,
    state: ExportState,
    written: int,
    *,
    ready_at: datetime | None = None,
) -> bool:
    """Note how far it is; False for a file that has to be begun anew."""
    noted = await changed(
        "UPDATE export_file SET state = :state, written = :written,"
        " ready_at = :ready WHERE id = :id AND state = 'writing'",
        state=state.value,
        written=written,
        ready=ready_at,
        id=file.id,
    )
    return noted > 0


async def forget(now: datetime) -> int:
    """Delete what is older than a day: the rows, and the files on this machine."""
    gone = await _forget_rows(now)
    old = (now - KEEP).timestamp()
    return gone + await asyncio.to_thread(_forget_files, old)


@unit_of_work
async def _forget_rows(now: datetime) -> int:
    if not await rows("SELECT 1 FROM export_file LIMIT 1"):
        return 0
    return await changed(
        "DELETE FROM export_file WHERE created_at <= :old", old=now - KEEP
    )


def _forget_files(old: float) -> int:
    count = 0
    for path in folder().iterdir():
        try:
            if path.stat().st_mtime <= old:
                # A folder is left by whoever was killed before a file was whole.
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                count += 1
        except FileNotFoundError:
            # Another process was quicker.
            continue
    return count
