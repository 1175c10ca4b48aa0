"""A log line is JSON, says which request it belongs to, and names nobody."""

import asyncio
import json
import logging
import sys
from io import StringIO
from typing import Any

from tests.rooms.bare_http import Asked, Said, served

from werkraum_server.logs import JsonLine, RequestLog, current_request


def written(message: str, error: BaseException | None = None, **extra: object) -> Any:
    """The line of a record, read back: JSON has the type it has."""
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.makeLogRecord(
        {"name": "werkraum.test", "msg": message, "exc_info": found, **extra}
    )
    line = JsonLine().format(record)
    assert "\n" not in line
    return json.loads(line)


def caught(error: Exception) -> BaseException:
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("no seat") from cause
    except RuntimeError:
        found = sys.exc_info()[1]
        assert found
        return found


class Screen(StringIO):
    """A stream that counts how often it was written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


async def test_request_lines_of_a_moment_are_written_at_once() -> None:
    log, screen = RequestLog(), Screen()
    log.open(screen)
    log.add("one")
    log.add("two")
    await asyncio.sleep(2 * RequestLog.PAUSE)
    assert (screen.getvalue(), screen.writes) == ("one\ntwo\n", 1)


async def test_the_last_request_lines_are_written_at_the_end() -> None:
    log, screen = RequestLog(), Screen()
    log.open(screen)
    log.add("one")
    log.flush()
    assert screen.getvalue() == "one\n"


async def test_a_log_nobody_reads_any_more_stops_nothing() -> None:
    log, screen = RequestLog(), Screen()
    log.open(screen)
    screen.close()
    log.add("one")
    log.flush()


def test_what_is_logged_during_a_request_bears_its_id() -> None:
    token = current_request.set("c0ffee")
    line = written("unhandled")
    current_request.reset(token)
    assert line["id"] == "c0ffee"


def test_a_traceback_is_one_line_and_says_where() -> None:
    line = written("unhandled", caught(TypeError("unsupported operand")))
    assert line["error"]["words"] == "no seat"
    assert line["error"]["cause"]["words"] == "unsupported operand"
    assert "test_logs.py" in line["error"]["where"][0]


def test_words_that_may_repeat_an_address_are_left_out() -> None:
    error = caught(ValueError("Key (email_key)=(anna@example.org) already exists"))
    line = written("job failed", error)
    assert "anna" not in json.dumps(line)
    assert line["error"]["cause"]["type"] == "ValueError"


def test_what_a_line_is_about_stands_beside_it() -> None:
    line = written("job failed", job="17", name_="letter:sign_in")
    assert (line["job"], line["name"]) == ("17", "letter:sign_in")


CALL = """
import asyncio, logging, sys
from werkraum_rooms.servers.provider_calls import ProviderCalls
from werkraum_server.logs import configure
configure()
logging.getLogger("werkraum.rooms").warning("begun")
asyncio.run(ProviderCalls(sys.argv[1]).get("/a-room?token=hush", tries=1))
"""


async def test_no_address_of_a_room_server_stands_in_the_log() -> None:
    async def answer(asked: Asked) -> Said:
        return Said(200, b"fine")

    async with served(answer) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CALL, url, stderr=asyncio.subprocess.PIPE
        )
        _, log = await process.communicate()

    assert process.returncode == 0
    assert b"begun" in log
    assert b"a-room" not in log
    assert b"hush" not in log
