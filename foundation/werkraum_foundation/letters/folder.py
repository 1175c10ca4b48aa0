"""Letters as files, one each, while no mail server is named."""

import os
import re
from collections.abc import Collection
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
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


def burn(folder: Path, addresses: Collection[str]) -> None:
    """Delete the letters that hold one of these addresses, as whoever got them read."""
    wanted = [it.casefold() for it in addresses if it]
    for path in folder.glob("*.eml") if wanted else ():
        try:
            said = _readable(path.read_bytes()).casefold()
        except FileNotFoundError:
            # Another process was quicker.
            continue
        if any(it in said for it in wanted):
            path.unlink(missing_ok=True)


def _readable(message: bytes) -> str:
    letter = message_from_bytes(message, _class=EmailMessage, policy=default)
    texts = [it for it in letter.walk() if it.get_content_maintype() == "text"]
    return "\n".join([*map(str, letter.values()), *(it.get_content() for it in texts)])
