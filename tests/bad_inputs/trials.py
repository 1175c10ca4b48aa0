"""Sending what is bad, and what must hold of every answer."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import httpx
from tests.bad_inputs.snapshot import Snapshot, differences, snapshot, writes
from tests.bad_inputs.tally import TALLY
from tests.conftest import ON_POSTGRES

from werkraum_server import logs

LANGUAGES = "de", "en"
# Words do not depend on the engine: on PostgreSQL each row is sent in one language.
SPOKEN = LANGUAGES[:1] if ON_POSTGRES else LANGUAGES
# Shorter values stand in any log by chance.
TELLING = 5


class Journal(logs.JsonLine):
    """What this process logs: the line of each request, and all records."""

    def __init__(self) -> None:
        super().__init__()
        self.text = StringIO()

    def taken(self) -> str:
        """Take out what was logged since the last time."""
        logs.requests.flush()
        said = self.text.getvalue()
        self.text.seek(0)
        self.text.truncate()
        return said


@contextmanager
def journal() -> Iterator[Journal]:
    """Keep what is logged within the block."""
    kept = Journal()
    handler = logging.StreamHandler(kept.text)
    handler.setFormatter(kept)
    root = logging.getLogger()
    root.addHandler(handler)
    for name, level in logs.QUIET.items():
        logging.getLogger(name).setLevel(level)
    logs.requests.open(kept.text)
    try:
        yield kept
    finally:
        logs.requests.close()
        root.removeHandler(handler)


@dataclass
class Trial:
    """Sends bad inputs one after the other and gathers what went wrong.

    All are sent before anything is asserted: one database holds them all, since
    none of them may change it.
    """

    client: httpx.AsyncClient
    kept: Journal
    before: Snapshot = field(default_factory=dict)
    written: int = 0
    wrong: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Remember how the database is before the first input."""
        self.before, self.written = await snapshot(), await writes()

    async def send(
        self,
        case: str,
        method: str,
        path: str,
        value: str = "",
        **request: Any,  # Any: as httpx takes them
    ) -> httpx.Response:
        """Send one request; `value` is what no log may repeat."""
        self.kept.taken()
        started = time.perf_counter()
        answer = await self.client.request(method, path, **request)
        TALLY.add(time.perf_counter() - started, case)
        if answer.status_code >= 500:
            self.fail(case, f"status {answer.status_code}")
        self._look_into_the_log(case, answer, value)
        return answer

    async def nothing_changed(self, case: str) -> None:
        """Compare the database with how it was; the next case begins from here."""
        before, self.written = self.written, await writes()
        if before == self.written:
            return
        after = await snapshot()
        if changed := differences(self.before, after):
            self.fail(case, f"changed {changed}")
            self.before = after

    def fail(self, case: str, what: str) -> None:
        self.wrong.append(f"{case}: {what}")

    def expect(self, right: bool, case: str, what: str) -> None:
        if not right:
            self.fail(case, what)

    def end(self) -> None:
        """Say everything that went wrong."""
        assert not self.wrong, "\n" + "\n".join(self.wrong)

    def _look_into_the_log(self, case: str, answer: httpx.Response, value: str) -> None:
        said = self.kept.taken()
        number = answer.headers["x-request-id"]
        lines = [line for line in said.splitlines() if number in line]
        self.expect(len(lines) == 1, case, f"{len(lines)} lines in the log")
        spellings = {value, json.dumps(value)[1:-1], value.strip()}
        told = any(len(one) >= TELLING and one in said for one in spellings)
        self.expect(not told, case, "the log repeats what was typed")
