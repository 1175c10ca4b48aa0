"""The whole database at one moment, to see that nothing has changed."""

from tortoise import Tortoise

from werkraum_foundation.database import rows
from werkraum_foundation.database.statements import is_sqlite

# How often somebody was seen, and how many wrong codes there were, is kept here;
# everything else must stand still, the jobs among it.
BOOKKEEPING = frozenset({"sign_in", "sign_in_link"})
# Who takes a list away as a file is noted; the note is all that comes of it.
NOTED = {"audit_entry": "WHERE action NOT LIKE '%.export'"}

SQLITE_WRITES = """
SELECT total_changes() + data_version AS written FROM pragma_data_version
"""
# The place in the log of the whole server: others may move it on, too.
POSTGRES_WRITES = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS written"

Snapshot = dict[str, list[str]]


async def snapshot() -> Snapshot:
    """Read every row of every table, in one statement where the engine can."""
    if is_sqlite():
        return {
            table: sorted(str(row) for row in await rows(f"SELECT * FROM {part}"))
            for table, part in _tables().items()
        }
    each = (
        f"SELECT '{table}' AS name, {table}::text AS line FROM {part}"
        for table, part in _tables().items()
    )
    found: Snapshot = {table: [] for table in _tables()}
    for row in await rows(" UNION ALL ".join(each) + " ORDER BY line"):
        found[row["name"]].append(row["line"])
    return found


async def writes() -> int:
    """Count what was ever written, wherever it went; what is the same means nothing.

    The count of the engine itself (rows of this connection, moments of others), so
    that the rows need not be read where it stands still.
    """
    [counted] = await rows(SQLITE_WRITES if is_sqlite() else POSTGRES_WRITES)
    return int(counted["written"])


def differences(before: Snapshot, after: Snapshot) -> str:
    """Name the tables that differ, "" if none does."""
    return ", ".join(table for table in before if before[table] != after[table])


def _tables() -> dict[str, str]:
    """The part of each table that must stand still."""
    models = Tortoise.apps["werkraum"].values() if Tortoise.apps else ()
    names = {model._meta.db_table for model in models} - BOOKKEEPING
    return {name: f"{name} {NOTED.get(name, '')}" for name in sorted(names)}
