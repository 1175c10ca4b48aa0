"""When a room server called us last, and with what: the self-test shows it."""

from collections.abc import Mapping
from datetime import datetime

from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7


@unit_of_work
async def note(
    server: str, kind: str, status: int, showed: Mapping[str, object], *, now: datetime
) -> None:
    """Note a call and what we answered, instead of the one before.

    `showed` is what tells of the settings over there: no room, no name, no token.
    """
    await changed(
        "INSERT INTO server_call (id, server, kind, at, status, showed)"
        " VALUES (:id, :server, :kind, :now, :status, :showed)"
        " ON CONFLICT (server, kind) DO UPDATE SET at = :now, status = :status,"
        " showed = :showed",
        id=uuid7(),
        server=server,
        kind=kind,
        now=now,
        status=status,
        showed=dict(showed),
    )
