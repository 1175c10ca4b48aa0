"""Reading a stranger's table in a process of its own, which may fail alone."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

from werkraum_foundation.language import gettext, noop
from werkraum_foundation.refusals import Refused, TooLarge, UnsupportedBody
from werkraum_foundation.sheets import MOST_BYTES, MOST_ROWS, SECONDS, SheetRow

# Seconds on the clock, for a machine with much else to do.
PATIENCE = 3 * SECONDS
# A row of many long cells is one line of the answer.
LONGEST_LINE = 4 * 1024 * 1024
# Rows that are read before others have their turn.
AT_ONCE = 100

WHY = {
    "empty": noop("There is nothing in this file."),
    "no_table": noop(
        "This file is no table that we can read. Please save it as CSV or XLSX."
    ),
    "quotes": noop(
        "In line %(line)s a quotation mark begins that does not end. Please put it"
        " right and send the file again."
    ),
    "long_cell": noop("In line %(line)s a cell holds too much text."),
    "too_many_columns": noop("This file has too many columns."),
    "bomb": noop("This file is too large once it is unpacked."),
    "entities": noop(
        "This file was not written by a spreadsheet program. Please save it again."
    ),
    "external_links": noop(
        "This table takes values from other files. Please save it as CSV."
    ),
    "old_office": noop(
        "This is an old Excel file, or one with a password. Please save it as XLSX"
        " without a password, or as CSV."
    ),
    "encrypted": noop("This file has a password. Please save it without one."),
    "macros": noop(
        "There are macros in this file. Please save it as XLSX without macros, or as"
        " CSV."
    ),
}
# Another kind of file, rather than a table with something wrong in it.
OTHER_KINDS = frozenset({"old_office", "encrypted", "macros"})


class SheetUnreadable(Refused):
    """The file is no table we can read."""

    status = 422
    code = "unreadable_table"

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.line = line

    def message(self) -> str:
        return gettext(WHY.get(self.why, WHY["no_table"]), line=self.line)


class OtherKindOfFile(SheetUnreadable):
    status = UnsupportedBody.status
    code = UnsupportedBody.code


class SheetTooLarge(TooLarge):
    def message(self) -> str:
        return gettext(
            "A list may have 5 MB and %(rows)s rows. Please send it in parts.",
            rows=MOST_ROWS,
        )


async def rows_of(raw: bytes) -> AsyncIterator[list[SheetRow]]:
    """Read a table, some rows at a time; the first ones may come before a refusal.

    Raises `SheetUnreadable` (415 or 422) and `SheetTooLarge`.
    """
    if len(raw) > MOST_BYTES:
        raise SheetTooLarge
    # Isolated, and without our environment: the secret stands in it.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-X", "utf8", "-m", "werkraum_foundation.sheets"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        limit=LONGEST_LINE,
    )
    assert process.stdin and process.stdout
    feeding = asyncio.create_task(_feed(process.stdin, raw))
    try:
        async with asyncio.timeout(PATIENCE):
            async for batch in _batches(process.stdout):
                yield batch
    except TimeoutError:
        raise SheetUnreadable("bomb") from None
    finally:
        feeding.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _feed(stdin: asyncio.StreamWriter, raw: bytes) -> None:
    try:
        stdin.write(raw)
        await stdin.drain()
        stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        # It has ended before it read all: its answer says why, or is missing.
        pass


async def _batches(answer: asyncio.StreamReader) -> AsyncIterator[list[SheetRow]]:
    batch: list[SheetRow] = []
    while line := await answer.readline():
        said = json.loads(line)
        if isinstance(said, dict):
            _must_be_fine(said)
            if batch:
                yield batch
            return
        batch.append(SheetRow(said[0], tuple(said[1:])))
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
            await asyncio.sleep(0)
    # It was killed by its bounds, or broke: no line says that it was the last.
    raise SheetUnreadable("bomb")


def _must_be_fine(said: dict[str, object]) -> None:
    if not said:
        return
    why, line = str(said["code"]), int(str(said["line"]))
    if why == "too_many_rows":
        raise SheetTooLarge
    raise (OtherKindOfFile if why in OTHER_KINDS else SheetUnreadable)(why, line)
