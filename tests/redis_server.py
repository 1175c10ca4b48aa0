"""A Redis server of a test's own, which it may flush and kill."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

from tests.conftest import unavailable

PATIENCE = 90.0  # seconds; the machine may be busy


@contextlib.contextmanager
def redis_server(port: int) -> Iterator[None]:
    """Run Redis at this port for the block; it is killed at the end."""
    program = shutil.which("redis-server")
    if program is None:
        unavailable("redis-server")
    options = ["--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        [str(program), *options], stdout=subprocess.DEVNULL, cwd="/"
    )
    try:
        until(lambda: answers(port))
        yield
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def until(so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)
