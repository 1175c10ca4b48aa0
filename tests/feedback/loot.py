"""What somebody finds who takes the database away, and what people had said."""

import random

from tests.conftest import ON_POSTGRES

from werkraum_foundation.database import is_sqlite
from werkraum_foundation.settings import settings

PEOPLE, ROUNDS = 30, 20
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def texts(number: int) -> list[str]:
    """Write a text for each person: no two equal, no two of one length."""
    chance = random.Random(number)
    lengths = chance.sample(range(12, 300), PEOPLE)
    return ["".join(chance.choices(LETTERS, k=length)) for length in lengths]


def place_of(table: str) -> str:
    """Name the place of a row, as a column."""
    return f"{table}.{'rowid' if is_sqlite() else 'ctid'}"


def version_of(table: str) -> str:
    """Name the transaction that wrote a row, where the database knows."""
    return "0" if is_sqlite() else f"{table}.xmin::text::bigint"


def bytes_of_files() -> bytes:
    """Read the database's files with the log beside them; of SQLite only."""
    if ON_POSTGRES:
        return b""
    files = sorted(settings().sqlite_path.parent.glob("werkraum.sqlite3*"))
    return b"".join(it.read_bytes() for it in files)
