"""Logs: one JSON object a line on stderr, with the request's id, naming nobody."""

import asyncio
import atexit
import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

# Set by the edge for each request; tasks started from it inherit it.
current_request: ContextVar[str | None] = ContextVar("current_request", default=None)

# The words of other exceptions may repeat what a person typed: a unique index
# that is hit names the address, a parser the text. These speak of code, files
# and connections only.
SPEAKING = frozenset(
    (
        "AssertionError AttributeError ConnectionRefusedError ConnectionResetError"
        " FileNotFoundError ImportError ModuleNotFoundError NameError"
        " NotImplementedError OperationalError OSError PermissionError RuntimeError"
        " TemplateNotFound TemplateSyntaxError TypeError UndefinedError"
    ).split()
)
LONGEST = 300  # characters of an exception's words
FRAMES = 30

# What a record has anyway; everything else was given as `extra`.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

QUIET = {
    "uvicorn": logging.WARNING,
    "uvicorn.access": logging.CRITICAL,
    "arq": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "tortoise": logging.WARNING,
    "asyncio": logging.WARNING,
    # They repeat the addresses of rooms, with tokens and signatures in them.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    # Its warnings repeat bytes of the body.
    "python_multipart": logging.CRITICAL,
}


def configure() -> None:
    """Send everything that is logged in this process to stderr, as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    requests.open(sys.stderr)
    atexit.register(requests.flush)


class RequestLog:
    """Writes a line for each request, those of a tenth of a second at once.

    Past the machinery of `logging`, which costs as much as answering a request.
    Of a process that is killed the last lines are missing. Silent until opened.
    """

    PAUSE = 0.1  # seconds

    def __init__(self) -> None:
        self._stream: TextIO | None = None
        self._lines: list[str] = []

    def open(self, stream: TextIO) -> None:
        self._stream = stream

    def close(self) -> None:
        """Write no more lines."""
        self.flush()
        self._stream = None

    def add(self, line: str) -> None:
        """Take a line of JSON; it is written soon, within a running loop."""
        if self._stream is None:
            return
        self._lines.append(line)
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(self.PAUSE, self.flush)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines and self._stream:
            # With nobody left to read the log there is nobody to tell either.
            with suppress(OSError, ValueError):
                self._stream.write("\n".join(lines) + "\n")
                self._stream.flush()


# That of this process, opened by `configure`.
requests = RequestLog()


class JsonLine(logging.Formatter):
    """Writes a record as one line: its message, what came as `extra`, the error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_said(record),
        }
        if request := current_request.get():
            line.setdefault("id", request)
        if record.exc_info and record.exc_info[1]:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _said(record: logging.LogRecord) -> Mapping[str, object]:
    extra = {
        name.rstrip("_"): value
        for name, value in vars(record).items()
        if name not in _USUAL
    }
    return {"event": record.getMessage(), **extra}


# Any: an exception and its trace go into JSON.
def described(error: BaseException) -> dict[str, Any]:
    """Tell what went wrong and where, the causes too, in words that name nobody."""
    found: dict[str, Any] = {
        "type": _name(error),
        "where": [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
        ],
    }
    if type(error).__name__ in SPEAKING:
        found["words"] = str(error)[:LONGEST]
    cause = error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )
    if cause is not None:
        found["cause"] = described(cause)
    if isinstance(error, BaseExceptionGroup):
        found["several"] = [described(each) for each in error.exceptions[:5]]
    return found


def _name(error: BaseException) -> str:
    kind = type(error)
    home = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return home + kind.__qualname__
