"""When a room server called us last, and with what: the self-test shows it."""

from collections.abc import Mapping
from datetime import datetime

from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.models import ServerCall
from werkraum_rooms.rules import MINUTE


async def note(
    server: str, kind: str, status: int, showed: Mapping[str, object], *, now: datetime
) -> None:
    """Note a call and what we answered, instead of the one before.

    Once a minute at most while we answer the same: each who comes or leaves is told to
    us, and all of it would write to one row. `showed` is what tells of the settings
    over there: no room, no name, no token.
    """
    last = await ServerCall.get_or_none(server=server, kind=kind)
    if last is None or last.status != status or now - last.at > MINUTE:
        await _write(server, kind, status, showed, now=now)


@unit_of_work
async def _write(
    server: str, kind: str, status: int, showed: Mapping[str, object], *, now: datetime
) -> None:
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
