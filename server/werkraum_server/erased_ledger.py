"""Who was erased, kept outside the database: a restored backup brings nobody back.

A file in the data folder, one line for each registration: a keyed hash of its id,
which tells nobody anything and is found again only with our secret.
"""

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from werkraum_foundation.database import rows
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash
from werkraum_server import reactions, whole_erasure

NAME = "erased"
PURPOSE = "erased"


def ledger() -> Path:
    return settings().data_dir / NAME


def note(registration_id: UUID) -> None:
    """Write down that somebody wants to be erased; before it is done.

    Whoever is noted and not erased, because the program ended just then, has
    pressed the button all the same. The second time does no harm.
    """
    handle = os.open(ledger(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{_line(registration_id)}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


async def apply(now: datetime) -> int:
    """Erase again whom a backup has brought back; says how many."""
    if not ledger().exists():
        return 0
    # Seats that become free are offered to others: their letters wait in the outbox.
    reactions.registered()
    noted = frozenset(ledger().read_text("ascii").split())
    there = await rows("SELECT id FROM registration WHERE email <> '' ORDER BY id")
    back = [it for row in there if _line(it := UUID(str(row["id"]))) in noted]
    for registration_id in back:
        await whole_erasure.erase(registration_id, now=now, farewell=False)
    return len(back)


def _line(registration_id: UUID) -> str:
    return keyed_hash(PURPOSE, str(registration_id))
