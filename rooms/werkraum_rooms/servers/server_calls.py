"""When a room server called us last, and with what: the self-test shows it."""

from collections.abc import Mapping
from datetime import datetime

from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.models import ServerCall
from werkraum_rooms.rules import MINUTE
from werkraum_rooms.servers.providers import Finding

# Stands for whoever calls with a token that is none of ours.
NOBODY = ""


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


async def last_call(server: str, kind: str, check: str, *, never: str) -> Finding:
    """Say when this server called us last; `never` is the code where it has not.

    Where somebody has come since with a token that is none of ours, that is said: it
    may have been this server. Nobody can tell, so it is no trouble of its own.
    """
    calls = await ServerCall.filter(server__in=(server, NOBODY), kind=kind)
    if not calls:
        return Finding(check, None, never)
    last = max(calls, key=lambda call: call.at)
    values = {"at": last.at.isoformat()}
    if last.server == NOBODY:
        return Finding(check, None, "other_token", values)
    if agent := str(last.showed.get("agent", "")):
        # What is at the other end tells which plugins there can be.
        return Finding(check, True, "by", {**values, "agent": agent})
    return Finding(check, True, values=values)


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
