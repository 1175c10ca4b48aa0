"""Letters as files, one each, while no mail server is named."""

import os
import re
from pathlib import Path

from werkraum_foundation import clock


def put_down(folder: Path, message_id: str, message: bytes) -> None:
    """Write `<time>-<id>.eml`, whole or not at all; once for each Message-ID.

    Sorted by name the files are in the order of sending. Only the owner of the
    folder reads them: they hold names and personal links.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = re.sub("[^A-Za-z0-9.-]", "_", message_id.strip("<>").partition("@")[0])
    if any(folder.glob(f"*-{name}.eml")):
        return
    part = folder / f".{name}.part"
    with part.open("wb") as out:
        out.write(message)
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / f"{clock.now():%Y%m%dT%H%M%S%fZ}-{name}.eml")
