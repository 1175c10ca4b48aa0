"""SQL by hand, with named marks, the same text on both databases."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

# A name after a colon; `::` is PostgreSQL's cast and stays.
_MARK = re.compile(r"(?<!:):([a-z_]+)\b")


async def rows(sql: str, /, **values: object) -> list[dict[str, Any]]:
    """Run a statement and fetch its rows, also those of RETURNING.

    Marks are `:name`. Aware datetimes, UUIDs, lists and dicts (as JSON) are
    handed over the way Tortoise stores them. Inside a unit of work the statement
    belongs to its transaction. Values are Any: a row has the types of its columns.
    """
    connection = get_connection("default")
    dialect = connection.capabilities.dialect
    text, names = _translated(sql, dialect)
    given = [_value(values[name], dialect) for name in names]
    return await connection.execute_query_dict(text, given)


async def changed(sql: str, /, **values: object) -> int:
    """Run an INSERT, UPDATE or DELETE and say how many rows it touched."""
    if sql.startswith("INSERT") and not is_sqlite():
        # Tortoise reads the wrong number out of PostgreSQL's "INSERT 0 1".
        return len(await rows(sql + " RETURNING 1", **values))
    connection = get_connection("default")
    dialect = connection.capabilities.dialect
    text, names = _translated(sql, dialect)
    given = [_value(values[name], dialect) for name in names]
    count, _ = await connection.execute_query(text, given)
    return count


async def changed_each(sql: str, each: Sequence[Mapping[str, object]], /) -> None:
    """Run an INSERT or UPDATE once for each set of values, in one round trip.

    For use inside a unit of work. No `ON CONFLICT DO NOTHING`: nobody would hear
    how many rows were written.
    """
    connection = get_connection("default")
    dialect = connection.capabilities.dialect
    text, names = _translated(sql, dialect)
    given = [[_value(values[name], dialect) for name in names] for values in each]
    await connection.execute_many(text, given)


def is_sqlite() -> bool:
    return bool(get_connection("default").capabilities.dialect == "sqlite")


def moment(value: datetime | str) -> datetime:
    """Read a time from a row: SQLite hands back text, PostgreSQL a datetime."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.astimezone(UTC)


@cache
def _translated(sql: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    if dialect == "sqlite":
        names = _MARK.findall(sql)
        return _MARK.sub("?", sql), tuple(names)

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return _MARK.sub(number, sql), tuple(names)


def _value(value: object, dialect: str) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if dialect == "sqlite":
        if isinstance(value, UUID):
            return str(value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(" ")
    return value
