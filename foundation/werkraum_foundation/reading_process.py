"""Reading what a stranger sent in a process of its own, which may fail alone."""

import asyncio
import json
import sys
from typing import Any

LONGEST_ANSWER = 64 * 1024  # bytes


def bound_this_process(*, memory: int, seconds: int) -> None:
    """Let this process have so many bytes and seconds, and write no file."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# Any: JSON.
async def answer_of(
    module: str, raw: bytes, *, patience: float
) -> dict[str, Any] | None:
    """Give bytes to `python -m module` and read its one JSON object.

    None where it was killed by its bounds, or broke. Raises TimeoutError where it has
    not ended within `patience`: its bounds are seconds of its own work, so the machine
    had no time for it.
    """
    # Isolated, and without our environment: the secret stands in it.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-X", "utf8", "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(patience):
            said, _ = await process.communicate(raw)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return _read(said)


def _read(said: bytes) -> dict[str, Any] | None:
    if len(said) > LONGEST_ANSWER:
        return None
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
