"""`werkraum migrate`, `purge`, `backup` and `restore`: keeping what there is."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_server import database, erased_ledger, retention
from werkraum_server.backup import Manifest, read_backup, write_backup
from werkraum_server.commands.on_database import on_database
from werkraum_server.one_process import DatabaseInUse, Holder, only_process
from werkraum_server.own_command import copy_from
from werkraum_server.self_check import database_trouble

BY_ITSELF = "While it runs, it deletes by itself what is due, every hour."


def migrate() -> None:
    """Bring the database up to date, whatever state it is in."""
    with only_process("migrate"), database_trouble():
        asyncio.run(database.migrate(settings().database_url))


def purge(*, dry_run: bool, as_json: bool) -> None:
    """Delete what is due, or only say what is."""
    deed = retention.count_due if dry_run else retention.purge
    counts = on_database(lambda: deed(clock.now()), command="purge", way=BY_ITSELF)
    if as_json:
        print(json.dumps({"dry_run": dry_run, "counts": counts}))
        return
    print("Due for deletion:" if dry_run else "Deleted:")
    for what, count in counts.items():
        print(f"{count:8}  {what}")


def back_up(path: Path, *, as_json: bool) -> None:
    """Write everything into one file; a serving process is asked for a copy."""
    try:
        made = on_database(lambda: write_backup(path), command="backup")
    except DatabaseInUse as used:
        if used.holder is None or used.holder.port is None:
            raise
        made = _from_copy(used.holder, path)
    _report("Written", path, made, as_json=as_json)


def _from_copy(holder: Holder, path: Path) -> Manifest:
    async def write(url: str) -> Manifest:
        async with database.opened(url):
            return await write_backup(path)

    with copy_from(holder) as url:
        return asyncio.run(write(url))


def restore(path: Path, *, as_json: bool) -> None:
    """Fill an empty database from a backup; who was erased since stays erased."""

    async def fill() -> Manifest:
        read = await read_backup(path)
        await erased_ledger.apply(clock.now())
        return read

    made = on_database(fill, command="restore")
    _report("Restored", path, made, as_json=as_json)


def _report(deed: str, path: Path, made: Manifest, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"path": str(path), **asdict(made)}))
        return
    print(f"{deed}: {path}, as of {made.made_at}")
    for table, count in made.tables.items():
        print(f"{count:8}  {table}")
