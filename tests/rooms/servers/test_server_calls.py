"""Of the calls of room servers the last one is known, to the minute."""

from datetime import datetime, timedelta

from tests.events.statements import counted

from werkraum_rooms.models import ServerCall
from werkraum_rooms.servers import server_calls
from werkraum_rooms.servers.providers import Finding
from werkraum_rooms.servers.server_calls import NOBODY, last_call

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


async def said_last() -> Finding:
    return await last_call("jitsi", "event", "events", never="never")


async def test_a_token_that_is_none_of_ours_is_told_until_the_server_calls(
    database: str, now: datetime
) -> None:
    assert await said_last() == Finding("events", None, "never")

    await server_calls.note(NOBODY, "event", 401, {}, now=now)
    at = {"at": now.isoformat()}
    assert await said_last() == Finding("events", None, "other_token", at)

    await server_calls.note("jitsi", "event", 200, {}, now=now + MINUTE)
    at = {"at": (now + MINUTE).isoformat()}
    assert await said_last() == Finding("events", True, values=at)


async def test_a_call_of_before_does_not_hide_a_token_that_is_none_of_ours(
    database: str, now: datetime
) -> None:
    await server_calls.note("jitsi", "event", 200, {}, now=now)
    await server_calls.note(NOBODY, "event", 401, {}, now=now + MINUTE)

    assert (await said_last()).why == "other_token"
