"""A Radicale of a test's own: a CalDAV server that keeps what it is given."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from tests.ports import free_port
from tests.redis_server import answers, until

CALENDAR = "/anna/programme/"
MAKE = b"""<?xml version="1.0"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"/>"""
CONFIGURATION = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""


@contextlib.contextmanager
def radicale(folder: Path) -> Iterator[httpx.Client]:
    """Serve Anna's empty calendar; the client's addresses begin in it.

    `folder` is best in memory: Radicale waits for the disk at every entry.
    """
    port, file = free_port(), folder / "radicale.ini"
    file.write_text(CONFIGURATION.format(port=port, folder=folder))
    command = [sys.executable, "-m", "radicale", "--config", str(file)]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, (folder / "log").read_text()
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}{CALENDAR}", auth=("anna", "")
        ) as client:
            client.request("MKCALENDAR", "", content=MAKE).raise_for_status()
            yield client
    finally:
        process.terminate()
        process.wait()
