"""Having a report written as PDF or DOCX, beside the loop and within a time."""

import asyncio
import json
import sys
from dataclasses import asdict

from werkraum_feedback.report.report_document import Document
from werkraum_feedback.report.report_writing import SECONDS, is_installed
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused

# Seconds on the clock, for a machine with much else to do.
PATIENCE = 2 * SECONDS
# Others wait: each takes a processor and 150 MB.
AT_ONCE = 2
WRITING = "werkraum_feedback.report.report_writing"
_places = asyncio.Semaphore(AT_ONCE)


class CannotWrite(Refused):
    """The extra `report` is not installed."""

    status = 501
    code = "report_extra_missing"

    def message(self) -> str:
        return gettext(
            "This installation writes no DOCX and no PDF. Whoever looks after it can "
            "add that: pip install 'werkraum[report]'."
        )


class WritingFailed(Refused):
    status = 503
    code = "report_not_written"

    def message(self) -> str:
        return gettext(
            "The file could not be written. Please take the report as HTML or "
            "Markdown, and tell whoever looks after this installation."
        )


async def written(document: Document, suffix: str) -> bytes:
    """Write a file; raises `CannotWrite` and `WritingFailed`."""
    if not is_installed(suffix):
        raise CannotWrite
    async with _places:
        # Isolated, and without our environment: the secret stands in it.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-X", "utf8", "-m", WRITING, suffix),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
        try:
            async with asyncio.timeout(PATIENCE):
                told = json.dumps(asdict(document), ensure_ascii=False).encode()
                made, _ = await process.communicate(told)
        except TimeoutError:
            raise WritingFailed from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode or not made:
        raise WritingFailed
    return made
