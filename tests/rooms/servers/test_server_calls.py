"""Of the calls of room servers the last one is known, to the minute."""

from datetime import datetime, timedelta

from tests.events.statements import counted

from werkraum_rooms.models import ServerCall
from werkraum_rooms.servers import server_calls

MINUTE = timedelta(minutes=1)


async def noted(server: str = "jitsi", kind: str = "event") -> datetime:
    return (await ServerCall.get(server=server, kind=kind)).at


async def test_who_calls_all_the_time_is_written_down_once_a_minute(
    database: str, now: datetime
) -> None:
    await server_calls.note("jitsi", "event", 200, {}, now=now)

    with counted() as statements:
        await server_calls.note("jitsi", "event", 200, {}, now=now + MINUTE)
    assert [it for it in statements if not it.startswith("SELECT")] == []
    assert await noted() == now

    later = now + MINUTE + timedelta(seconds=1)
    await server_calls.note("jitsi", "event", 200, {}, now=later)
    assert await noted() == later


async def test_another_answer_server_or_kind_is_written_down_at_once(
    database: str, now: datetime
) -> None:
    await server_calls.note("jitsi", "event", 200, {}, now=now)

    await server_calls.note("jitsi", "event", 202, {}, now=now + MINUTE / 2)
    await server_calls.note("second", "event", 200, {}, now=now)
    await server_calls.note("jitsi", "reservation", 200, {}, now=now)

    assert await noted() == now + MINUTE / 2
    assert await noted("second") == await noted(kind="reservation") == now
