"""SQLite serves one process: the lock that keeps a second one out.

SQLite before 3.51.3 can lose committed data when several connections use one
WAL file, and a reader's last close may truncate what a writer just wrote.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path

from werkraum_foundation.settings import settings
from werkraum_server.cannot import Cannot


@dataclass(frozen=True)
class Holder:
    """Who uses the database, and where it listens if it serves."""

    pid: int
    command: str
    host: str | None = None
    port: int | None = None


class DatabaseInUse(Cannot):
    """Another process has the SQLite file."""

    def __init__(self, holder: Holder | None, way: str) -> None:
        who = f"`werkraum {holder.command}` (process {holder.pid})" if holder else ""
        super().__init__(
            f"The database {settings().sqlite_path} is in use"
            f" by {who or 'another process'}, and SQLite serves one process only. {way}"
        )
        self.holder = holder


class Lock:
    """The lock file while we hold it; it says who we are."""

    def __init__(self, file: TextIOWrapper | None) -> None:
        self._file = file

    def say(self, holder: Holder) -> None:
        """Write down who holds the lock; nothing where there is no file."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(json.dumps(asdict(holder)))
            self._file.flush()


STOP_IT_FIRST = "Stop it first."


@contextmanager
def only_process(command: str, way: str = STOP_IT_FIRST) -> Iterator[Lock]:
    """Hold the SQLite file alone, or raise `DatabaseInUse`; PostgreSQL takes many.

    `way` is the sentence that says what works instead. The kernel frees the lock
    when the process ends, however it ends.
    """
    if not settings().sqlite:
        yield Lock(None)
        return
    path = lock_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as trouble:
        raise Cannot(
            f"The folder {path.parent} cannot be written: {trouble.strerror}."
        ) from trouble
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as trouble:
            raise DatabaseInUse(_read(file), way) from trouble
        lock = Lock(file)
        lock.say(Holder(os.getpid(), command))
        yield lock


def lock_path() -> Path:
    """Name the lock file: `werkraum.lock` beside `werkraum.sqlite3`."""
    return settings().sqlite_path.with_suffix(".lock")


def _read(file: TextIOWrapper) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        # It has the lock and has not said yet who it is.
        return None
