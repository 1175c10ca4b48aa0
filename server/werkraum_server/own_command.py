"""A command asks the process that has the SQLite file: only it may read it.

`werkraum backup` gets a copy of the database from the serving process of this
machine and writes the backup from that, so the pages wait only for the copy.
"""

import hmac
import http.client
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from werkraum_foundation import clock
from werkraum_foundation.access import Access, route
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.entrances import KeyNeeded
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash
from werkraum_server.cannot import Cannot
from werkraum_server.one_process import Holder

PATH = "/desk/-/copy"
VALID = 60  # seconds
PATIENCE = 600  # seconds, for the copy of a large file
CHUNK = 256 * 1024  # bytes
# How the name of a folder for a copy begins.
OWN_FOLDER = ".copy-"


def signature(now: datetime) -> str:
    """Prove that we know the secret of this installation; good for a minute."""
    moment = str(int(now.timestamp()))
    return f"{moment}.{keyed_hash('own-command', moment)}"


def is_ours(signed: str, now: datetime) -> bool:
    moment, _, proof = signed.partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 15):
        return False
    right = hmac.compare_digest(
        proof.encode(), keyed_hash("own-command", moment).encode()
    )
    return right and abs(now.timestamp() - int(moment)) <= VALID


class OwnCommand(Access):
    """A command of this installation, which reads the same secret as we do."""

    for_programs = True

    async def admit(self, request: Request) -> None:
        kind, _, signed = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not is_ours(signed, clock.now()):
            raise KeyNeeded


async def send_copy(request: Request) -> Response:
    """Send a copy of the SQLite file as it is at this moment."""
    if not is_sqlite():
        raise NotFound
    with own_folder() as folder:
        copy = Path(folder) / "copy.sqlite3"
        await rows("VACUUM INTO :copy", copy=str(copy))
        file = copy.open("rb")
    # The name is gone: however the answer ends, nothing is left behind.
    return StreamingResponse(iter(partial(file.read, CHUNK), b""))


def own_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder that only we can read, for a block."""
    return tempfile.TemporaryDirectory(dir=settings().data_dir, prefix=OWN_FOLDER)


@contextmanager
def copy_from(holder: Holder) -> Iterator[str]:
    """Fetch a copy from the serving process; the address of a database of our own.

    Raises `Cannot` where the process does not answer as it should.
    """
    with tempfile.TemporaryDirectory(
        dir=settings().data_dir, prefix=".copy-"
    ) as folder:
        copy = Path(folder) / "copy.sqlite3"
        try:
            _fetch(holder, copy)
        except (OSError, http.client.HTTPException) as trouble:
            raise Cannot(
                f"The serving process ({holder.pid}) did not hand over a copy:"
                f" {trouble}. Its log may say more."
            ) from trouble
        yield f"sqlite://{quote(str(copy))}"


def _fetch(holder: Holder, copy: Path) -> None:
    asked = http.client.HTTPConnection(
        reachable(holder.host), holder.port, timeout=PATIENCE
    )
    headers = {
        "Host": settings().host,
        "Authorization": f"Bearer {signature(clock.now())}",
    }
    try:
        asked.request("POST", PATH, headers=headers)
        answer = asked.getresponse()
        if answer.status != 200:
            raise OSError(f"it answered {answer.status}")
        with copy.open("xb") as file:
            shutil.copyfileobj(answer, file)
    finally:
        asked.close()


def reachable(host: str | None) -> str:
    """Name the address under which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host or "", host or "127.0.0.1")


routes = [
    route(PATH, send_copy, access=OwnCommand(), name="commands:copy", methods=["POST"]),
]
