"""Backup and restore: everything in one file that fits both databases.

A zip: `manifest.json` says what is in it, and each table is a file of JSON lines,
parents before children. So it is also the way from SQLite to PostgreSQL.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from tortoise import Tortoise
from tortoise.exceptions import BaseORMException
from tortoise.models import Model

from werkraum_foundation import clock
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_server import schema_version
from werkraum_server.cannot import Cannot

FORMAT = 1
BATCH = 500  # rows in memory at a time
MANIFEST = "manifest.json"
# Who had signed out or was removed since must not be signed in again by a restore.
LEFT_OUT = frozenset(("sign_in", "sign_in_link"))


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `tables` counts rows, parents before children."""

    format: int
    made_at: str
    migrations: list[str]
    tables: dict[str, int]


def tables() -> list[type[Model]]:
    """List the tables of the open database so that no row comes before its parent."""
    waiting = dict(Tortoise.apps["werkraum"])
    order: list[type[Model]] = []
    while waiting:
        placed = {model.__name__ for model in order}
        for name, model in sorted(waiting.items()):
            if _parents(model) <= placed:
                order.append(model)
                del waiting[name]
    return [model for model in order if model._meta.db_table not in LEFT_OUT]


def _parents(model: type[Model]) -> set[str]:
    meta = model._meta
    keys = (meta.fields_map[name] for name in meta.fk_fields | meta.o2o_fields)
    return {key.related_model.__name__ for key in keys}  # type: ignore[attr-defined]


async def write_backup(path: Path) -> Manifest:
    """Write the open database to a file, whole or not at all; only we may read it.

    What it holds was true at one moment. Raises `Cannot` where nothing can be
    written, and where a file is already: it may be the only other backup.
    """
    try:
        with _whole_or_not_at_all(path) as draft:
            return await _write(draft)
    except OSError as trouble:
        reason = trouble.strerror or trouble
        raise Cannot(f"{path} cannot be written: {reason}.") from trouble


@unit_of_work
async def _write(draft: Path) -> Manifest:
    if not is_sqlite():
        await rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    counts: dict[str, int] = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for model in tables():
            name = model._meta.db_table
            with archive.open(_file_of(name), "w", force_zip64=True) as file:
                counts[name] = await _write_table(model, file)
        made = Manifest(
            FORMAT, clock.now().isoformat(), [*await schema_version.applied()], counts
        )
        archive.writestr(MANIFEST, json.dumps(asdict(made), indent=2))
    return made


def _file_of(table: str) -> str:
    return f"{table}.jsonl"


async def _write_table(model: type[Model], file: IO[bytes]) -> int:
    columns = sorted(model._meta.fields_db_projection)
    count = 0
    async for row in _all(model):
        values = {column: getattr(row, column) for column in columns}
        line = json.dumps(values, ensure_ascii=False, default=_portable)
        file.write(line.encode() + b"\n")
        count += 1
    return count


async def _all(model: type[Model]) -> AsyncIterator[Model]:
    """Go through a table by its key, a few hundred rows at a time."""
    key = model._meta.pk_attr
    found = await model.all().order_by(key).limit(BATCH)
    while found:
        for row in found:
            yield row
        found = await model.filter(pk__gt=found[-1].pk).order_by(key).limit(BATCH)


def _portable(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"no JSON for {type(value).__name__}")


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[Path]:
    if path.exists():
        raise Cannot(f"{path} is there already. Name another file.")
    # mkstemp gives mode 0600 from the first moment.
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        yield draft
        os.fsync(handle)
        draft.replace(path)
    finally:
        os.close(handle)
        draft.unlink(missing_ok=True)


async def read_backup(path: Path) -> Manifest:
    """Fill the open, empty database from a file, wholly or not at all.

    Raises `Cannot` for a database that holds something, a file of another version
    and a file that is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            await _must_fit(manifest)
            await _read(archive, manifest)
    except OSError as trouble:
        raise Cannot(f"{path} cannot be read: {trouble.strerror}.") from trouble
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as trouble:
        raise Cannot(f"{path} is no backup, or it is damaged.") from trouble
    except BaseORMException as trouble:
        raise Cannot(f"{path} holds rows that do not fit together.") from trouble
    return manifest


async def _must_fit(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise Cannot(f"The backup has format {manifest.format}, we read {FORMAT}.")
    ours = [*await schema_version.applied()]
    if manifest.migrations != ours:
        raise Cannot(
            f"The backup was made with the migrations up to {manifest.migrations[-1]}"
            f" and the database has those up to {ours[-1]}. Restore it with the"
            " version of Werkraum that made it, then run `werkraum migrate`."
        )
    full = [model for model in tables() if await model.exists()]
    if full:
        raise Cannot(
            "The database is not empty: there is something in"
            f" {full[0]._meta.db_table}. Restore into a new one."
        )


@unit_of_work
async def _read(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for model in tables():
        name = model._meta.db_table
        count = 0
        with archive.open(_file_of(name)) as file:
            for batch in _batches(file):
                await model.bulk_create(model(**values) for values in batch)
                count += len(batch)
        if count != manifest.tables[name]:
            raise ValueError(f"{name} has {count} rows")


# Any: a row has the types of its columns.
def _batches(file: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for line in file:
        batch.append(json.loads(line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
